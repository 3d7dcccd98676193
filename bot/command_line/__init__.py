"""The yunwen command."""
