"""The recruiters' side: the admin site, My work, account pages, invitations."""
