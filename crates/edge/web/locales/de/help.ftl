# Hilfe und Pflichtseiten
help-title = Hilfe
accessibility-title = Erklärung zur Barrierefreiheit
privacy-title = Datenschutz
imprint-title = Impressum
imprint-not-official = Einmal ist ein Demonstrator. Diese Website gehört zu keiner Behörde.
imprint-email = E-Mail:
imprint-works = Diese Website enthält Werke anderer:
easy-german-only = Dieser Text liegt nur auf Deutsch vor.
easy-title = Leichte Sprache
