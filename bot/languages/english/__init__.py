"""English. Places, titles and evidence stay in the articles' own words."""
