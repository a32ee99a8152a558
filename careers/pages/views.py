"""Pages with content of several apps."""

from django.shortcuts import render
from django.utils.translation import get_language

from careers.company.context import perks_by_group, policy_context
from careers.company.models import HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.page_cache.decorators import cache_publicly
from careers.roles.entries import first_roles_context

HOME_ROLES = 8  # open roles shown; the list has all of them


@cache_publicly()
def home(request):
    """The company in brief, and its first open roles."""
    language = get_language()
    context = {
        **first_roles_context(HOME_ROLES, language),
        "values": list(Value.objects.public(language)),
        "testimonials": list(Testimonial.objects.public(language)[:1]),
        "perks": perks_by_group(list(Perk.AppliesTo)),
        "steps": list(HiringStep.objects.all()),
    }
    return render(request, "pages/home.html", context)


@cache_publicly()
def working_here(request):
    """Values, perks for the office and for remote work, and what people on the team say."""
    language = get_language()
    context = {
        "section": "working_here",
        "values": list(Value.objects.public(language)),
        "perks": perks_by_group(list(Perk.AppliesTo)),
        "testimonials": list(Testimonial.objects.public(language)),
        "videos": list(Video.objects.public(language).filter(page=Video.Placement.WORKING_HERE)),
    }
    return render(request, "pages/working_here.html", context)


@cache_publicly()
def hiring(request):
    """The hiring steps, the videos about them, and the policy for candidates."""
    language = get_language()
    context = {
        **first_roles_context(HOME_ROLES, language),
        "section": "hiring",
        "steps": list(HiringStep.objects.all()),
        "videos": list(Video.objects.public(language).filter(page=Video.Placement.HIRING)),
        "policy": Policy.objects.current(Policy.Kind.CANDIDATES),
    }
    return render(request, "pages/hiring.html", context)


@cache_publicly()
def privacy(request):
    """The privacy notice in its current version, with the privacy contact."""
    return _policy(request, Policy.Kind.PRIVACY)


@cache_publicly()
def accessibility(request):
    """The accessibility statement in its current version, with the contact for problems."""
    return _policy(request, Policy.Kind.ACCESSIBILITY)


def _policy(request, kind):
    context = policy_context(kind, Policy.objects.current(kind), request)
    return render(request, "pages/policy.html", context)
