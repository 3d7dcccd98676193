"""Calls to the Bot API: connections, pace, sending."""
