"""What is read over the network."""
