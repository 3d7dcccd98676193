"""What goes on: a figure over time, a story, a place's week."""
