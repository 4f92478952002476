# Seiten für Behörden
inbox-title = Posteingang
inbox-filter-button = Filtern
inbox-table = Vorgänge
inbox-reference = Vorgangsnummer
inbox-state = Stand
inbox-pages = Seiten
inbox-page = Seite { $number }
case-title = Vorgang { $reference }
case-back = Zum Posteingang
case-received = Eingegangen
case-not-readable = Diese Einreichung ist nicht lesbar
case-facts = Angaben
case-history = Verlauf
case-decide = Entscheidung über die Annahme
case-decide-hint = Angenommen heißt: Die Einreichung ist angekommen und lesbar. Über den Anspruch entscheiden Sie danach.
case-accept = Einreichung annehmen
case-reject-title = Einreichung zurückweisen
case-reject-hint = Zurückweisen dürfen Sie nur, wenn die Einreichung nicht bearbeitet werden kann, zum Beispiel bei falscher Zuständigkeit.
case-reason = Begründung für die antragstellenden Personen
case-reason-hint = In ganzen Sätzen: Was ist der Grund, was können die Eltern tun?
case-reject = Zurückweisen
case-reason-missing = Schreiben Sie eine Begründung mit mindestens { $least } Zeichen
case-reason-too-long = Kürzen Sie die Begründung auf { $most } Zeichen
case-already-decided = Über diese Einreichung ist schon entschieden
staff-sign-in-title = Anmelden für Behörden
staff-sign-in-why = Hier melden sich Beschäftigte der Behörden an. Sie sehen nur Vorgänge Ihrer eigenen Behörde.
staff-sign-in-simulated-text = Sie wählen eine erfundene Person aus einer Behörde aus.
staff-sign-in-text = Sie melden sich mit dem Konto Ihrer Behörde an.
staff-sign-in-button = Mit Behördenkonto anmelden
staff-sign-in-account = Behördenkonto
inbox-count = { $count ->
    [one] Ein Vorgang
   *[other] { $count } Vorgänge
}
inbox-submitted = Abgeschickt
case-cut = Der Rest ist zu lang für diese Seite.
case-attachments = Anlagen
case-decision = Entscheidung
case-confirmed = Vom Zustelldienst bestätigt: { $time }
case-reason-given = Begründung:
case-to-decision = Zur Entscheidung über die Annahme
