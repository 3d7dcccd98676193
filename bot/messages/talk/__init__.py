"""What is said where stories are asked for, articles counted and places compared."""
