"""The addresses of the job board: what each of them answers with."""

from django.utils.html import linebreaks

from careers.company.models import Company
from careers.languages import words
from careers.page_cache.decorators import cache_publicly

from . import offices as office_tree
from . import post, prospect, questions
from .openapi import description
from .responses import Refused, flag, for_programs, one_of, said


@cache_publicly()
@for_programs
def board(request, board_token):
    """Whose board this is."""
    company = _company(board_token)
    about = words(company, "about").text
    content = linebreaks(about, autoescape=True) if about else ""
    return said({"name": words(company, "name").text, "content": content})


@cache_publicly(params=["content"])
@for_programs
def jobs(request, board_token):
    """Every post, without the one about no opening in particular; with `content=true` whole."""
    company, whole = _company(board_token), flag(request, "content")
    say = post.whole if whole else post.post
    found = [
        say(role, code, company) for role in post.roles(whole=whole) for code in role.languages
    ]
    return said({"jobs": found, "meta": {"total": len(found)}})


@cache_publicly(params=["questions", "pay_transparency"])
@for_programs
def job(request, board_token, job_id):
    """One post whole; with `questions=true` also its form, with `pay_transparency=true` its pay."""
    company = _company(board_token)
    with_questions, with_pay = flag(request, "questions"), flag(request, "pay_transparency")
    role, language = post.find(job_id) or _missing("post")
    say = prospect.whole(language, company) if role is None else post.whole(role, language, company)
    if with_questions:
        say |= questions.asked(role, language)
    if with_pay:
        say["pay_input_ranges"] = post.pay_ranges(role, language) if role else []
    return said(say, language=language)


@cache_publicly(params=["render_as"])
@for_programs
def departments(request, board_token):
    """The departments that hire, each with its posts."""
    return _list("departments", office_tree.departments, request, board_token)


@cache_publicly(params=["render_as"])
@for_programs
def department(request, board_token, department_id):
    """One department that hires."""
    return _one("department", office_tree.departments, request, board_token, department_id)


@cache_publicly(params=["render_as"])
@for_programs
def offices(request, board_token):
    """The places where somebody is hired, each with its departments."""
    return _list("offices", office_tree.offices, request, board_token)


@cache_publicly(params=["render_as"])
@for_programs
def office(request, board_token, office_id):
    """One place where somebody is hired."""
    return _one("office", office_tree.offices, request, board_token, office_id)


@cache_publicly()
@for_programs
def sections(request, board_token):
    """The posts about no opening in particular."""
    return said({"sections": [prospect.section(_company(board_token))]})


@cache_publicly()
@for_programs
def section(request, board_token, section_id):
    """One section: there is but one."""
    section = prospect.section(_company(board_token))
    return said(section if section["id"] == section_id else _missing("section"))


@cache_publicly()
@for_programs
def openapi(request):
    """All of this, described for programs by OpenAPI."""
    return said(description(), language="en")


@for_programs
def unknown(request):
    """Anything else below /v1/."""
    raise Refused(404, "There is nothing at this address; see /v1/openapi.json.")


def _company(board_token):
    company = Company.get()
    if board_token != company.board_token:
        raise Refused(404, "There is no board of this name.")
    return company


def _list(name, rows, request, board_token):
    company, form = _company(board_token), one_of(request, "render_as", office_tree.FORMS)
    return said({name: rows(company, form)})


def _one(name, rows, request, board_token, number):
    company, form = _company(board_token), one_of(request, "render_as", office_tree.FORMS)
    found = (row for row in rows(company, form) if row["id"] == number)
    return said(next(found, None) or _missing(name))


def _missing(name):
    raise Refused(404, f"There is no {name} with this number, or it is not public.")
