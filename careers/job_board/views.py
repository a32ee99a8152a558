"""The endpoints of the job board API."""

from django.utils.html import linebreaks

from careers.company.models import Company
from careers.languages import localized

from . import job_posts, openapi, prospect_posts
from . import offices as office_lists
from .questions import form_questions
from .responses import (
    ApiError,
    BooleanParameter,
    ChoiceParameter,
    api_view,
    cached_endpoint,
    json_response,
)

CONTENT = BooleanParameter("content")
QUESTIONS = BooleanParameter("questions")
PAY_TRANSPARENCY = BooleanParameter("pay_transparency")
RENDER_AS = ChoiceParameter("render_as", *office_lists.RENDERINGS)


@cached_endpoint()
@api_view
def board(request, board_token):
    """The name and description of the company."""
    company = _company(board_token)
    about = localized(company, "about").text
    content = linebreaks(about, autoescape=True) if about else ""
    return json_response({"name": localized(company, "name").text, "content": content})


@cached_endpoint(CONTENT)
@api_view
def jobs(request, board_token):
    """All job posts except the prospect posts; with `content=true` in full."""
    company, content = _company(board_token), CONTENT.read(request)
    render = job_posts.detail if content else job_posts.summary
    posts = [
        render(role, language, company)
        for role in job_posts.public_roles(with_texts=content)
        for language in role.languages
    ]
    return json_response({"jobs": posts, "meta": {"total": len(posts)}})


@cached_endpoint(QUESTIONS, PAY_TRANSPARENCY)
@api_view
def job(request, board_token, job_id):
    """One job post in full; with `questions=true` also its form, with `pay_transparency=true` its pay."""
    company = _company(board_token)
    with_questions = QUESTIONS.read(request)
    with_pay = PAY_TRANSPARENCY.read(request)
    role, language = job_posts.get(job_id) or _raise_not_found("post")
    if role is None:
        post = prospect_posts.detail(language, company)
    else:
        post = job_posts.detail(role, language, company)
    if with_questions:
        post |= form_questions(role, language)
    if with_pay:
        post["pay_input_ranges"] = job_posts.pay_ranges(role, language) if role else []
    return json_response(post, language=language)


@cached_endpoint(RENDER_AS)
@api_view
def departments(request, board_token):
    """The departments with open roles, each with its job posts."""
    return _list("departments", office_lists.departments, request, board_token)


@cached_endpoint(RENDER_AS)
@api_view
def department(request, board_token, department_id):
    """One department with open roles."""
    return _detail("department", office_lists.departments, request, board_token, department_id)


@cached_endpoint(RENDER_AS)
@api_view
def offices(request, board_token):
    """The offices with open roles, each with its departments."""
    return _list("offices", office_lists.offices, request, board_token)


@cached_endpoint(RENDER_AS)
@api_view
def office(request, board_token, office_id):
    """One office with open roles."""
    return _detail("office", office_lists.offices, request, board_token, office_id)


@cached_endpoint()
@api_view
def sections(request, board_token):
    """The prospect posts, in the only section."""
    return json_response({"sections": [prospect_posts.section(_company(board_token))]})


@cached_endpoint()
@api_view
def section(request, board_token, section_id):
    """One section with its prospect posts."""
    section = prospect_posts.section(_company(board_token))
    return json_response(section if section["id"] == section_id else _raise_not_found("section"))


@cached_endpoint()
@api_view
def openapi_json(request):
    """The OpenAPI document of this API."""
    return json_response(openapi.document(), language="en")


@api_view
def not_found(request):
    """Any other path below /v1/."""
    raise ApiError(404, "There is nothing at this URL; see /v1/openapi.json.")


def _company(board_token):
    company = Company.get()
    if board_token != company.board_token:
        raise ApiError(404, "There is no board of this name.")
    return company


def _list(name, get_rows, request, board_token):
    company = _company(board_token)
    rendering = RENDER_AS.read(request)
    return json_response({name: get_rows(company, rendering)})


def _detail(name, get_rows, request, board_token, row_id):
    company = _company(board_token)
    rendering = RENDER_AS.read(request)
    rows = (row for row in get_rows(company, rendering) if row["id"] == row_id)
    return json_response(next(rows, None) or _raise_not_found(name))


def _raise_not_found(name):
    raise ApiError(404, f"There is no {name} with this id, or it is not public.")
