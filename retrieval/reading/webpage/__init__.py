"""What a web page says: its article's paragraphs, title, date, byline and source."""
