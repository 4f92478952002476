# Help and statutory pages
help-title = Help
accessibility-title = Accessibility statement
privacy-title = Privacy
imprint-title = Legal notice
imprint-not-official = Einmal is a demonstrator. This website belongs to no authority.
imprint-email = E-mail:
imprint-works = This website contains works by others:
easy-german-only = This text exists in German only.
easy-title = Leichte Sprache (Easy German)
