"""Interview advice: short articles for people who are about to apply."""
