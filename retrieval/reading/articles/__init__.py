"""From a page's lines to articles."""
