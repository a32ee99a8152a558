"""Interview advice: short articles for candidates."""
