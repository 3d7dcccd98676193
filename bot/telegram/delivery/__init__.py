"""Digests and standing questions' answers going out."""
