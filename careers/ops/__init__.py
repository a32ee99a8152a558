"""The work of an operator: backup and restore, serving the site, and the scheduled tasks."""
