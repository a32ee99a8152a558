"""Renders the emails of the site: templates/mail/<kind>.<language>.txt becomes a row of the outbox."""

import re
from typing import Any

from django.template import Context, Engine
from django.utils import translation

from careers.languages import absolute

from .models import CONTROL_CHARACTERS, Email, normalize_address


def queue(kind: str, language: str, recipient: str, **context: Any) -> Email:
    """Compose the email and save it in the caller's transaction; return it."""
    email = compose(kind, language, recipient, **context)
    email.save()
    return email


def compose(
    kind: str,
    language: str,
    recipient: str,
    *,
    sender: str = "",
    reply_to: str = "",
    reference: str = "",
    erase_after_sending: bool = False,
    **context: Any,
) -> Email:
    """The email of this kind, not saved yet. The first line of its template is the subject.

    `context` holds the variables of the template; the signature needs `company`, its name. Templates
    write what a candidate typed as `{{ name|defang }}`. `reference` and `erase_after_sending` are
    those of `Email.objects.compose`.
    """
    context["site"] = absolute(f"/{language}/")
    context["reply_to"] = normalize_address(reply_to) if reply_to else ""
    with translation.override(language):
        # Plain text: an & in a name stays an &.
        plain_text = Context(context, autoescape=False)
        template = Engine.get_default().get_template(f"mail/{kind}.{language}.txt")
        text = template.render(plain_text)
    subject, _newline, body = text.strip("\n").partition("\n")
    return Email.objects.compose(
        recipient=recipient,
        sender=sender,
        reply_to=reply_to,
        # A pasted title may contain them. A header must not.
        subject=CONTROL_CHARACTERS.sub(" ", subject),
        body=_collapse_blank_lines(body),
        language=language,
        reference=reference,
        erase_after_sending=erase_after_sending,
    )


def _collapse_blank_lines(body: str) -> str:
    """One blank line between paragraphs, also where a template rendered nothing."""
    return re.sub(r"\n{3,}", "\n\n", body).strip("\n") + "\n"
