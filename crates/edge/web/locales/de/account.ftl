# Konto und Anmeldung
account-title = Meine Anträge
account-empty = Sie haben noch keinen Antrag begonnen.
account-empty-start = Zur Lebenslage Geburt
account-drafts = Begonnen
account-continue = Weitermachen: { $event }
account-draft-until = Gespeichert bis { $until }
account-sent = Abgeschickt
account-sent-at = Abgeschickt: { $time }
status-title = Stand Ihres Antrags: { $event }
status-as-of = Stand: { $time }.
