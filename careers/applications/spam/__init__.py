"""Spam checks. A suspicious application is never refused: it is quarantined until somebody confirms it."""
