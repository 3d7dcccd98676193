"""Page formats, a module each."""
