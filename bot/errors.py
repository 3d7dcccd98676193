"""What can go wrong on the bot's side.

BotError          settings, arguments or Telegram itself; the message says what, where and what to do
"""


class BotError(Exception):
    """A command could not do its work."""
