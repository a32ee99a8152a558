"""Formats of dates, times and durations, where Django's own formats for a language are wrong."""
