"""The content of forms is cached: edits count at once, and the number of statements stays small."""

from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from careers.applications.form_content import FormContent
from careers.applications.models import Application
from careers.outbox.models import Email
from careers.roles.models import Role
from tests import make

from .conftest import apply, cv, form_values, path


def applied(client, role, language="en", **changes):
    """The application that a candidate has just sent."""
    response = apply(client, role, language, **changes)
    assert response.status_code == 302, response.text
    return Application.objects.latest("pk")


def policy_hash(policy, language):
    title, text = getattr(policy, f"title_{language}"), getattr(policy, f"text_{language}")
    return sha256(f"{title}\n{text}".encode()).hexdigest()


def uploads(names):
    return {name: cv(f"{name}.txt", name.encode()) for name in names}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_form_content_edits_count_at_once(client, company, language):
    """The next application has the new questions, and records the new title, policy, perks and company."""
    role = make.role()
    old_title = getattr(role, f"title_{language}")
    perk, old_policy = make.perk(), make.policy()
    first = applied(client, role, language)
    assert (first.policy, first.policy_sha256) == (old_policy, policy_hash(old_policy, language))

    new_policy = make.policy(title_en="Privacy, again", title_ja="個人情報の取扱い（改定）")
    company.name_en, company.name_ja = "Stratus Works", "層雲製作所"
    company.save()
    setattr(role, f"title_{language}", "Fog 霧")
    role.save()
    perk.delete()
    question = make.question(make.form(role), is_required=True)
    assert apply(client, role, language).status_code == 422, "the new question is required"
    answer = {f"question_{question.pk}": "雲", "email": "hanako@example.org"}
    second = applied(client, role, language, **answer)
    assert (second.policy, second.policy_sha256) == (new_policy, policy_hash(new_policy, language))
    titles = [application.posting_snapshot["title"] for application in (first, second)]
    assert titles == [old_title, "Fog 霧"]
    assert first.posting_snapshot["perks"] and not second.posting_snapshot["perks"]
    assert [answer.text for answer in second.answers.all()] == ["雲"]
    body = Email.objects.get(recipient="hanako@example.org").body
    assert {"en": "Stratus Works", "ja": "層雲製作所"}[language] in body


def test_form_content_of_each_role_and_language(client):
    """Forms that were sent one after another, with the same content in the cache, do not mix."""
    roles = [make.role(), make.role(), None]
    for language in ("en", "ja", "en"):
        for role in roles:
            application = applied(client, role, language, email=f"{language}@example.org")
            title = role and getattr(role, f"title_{language}")
            assert application.posting_snapshot.get("title") == title
            assert (application.role, application.language) == (role, language)


def test_form_content_is_not_older_than_its_generation():
    """A request may read a role just before an edit, and the generation just after it."""
    role = make.role()
    edited = Role.objects.get(pk=role.pk)
    edited.title_en = "Fog engineer"
    edited.save()
    with translation.override("en"):
        content = FormContent.current(role, "en")
        assert content.posting_snapshot["title"] == "Fog engineer"
        assert FormContent.current(edited, "en") is content


def test_form_content_statements(client):
    """Accepting an application with ten answers and two files takes no more statements than with one each."""
    small, large = make.role(), make.role()
    counts = []
    for role, answers, files in ((small, 1, ["resume"]), (large, 10, ["resume", "cover_letter"])):
        form = make.form(role, cover_letter="optional")
        questions = [make.question(form, position=number) for number in range(answers)]
        fields = {f"question_{question.pk}": "Cirrus" for question in questions}
        applied(client, role, email="first@example.org", **fields, **uploads(files))
        values = form_values(client, role, **fields, **uploads(files))
        with CaptureQueriesContext(connection) as captured:
            assert client.post(path(role), values).status_code == 302
        application = Application.objects.latest("pk")
        assert application.is_confirmed
        assert (application.answers.count(), application.attachments.count()) == (
            answers,
            len(files),
        )
        counts.append(len(captured))
    assert counts[0] == counts[1]
