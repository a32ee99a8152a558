"""Applications in the admin: the list, the review page, and the actions of recruiters."""

from .application import ApplicationAdmin

__all__ = ["ApplicationAdmin"]
