"""Whole pages as ready bytes, in front of Django, until somebody edits what they show.

cache        the WSGI application: kept, waited for, or asked of Django
addresses    what of an address makes a page another one
pages        a page, ready to be sent, in each encoding
negotiation  which encoding somebody takes, and what they have already
store        the pages of this process, in bounded memory
freshness    the thread that sees when kept pages have become old
marks        which views answer everybody alike
models       the generation: the number that moves whenever a page changes
"""
