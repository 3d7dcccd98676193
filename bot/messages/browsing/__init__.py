"""Stories that were asked for: what is said of them, and how."""
