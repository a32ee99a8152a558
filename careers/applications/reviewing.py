"""What a colleague sees of an application: everything, or what concerns their department.

Which applications somebody may know of at all is `Application.objects.visible_to`.
"""

import re
from urllib.parse import quote, urlsplit

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from careers import japanese
from careers.documents.models import Reading
from careers.languages import words
from careers.outbox.models import Letter
from careers.roles.models import Role
from careers.searching import as_words, found, spellings

from .facts import Doubt, Paper, Stage
from .models import Application, Attachment

_REFERENCE = re.compile(r"([2-9a-z]{4})(?:-([2-9a-z]{4}))?")
_LONGEST_NAME = 20  # in one word, in Japanese
_APART = re.compile(r"[\s/\\_]+")


def is_recruiter(user):
    """Whether somebody sees all of every application, and may act on it."""
    return user.has_perm("applications.change_application")


def page(application, user):
    """Context of the page of one application. Where it may not be told, it is not in here."""
    recruiter = is_recruiter(user)
    attached = list(attachments(user).filter(application=application))
    answers = application.answers.all()
    if not recruiter:
        answers = answers.filter(for_reviewers=True)
    return {
        "application": application,
        "recruiter": recruiter,
        "name": name(application),
        "doubts": [Doubt(doubt).label for doubt in application.doubts],
        "telephone": application.phone_e164 or "",
        "mailto": f"mailto:{quote(application.email, safe='@')}",
        "role": application.role,
        "on_site": _address(application.role),
        "posting": application.snapshot,
        "papers": attached,
        "answers": [
            (answer, [paper for paper in attached if paper.answer_id == answer.pk])
            for answer in answers
        ],
        "accommodation": application.accommodation if recruiter else "",
        "links": links(application.links),
        "changes": application.stage_changes.select_related("by").order_by("-at", "-pk"),
        "stages": Stage.choices,
        "others": _others(application, user),
        "letters": _letters(application) if recruiter else None,
    }


def attachments(user):
    """The documents that somebody may read, with what is told about each."""
    rows = Attachment.objects.select_related("document", "answer").prefetch_related(
        Prefetch("document__readings", Reading.objects.select_related("reader"))
    )
    return rows if is_recruiter(user) else rows.filter(_FOR_REVIEWERS)


def counted(applications, user):
    """The same rows, each with the number of the documents that somebody may read: `papers`."""
    mine = Attachment.objects.filter(application=OuterRef("pk")).order_by()
    if not is_recruiter(user):
        mine = mine.filter(_FOR_REVIEWERS)
    number = mine.values("application").annotate(number=Count("pk")).values("number")
    return applications.annotate(papers=Coalesce(Subquery(number), 0))


def search(applications, typed):
    """The rows that match every word: of a name or its reading, an address, or a reference.

    A reference is found with its hyphen and without, and by its second half; a Japanese name with its
    space and without.
    """
    for typed_word in japanese.fold(typed).split():
        rows = found(applications, typed_word)
        if reference := _REFERENCE.fullmatch(typed_word):
            rows |= applications.filter(folded__contains="".join(reference.groups("")))
        elif japanese.is_japanese(typed_word) and len(typed_word) <= _LONGEST_NAME:
            rows |= applications.filter(_in_two_pieces(as_words(typed_word)))
        applications = rows
    return applications


def name(application):
    """The parts of a name in the order in which it is written, each with its reading or ""."""
    family = (application.family_name, application.family_kana)
    given = (application.given_name, application.given_kana)
    western = not japanese.is_japanese(application.family_name + application.given_name)
    return [part for part in ((given, family) if western else (family, given)) if part[0]]


def links(text):
    """Pairs of a line that a candidate wrote and the address it leads to: to the web, or nowhere."""
    lines = (line.strip() for line in text.splitlines())
    return [(line, line if _on_the_web(line) else "") for line in lines if line]


def filename(attachment):
    """What a document is called where it is kept: 20261121_バックエンドエンジニア_山田太郎_職務経歴書.pdf."""
    application = attachment.application
    day = date_format(timezone.localtime(application.received_at), "Ymd")
    what = attachment.get_paper_display()
    if attachment.paper == Paper.ANSWER:
        what = attachment.document.name.rpartition(".")[0] or attachment.document.name
    title = words(application.role, "title").text if application.role else ""
    whose = application.name
    if japanese.is_japanese(whose):
        whose = whose.replace(" ", "")
    # Each part is short, and has no sign in it that would be taken for a folder or for our own line.
    parts = (_APART.sub(" ", part).strip()[:40] for part in (title, whose, what))
    return "_".join([day, *(part for part in parts if part)]) + f".{attachment.document.type}"


_FOR_REVIEWERS = Q(answer=None) | Q(answer__for_reviewers=True)


def _in_two_pieces(word):
    """山田太郎: the parts of a name stand in the folded column one below the other."""
    either = Q(pk=None)
    for form in spellings(word):
        for place in range(1, len(form)):
            either |= Q(folded__contains=f"{form[:place]} \n {form[place:]}")
    return either


def _on_the_web(line):
    try:
        parts = urlsplit(line)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in line


def _address(role):
    """The public page of a role, if it has one."""
    posted = role and Role.objects.posted().filter(pk=role.pk).first()
    return posted.get_absolute_url(posted.languages[0]) if posted else ""


def _others(application, user):
    """What else came from the same address, the newest first, and whether one replaced the other."""
    same = Application.objects.visible_to(user).filter(email__iexact=application.email)
    others = list(same.exclude(pk=application.pk).select_related("role"))
    for other in others:
        other.is_replaced = other.pk == application.replaces_id
        other.is_replacement = other.replaces_id == application.pk
    return others


def _letters(application):
    return Letter.objects.filter(recipient__iexact=application.email).defer("body")
