# Account and sign-in
account-title = My applications
account-empty = You have not started an application yet.
account-empty-start = To the life event birth
account-drafts = Started
account-continue = Continue: { $event }
account-draft-until = Saved until { $until }
account-sent = Sent
account-sent-at = Sent: { $time }
status-title = State of your application: { $event }
status-as-of = As of { $time }.
