# Pages for authorities
inbox-title = Inbox
inbox-filter-button = Filter
inbox-table = Cases
inbox-reference = Reference number
inbox-state = State
inbox-pages = Pages
inbox-page = Page { $number }
case-title = Case { $reference }
case-back = To the inbox
case-received = Received
case-not-readable = This submission cannot be read
case-facts = Data
case-history = History
case-decide = Decide on acceptance
case-decide-hint = Accepted means: the submission has arrived and can be read. You decide on the entitlement afterwards.
case-accept = Accept submission
case-reject-title = Reject submission
case-reject-hint = You may reject only when the submission cannot be processed, for example when another office is responsible.
case-reason = Reason for the applicants
case-reason-hint = In full sentences: what is the reason, what can the parents do?
case-reject = Reject
case-reason-missing = Write a reason of at least { $least } characters
case-reason-too-long = Shorten the reason to { $most } characters
case-already-decided = This submission has already been decided
staff-sign-in-title = Sign in for authorities
staff-sign-in-why = Staff of the authorities sign in here. You see only cases of your own authority.
staff-sign-in-simulated-text = You choose an invented person of an authority.
staff-sign-in-text = You sign in with the account of your authority.
staff-sign-in-button = Sign in with the account of the authority
staff-sign-in-account = Account of the authority
inbox-count = { $count ->
    [one] One case
   *[other] { $count } cases
}
inbox-submitted = Sent
case-cut = The rest is too long for this page.
case-attachments = Attachments
case-decision = Decision
case-confirmed = Confirmed by the delivery service: { $time }
case-reason-given = Reason:
case-to-decision = To the decision on acceptance
