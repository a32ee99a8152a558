"""Editing in two languages: fields side by side, translation status, preview, share links."""
