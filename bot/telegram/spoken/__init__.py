"""What people say in words where others press a button or type a command, and what they put right."""
