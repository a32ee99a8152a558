"""Pages with content of several apps: home, working here, hiring, policies. Also health, robots, sitemap, error
pages, and the demo company."""
