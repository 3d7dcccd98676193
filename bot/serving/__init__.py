"""One server for whatever the bot serves: pages, the interface for programs, the webhook, health and metrics."""
