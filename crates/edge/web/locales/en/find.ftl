# Search and find
start-title = Say it once, apply for everything
start-heading = Say it only once
start-intro = Find the right service and the responsible authority. Make several applications in one.
start-life-events = Life events
start-how = How it works
start-how-plan = You see the whole plan first: which benefit, which authority, which deadline.
start-how-answer = You answer every question only once, even when several authorities need the answer.
start-how-send = You check who receives which data and send the application once.
start-how-status = For each authority you see whether your application has arrived and how it stands.
search-title = Search
search-heading = Search for a service
search-heading-for = Search: { $query }
search-label = What are you looking for?
search-hint = For example: baby bekommen, Kindergeld, Geburtsurkunde
search-button = Search
search-empty-query = Enter what it is about. One word is enough.
search-nothing = We found nothing for this.
search-nothing-spelling = Check the spelling.
search-nothing-words = Try another or a shorter word. Most services are described in German.
search-nothing-office = Or ask your town or municipality. The number of the public service line is 115.
search-count = { $count ->
    [one] One result
   *[other] { $count } results
}
result-life-event = Life event
result-service = Service
online-yes = Available online
online-yes-here = Available online at your place
online-no = Not online
online-no-here = Not online at your place
online-paused = Online application paused
place-line = Your place: { $place }.
place-none = You have not chosen a place yet.
place-choose = Choose a place
place-change = Change place
place-title = Choose a place
place-heading = Which place are you searching for?
place-hint = Postcode or name, for example 27568 or Bremerhaven
place-missing = Enter a postcode or the name of a place
place-not-found = We do not know this place. Enter the postcode or the name of the municipality.
place-ambiguous = Choose which place you mean
place-remove = Remove place
place-stored = Only your browser remembers the place. You can remove it at any time.
