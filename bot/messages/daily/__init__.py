"""A chat's digest: its stretch of time, its stories as messages, and how it is written and paged through."""
