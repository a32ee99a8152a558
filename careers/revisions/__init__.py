"""What a record said: every version, who wrote it, and what to do when two people write at once."""
