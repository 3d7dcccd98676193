"""Attacks on a running bot and its web server; `__main__.py` says how to carry them out."""
