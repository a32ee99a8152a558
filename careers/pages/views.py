"""Pages that show several rooms at once."""

from django.shortcuts import render
from django.utils.translation import get_language

from careers.company import page as company_page
from careers.company.models import HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.pagecache.marks import for_everybody
from careers.roles import page as role_page
from careers.roles.models import Role

ON_HOME = 8  # openings on the home page; the list has them all


@for_everybody()
def home(request):
    """The company in short, and the way to its openings."""
    language = get_language()
    context = {
        **_openings(language),
        "values": Value.objects.public(language),
        "testimonials": Testimonial.objects.public(language)[:1],
        "perks": role_page.perks(list(Perk.AppliesTo)),
        "steps": HiringStep.objects.all(),
    }
    return render(request, "pages/home.html", context)


@for_everybody()
def working_here(request):
    """Values, perks for the office and for remote work, and what people on the team say."""
    language = get_language()
    context = {
        "section": "working_here",
        "values": Value.objects.public(language),
        "perks": role_page.perks(list(Perk.AppliesTo)),
        "testimonials": Testimonial.objects.public(language),
        "videos": Video.objects.public(language).filter(page=Video.Page.WORKING_HERE),
    }
    return render(request, "pages/working_here.html", context)


@for_everybody()
def hiring(request):
    """The steps from applying to joining, the film about them, and the word to those who apply."""
    language = get_language()
    context = {
        **_openings(language),
        "section": "hiring",
        "steps": HiringStep.objects.all(),
        "videos": Video.objects.public(language).filter(page=Video.Page.HIRING),
        "policy": Policy.objects.current(Policy.Kind.CANDIDATES),
    }
    return render(request, "pages/hiring.html", context)


@for_everybody()
def privacy(request):
    """How personal data is treated, in the version of today, and whom to ask."""
    return _policy(request, Policy.Kind.PRIVACY)


@for_everybody()
def accessibility(request):
    """What the site does so that everybody can use it, and whom to tell when it fails."""
    return _policy(request, Policy.Kind.ACCESSIBILITY)


def _policy(request, kind):
    context = company_page.of_policy(kind, Policy.objects.current(kind), request)
    return render(request, "pages/policy.html", context)


def _openings(language):
    roles = Role.objects.public().prefetch_related(*role_page.SHOWN_IN_A_LIST)
    entries = [role.entry(language) for role in roles]
    return {"entries": entries[:ON_HOME], "count": len(entries)}
