# Fehlerseiten und Fehler in Formularen
error-summary = { $count ->
    [one] Es gibt ein Problem
   *[other] Es gibt { $count } Probleme
}
error-next = Was Sie jetzt tun können
error-id = Kennung für die Hilfe: { $id }
error-safe-saved = Was Sie schon gespeichert haben, bleibt gespeichert.
error-safe-nothing-sent = Es wurde nichts abgeschickt und nichts geändert.
error-400-title = Wir konnten die Anfrage nicht lesen
error-400-what = Ihr Browser hat etwas geschickt, das wir nicht verstehen.
error-400-next = Gehen Sie eine Seite zurück und versuchen Sie es noch einmal.
error-403-title = Diese Seite ist nicht für Sie freigegeben
error-403-what = Sie sind angemeldet, aber diese Seite gehört nicht zu Ihren Aufgaben.
error-403-next = Melden Sie sich mit einem anderen Konto an oder gehen Sie zur Startseite.
error-404-title = Diese Seite gibt es nicht
error-404-what = Die Adresse stimmt nicht, die Seite wurde entfernt oder sie gehört zu einem anderen Konto.
error-404-next = Prüfen Sie die Adresse oder suchen Sie von der Startseite aus.
error-409-title = Ihr Antrag hat sich inzwischen geändert
error-409-what = Sie haben den Antrag in einem anderen Fenster oder auf einem anderen Gerät geändert. Die neuere Fassung gilt.
error-409-next = Öffnen Sie den Antrag aus Ihrem Konto und machen Sie dort weiter.
error-410-title = Diesen Entwurf gibt es nicht mehr
error-410-what = Der Entwurf ist abgelaufen.
error-410-safe = Wir haben Ihre Angaben gelöscht. Abgeschickte Anträge sind davon nicht betroffen.
error-410-next = Beginnen Sie den Antrag neu.
error-429-title = Zu viele Anfragen
error-429-what = Von Ihrem Anschluss kamen gerade sehr viele Anfragen.
error-429-next = Warten Sie eine Minute und versuchen Sie es noch einmal.
error-500-title = Hier ist etwas schiefgegangen
error-500-what = Der Fehler liegt bei uns, nicht bei Ihnen.
error-500-next = Versuchen Sie es in einigen Minuten noch einmal. Wenn es nicht klappt, nennen Sie der Hilfe die Kennung.
error-503-title = Das geht gerade nicht
error-503-what = Ein Teil des Systems antwortet nicht. Wir arbeiten daran.
error-503-next = Versuchen Sie es in einigen Minuten noch einmal.
error-stale-title = Das Formular ist nicht mehr gültig
error-stale-what = Ihre Sitzung ist abgelaufen, oder das Formular kam nicht von dieser Website.
error-stale-next = Melden Sie sich neu an und öffnen Sie die Seite noch einmal.
error-level-title = Dafür brauchen Sie den Online-Ausweis
error-level-what = Für diesen Schritt müssen wir sicher wissen, wer Sie sind. Ihre Anmeldung reicht dafür nicht aus.
error-level-next = Melden Sie sich mit dem Online-Ausweis an. Ohne Ausweis können Sie den Antrag auf Papier stellen.
