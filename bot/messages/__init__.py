"""What is said to people, apart from how it is sent."""
