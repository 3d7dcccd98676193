"""The bot as a fleet of which some are killed; `__main__.py` says how to run it."""
