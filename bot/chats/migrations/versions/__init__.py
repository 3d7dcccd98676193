"""Numbered changes of the bot's tables."""
