"""yunwen and its peers side by side; `__main__.py` says how to run them."""
