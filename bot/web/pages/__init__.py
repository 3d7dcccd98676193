"""The pages that people read: HTML made on the server, readable without a script."""
