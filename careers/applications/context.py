"""What the pages about applying show, and the copy of a role's page that is kept with an application."""

from hashlib import sha256

from django.urls import reverse
from django.utils.formats import date_format

from careers.bilingual.preview import as_published
from careers.company.models import Company, Policy
from careers.languages import in_language
from careers.roles.context import posting_context


def notice():
    """The current notice at the form, or None."""
    return Policy.objects.current(Policy.Kind.FORM_NOTICE)


def agreed(language):
    """What somebody agrees to who sends the form: the policy, and the hash of the words they saw."""
    policy = Policy.objects.current(Policy.Kind.PRIVACY)
    if not policy:
        return {"policy": None, "policy_sha256": ""}
    shown = f"{getattr(policy, f'title_{language}')}\n{getattr(policy, f'text_{language}')}"
    return {"policy": policy, "policy_sha256": sha256(shown.encode()).hexdigest()}


def form_url(role, language):
    """The path of the form of a role, or of the general application."""
    if role is None:
        return in_language(reverse("applications:general"), language)
    return in_language(reverse("applications:apply", args=[role.pk, role.slug]), language)


def snapshot(role, language):
    """What the page of a role said in `language`, which must be the active one: it may change later."""
    if role is None:
        return {}
    # It may have been taken back while the form was open: then it looks as if it had not.
    shown = posting_context(as_published(role, language), language, company=Company.get())
    return {
        "title": shown["title"],
        "summary": shown["summary"],
        "department": shown["department"].text,
        "reference_id": role.reference_id,
        "facts": [[fact.term, [said.text for said in fact.values]] for fact in shown["facts"]],
        "texts": [[str(heading), html] for heading, html in shown["texts"]],
        "perks": [[str(label), [str(perk) for perk in found]] for label, found in shown["perks"]],
        "updated": date_format(role.updated_on, "Y-m-d"),
    }
