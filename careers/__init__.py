"""Careers: the bilingual careers website that a company hosts itself.

The apps and modules, lowest layer first. Imports go down only; `make check` proves it.

    invisible          which invisible characters are removed, and which joiners stay
    kanji              variants of kanji, for comparison
    letters            Latin, Greek, Hebrew and Arabic letters, for comparison
    romaji             kana in Hepburn and Kunrei, for comparison
    word_parts         exceptions of the substring search, and the parts of katakana compounds
    japanese           normalising and displaying Japanese text
    cldr               names of countries, languages and currencies, from CLDR
    normalization      the words of a text in a search column, and what a search looks for
    capture            a template tag that stores rendered text in a variable
    datetimes          formats of dates, times and durations in both languages
    languages          the language of a URL, the other language, and fallbacks for missing texts
    email_address      email addresses: validation, ASCII form, comparison
    rich_text          sanitised HTML: cleaning, rendering, plain text
    media              public images and videos, content-addressed
    static_files       the storage of collected static files
    social_cards       Open Graph images
    headers            security headers
    logs               JSON logs without personal data
    staff              accounts, groups, permissions, sessions, MFA
    page_cache         an in-memory cache of public pages, in front of Django
    search_index       columns with normalised search text
    content            base classes of public content: cache invalidation, order
    publishing         published, opened, closed: what visitors may see
    revisions          versions of a record, comparison, edit conflicts
    bilingual          side-by-side editing, stale translations, preview, share links
    outbox             transactional outbox of emails
    documents          candidates' files: checks, virus scans, private storage
    company            the company, perks, values, hiring steps, policies
    articles           interview advice
    roles              departments, locations, roles, search, feeds, JobPosting
    application_forms  what a form asks for: fixed fields, questions, question sets
    applications       applying, spam checks, quarantine, the candidate's page, erasure
    job_board          the job board API, Greenhouse-shaped
    pages              pages that mix apps: home, working here, hiring, policies; errors; the demo
    backoffice         the AdminSite, My work, account pages, invitations
    ops                backup, restore, serve, the worker and its schedule, readiness
    gunicorn_worker    gunicorn's worker class: our own page for requests that cannot be parsed
"""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

__version__ = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"]
