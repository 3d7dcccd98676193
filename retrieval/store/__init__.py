"""The truth, in SQL: articles, passages, vectors, regions, terms."""
