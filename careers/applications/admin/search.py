"""Search of applications in the admin."""

from django.db.models import Q

from careers.applications.models import Answer, is_recruiter
from careers.applications.search_text import alternatives, search_words
from careers.search_index import MAX_WORDS, contains_any


def search(applications, query, user):
    """The rows that match each of the first MAX_WORDS words of `query`.

    It searches names, readings, email addresses, telephone numbers, references, messages, résumés as text
    (applications.search_text) and answers. For a hiring manager, it ignores answers that only recruiters
    may read.
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
