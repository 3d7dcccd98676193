"""What changes: a figure over time, and how many articles there are."""
