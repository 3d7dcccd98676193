"""What an operator does: backup, restore, examine, move to PostgreSQL."""
