"""The back office: the admin site, "My work", account pages, invitations."""
