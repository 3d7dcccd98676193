"""Text: tokens, sentences, figures, dates, passages."""
