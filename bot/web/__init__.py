"""A page that anyone can open, and the server on which other programs ask: the values of `bot.messages` over HTTP."""
