"""English and Japanese side by side, for the people who write."""
