"""Titles of articles: stated ones, and those that are made of what an article says."""
