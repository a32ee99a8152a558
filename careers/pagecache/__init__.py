"""The generation of the site's pages: one number that moves whenever a page changes."""
