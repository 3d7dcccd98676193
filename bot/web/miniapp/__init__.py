"""The Mini App: a chat's subscriptions as a tree of places with check boxes, opened inside Telegram."""
