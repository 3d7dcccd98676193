"""What goes on: a figure over time."""
