"""Both sides of search."""
