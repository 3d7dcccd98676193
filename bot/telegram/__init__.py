"""The Telegram bot: the only user of python-telegram-bot."""
