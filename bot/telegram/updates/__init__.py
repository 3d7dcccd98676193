"""Updates coming in: received, stored, queued by chat, refused."""
