"""Letters to people with an account, in the language of the account."""

from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from careers.company.models import Company
from careers.languages import words


def send(kind, user, **said):
    """Send the letter, in the language of the account."""
    with translation.override(user.language):
        letter(kind, user, **said).send()


def letter(kind, user, **said):
    """The letter of templates/desk/<kind>.txt, ready to be sent. Its first line is the subject."""
    with translation.override(user.language):
        company = words(Company.get(), "name", user.language).text
        # Plain text: an & in a name is an &.
        context = Context({"user": user, "company": company, **said}, autoescape=False)
        text = get_template(f"desk/{kind}.txt").template.render(context)
    subject, _newline, body = text.strip().partition("\n")
    return EmailMessage(subject, f"{body.strip()}\n", to=[user.email])
