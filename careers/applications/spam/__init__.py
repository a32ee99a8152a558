"""Spam checks. A suspicious application is never rejected: it is quarantined until it is confirmed."""
