"""Operating the site: backup and restore, `serve`, the worker and its scheduled tasks."""
