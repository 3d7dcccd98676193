"""Newspapers' digital editions: found, read and joined, an issue at a time."""
