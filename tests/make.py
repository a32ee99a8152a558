"""Factories: `make.role(title_ja="")` creates a valid record with realistic default values."""

from itertools import count
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from careers.application_forms.enums import DocumentKind, QuestionKind
from careers.application_forms.models import ApplicationForm, Question, QuestionSet
from careers.applications.models import Application
from careers.articles.models import Article
from careers.company.models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.documents.ingest import receive, stored
from careers.outbox.models import Email
from careers.roles.models import Department, Location, Role

_numbers = count(1)


def status_update(application, status, **changes):
    """What a candidate was told, visible at once."""
    defaults = {"visible_from": timezone.now(), "batch": uuid4()}
    return application.status_updates.create(status=status, **{**defaults, **changes})


def company(**changes):
    return Company.objects.create(
        **{
            "name_en": "Kumo",
            "name_ja": "クモ",
            "legal_name_en": "Kumo K.K.",
            "legal_name_ja": "株式会社クモ",
            "tagline_en": "Software for weather people.",
            "tagline_ja": "気象のためのソフトウェア。",
            "motto_en": "Look up.\nThen write it down.",
            "motto_ja": "まず見上げる。\nそして書き留める。",
            "contact_email": "jobs@kumo.example.com",
            "agency_notice_en": "Kumo does not work with agencies.",
            "agency_notice_ja": "人材紹介会社からのご提案は受け付けていません。",
            **changes,
        }
    )


def department(**changes):
    defaults = {"name_en": "Backend", "name_ja": "バックエンド"}
    return Department.objects.create(**{**defaults, **changes})


def location(**changes):
    defaults = {"name_en": "Tokyo", "name_ja": "東京", "country": "JP", "smoking": "indoor_ban"}
    return Location.objects.create(**{**defaults, **changes})


def role(**changes):
    """An open role, published in both languages. `locations` is a list."""
    number = next(_numbers)
    locations = changes.pop("locations", [])
    now = timezone.now()
    record = Role.objects.create(
        **{
            "title_en": f"Backend engineer {number}",
            "title_ja": f"バックエンドエンジニア{number}",
            "summary_en": "Keeps the forecast running.",
            "summary_ja": "予報を支える仕事です。",
            "duties_en": "<p>Write OCaml.</p>",
            "duties_ja": "<p>OCamlを書きます。</p>",
            "reference_id": f"MADE-{number}",  # no test uses this form of ID itself
            "published_at_en": now,
            "published_at_ja": now,
            **changes,
            "department": changes.get("department") or department(),
        }
    )
    for location in locations:  # in the order of display
        record.role_locations.create(location=location)
    return record


def article(**changes):
    now = timezone.now()
    return Article.objects.create(
        **{
            "title_en": "How to prepare",
            "title_ja": "面接の準備",
            "summary_en": "Three things that help.",
            "summary_ja": "役に立つ三つのこと。",
            "text_en": "<p>Sleep well.</p>",
            "text_ja": "<p>よく眠ること。</p>",
            "published_at_en": now,
            "published_at_ja": now,
            **changes,
        }
    )


def perk(**changes):
    defaults = {"title_en": "A good chair", "title_ja": "よい椅子"}
    return Perk.objects.create(**{**defaults, **changes})


def value(**changes):
    defaults = {
        "title_en": "Clarity",
        "title_ja": "明快さ",
        "text_en": "Say it simply.",
        "text_ja": "簡潔に伝えます。",
    }
    return Value.objects.create(**{**defaults, **changes})


def testimonial(**changes):
    defaults = {
        "name_en": "Aiko Mori",
        "name_ja": "森 愛子",
        "text_en": "She likes the quiet mornings.",
        "text_ja": "静かな朝が気に入っているそうです。",
    }
    return Testimonial.objects.create(**{**defaults, **changes})


def step(**changes):
    defaults = {
        "title_en": "Meet a recruiter",
        "title_ja": "採用担当者と話す",
        "text_en": "A talk of half an hour.",
        "text_ja": "30分ほどお話しします。",
    }
    return HiringStep.objects.create(**{**defaults, **changes})


def video(**changes):
    defaults = {
        "title_en": "How we hire",
        "title_ja": "選考について",
        "summary_en": "Five minutes.",
        "summary_ja": "5分の動画です。",
        "external_url": "https://videos.example.org/hiring",
    }
    return Video.objects.create(**{**defaults, **changes})


def policy(kind="privacy", *, published=True, **changes):
    record = Policy.objects.create(
        kind=kind,
        **{
            "title_en": f"About {kind}",
            "title_ja": f"{kind}について",
            "text_en": "<p>We keep it safe.</p>",
            "text_ja": "<p>安全に保管します。</p>",
            **changes,
        },
    )
    if published:
        record.publish()
    return record


def email(**changes):
    return Email.objects.queue(
        **{
            "recipient": "hana@example.org",
            "subject": "Your application",
            "body": "We have received it.",
            "language": "en",
            **changes,
        }
    )


def form(role=None, **changes):
    return ApplicationForm.objects.create(role=role, **changes)


def question_set(**changes):
    return QuestionSet.objects.create(**{"name_en": "Basics", "name_ja": "基本", **changes})


def question(parent, kind=QuestionKind.LINE, **changes):
    """A question of a form or of a set."""
    owner = {"form" if isinstance(parent, ApplicationForm) else "question_set": parent}
    defaults = {"text_en": "Which clouds do you like?", "text_ja": "好きな雲は何ですか。"}
    return Question.objects.create(kind=kind, **{**defaults, **owner, **changes})


def document(name="履歴書.txt", content=b"I have watched the sky."):
    """A stored document with its row."""
    record = receive(SimpleUploadedFile(name, content))
    with stored([record]):
        record.save()
    return record


def application(role=None, *, documents=(DocumentKind.RESUME,), **changes):
    """A confirmed application, with a document for each kind of `documents`."""
    number = next(_numbers)
    record = Application.objects.create(
        **{
            "form_key": f"{number:032}",
            "digest": f"{number:064}",
            "role": role,
            "language": "ja",
            "confirmed_at": timezone.now(),
            "family_name": "山田",
            "given_name": "太郎",
            "family_kana": "ヤマダ",
            "given_kana": "タロウ",
            "email": f"taro{number}@example.org",
            **changes,
        }
    )
    for kind in documents:
        record.attachments.create(document=document(), kind=kind)
    return record
