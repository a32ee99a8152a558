"""User accounts of the admin: groups, permissions, sessions, MFA, language."""
