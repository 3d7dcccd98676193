"""People in, replies out: Telegram, the terminal, the command line."""
