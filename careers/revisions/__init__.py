"""Version history of records, and edit conflicts: two people save the same record."""
