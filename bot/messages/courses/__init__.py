"""How something went on: a story's articles, a place's week and month, and the map beside it."""
