"""Writes the letters of the site: templates/mail/<kind>.<language>.txt becomes a row of the outbox."""

import re

from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from careers.languages import absolute

from .models import Email, bare

# They come along when a title is pasted from elsewhere, and nobody sees them; a header has no room for
# them. The letter must leave nevertheless: what it tells is true.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def write(kind, language, recipient, **said):
    """Queue the letter of this kind, as `compose`, in the caller's transaction."""
    letter = compose(kind, language, recipient, **said)
    letter.save()
    return letter


def compose(
    kind,
    language,
    recipient,
    *,
    sender="",
    reply_to="",
    reference="",
    erase_after_sending=False,
    **said,
):
    """The letter of this kind, not saved yet. Its template's first line is the subject.

    `said` is what the template asks for; the signature asks each time for `company`, the name. What a
    stranger typed stands in a template as `{{ name|inert }}`. `reference` and `erase_after_sending` as in
    `Letter.objects.composed`.
    """
    said["site"] = absolute(f"/{language}/")
    said["reply_to"] = bare(reply_to) if reply_to else ""
    with translation.override(language):
        # Plain text: an & in a name is an &.
        context = Context(said, autoescape=False)
        text = get_template(f"mail/{kind}.{language}.txt").template.render(context)
    subject, _newline, body = text.strip("\n").partition("\n")
    return Email.objects.composed(
        recipient=recipient,
        sender=sender,
        reply_to=reply_to,
        subject=_NOT_IN_A_LINE.sub(" ", subject),
        body=_tidy(body),
        language=language,
        reference=reference,
        erase_after_sending=erase_after_sending,
    )


def _tidy(body):
    """One blank line between paragraphs, also where a template had nothing to say."""
    return re.sub(r"\n{3,}", "\n\n", body).strip("\n") + "\n"
