"""Developer tools: message catalogs, and screenshots of every page."""
