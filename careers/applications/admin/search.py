"""Search among applications."""

from django.db.models import Q

from careers.applications.models import Answer, is_recruiter
from careers.applications.search_text import alternatives, search_words
from careers.search_index import contains_any

MAX_WORDS = 8  # of one search, as in the search for roles; further ones are ignored


def search(applications, query, user):
    """The rows that match every word of `query`: by the person, the message, the résumé as text, or an answer.

    A person is found by name, reading, email address, telephone number and reference
    (applications.search_text). Hiring managers do not find by answers that they must not read.
    """
    words = search_words(query)[:MAX_WORDS]
    if query.strip() and not words:
        return applications.none()
    answers = Answer.objects.order_by()
    if not is_recruiter(user):
        answers = answers.filter(visible_to_hiring_managers=True)
    for word in words:
        condition = _matches(word)
        in_answers = answers.filter(condition).values("application")
        applications = applications.filter(condition | Q(pk__in=in_answers))
    return applications


def _matches(word):
    """The `Q` of rows whose search text contains `word` in one of the ways to match it."""
    condition = Q()
    for parts in alternatives(word):
        condition |= Q(*map(contains_any, parts))
    return condition
