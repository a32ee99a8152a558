"""The openings: departments, places, and the roles that people apply for."""
