"""Tools of the people who work on the code: message catalogues, and pictures of every page."""
