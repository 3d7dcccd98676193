"""Pages coming in: uploads, watched folders, feeds, the process that reads them."""
