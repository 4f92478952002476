# Suchen und finden
start-title = Einmal sagen, alles beantragen
start-heading = Sagen Sie es nur einmal
start-intro = Finden Sie die richtige Leistung und die zuständige Behörde. Stellen Sie mehrere Anträge in einem.
start-life-events = Lebenslagen
start-how = So funktioniert es
start-how-plan = Sie sehen zuerst den ganzen Plan: welche Leistung, welche Behörde, welche Frist.
start-how-answer = Sie beantworten jede Frage nur einmal, auch wenn mehrere Behörden die Antwort brauchen.
start-how-send = Sie prüfen, wer welche Angaben bekommt, und schicken den Antrag einmal ab.
start-how-status = Sie sehen für jede Behörde, ob Ihr Antrag angekommen ist und wie er steht.
search-title = Suche
search-heading = Leistung suchen
search-heading-for = Suche: { $query }
search-label = Wonach suchen Sie?
search-hint = Zum Beispiel: baby bekommen, Kindergeld, Geburtsurkunde
search-button = Suchen
search-empty-query = Geben Sie ein, worum es geht. Ein Wort genügt.
search-nothing = Dazu haben wir nichts gefunden.
search-nothing-spelling = Prüfen Sie die Schreibweise.
search-nothing-words = Versuchen Sie es mit einem anderen oder kürzeren Wort.
search-nothing-office = Oder fragen Sie bei Ihrer Stadt oder Gemeinde nach. Die Behördennummer ist 115.
search-count = { $count ->
    [one] Ein Ergebnis
   *[other] { $count } Ergebnisse
}
result-life-event = Lebenslage
result-service = Leistung
online-yes = Online möglich
online-yes-here = An Ihrem Ort online möglich
online-no = Nicht online
online-no-here = An Ihrem Ort nicht online
online-paused = Online-Antrag pausiert
place-line = Ihr Ort: { $place }.
place-none = Sie haben noch keinen Ort gewählt.
place-choose = Ort wählen
place-change = Ort ändern
place-title = Ort wählen
place-heading = Für welchen Ort suchen Sie?
place-hint = Postleitzahl oder Name, zum Beispiel 27568 oder Bremerhaven
place-missing = Geben Sie eine Postleitzahl oder den Namen eines Ortes ein
place-not-found = Wir kennen diesen Ort nicht. Geben Sie die Postleitzahl oder den Namen der Gemeinde ein.
place-ambiguous = Wählen Sie aus, welchen Ort Sie meinen
place-remove = Ort entfernen
place-stored = Nur Ihr Browser merkt sich den Ort. Sie können ihn jederzeit entfernen.
