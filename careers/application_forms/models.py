"""Application forms of roles, their questions, and question sets that several forms share."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.bilingual.models import BilingualContent
from careers.content import OrderedContent, PublicContent, PublicContentQuerySet
from careers.languages import LANGUAGES, localized
from careers.revisions.models import VersionedContent
from careers.roles.completeness import incomplete_field, incomplete_indexes
from careers.roles.models import Role

from .completeness import question_texts
from .enums import KINDS_WITH_CHOICES, QuestionKind, Requirement
from .fields import CONFIGURABLE_FIELDS, DOCUMENT_FIELDS, FIELDS


class QuestionSet(OrderedContent, VersionedContent, BilingualContent):
    """Questions that several forms share."""

    name = models.CharField(
        pgettext_lazy("set of questions", "name"),
        max_length=80,
        blank=True,
        help_text=_("For you and your colleagues; people who apply do not see it."),
    )

    required_fields = ("name",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")

    @classmethod
    def lacks_texts(cls, language):
        return Q(pk__in=Question.objects.incomplete(language, "question_set"))

    @classmethod
    def missing_texts(cls, records, language):
        incomplete = Question.objects.incomplete(language, "question_set")
        questions = Question.objects.filter(question_set__in=records).filter(
            question_set__in=incomplete
        )
        texts = question_texts(questions, "question_set", "questions", language)
        return {record.pk: missing for record, missing in texts.items()}


def _requirement_column(name):
    """The column with the `Requirement` of the field `name`."""
    field = FIELDS[name]
    return models.CharField(
        field.verbose_name,
        max_length=8,
        choices=[(choice.value, choice.label) for choice in field.requirements],
        default=field.default,
        help_text=field.admin_help,
    )


class ApplicationForm(VersionedContent, BilingualContent):
    """The application form of one role, or of the general application if `role` is None.

    It has a column for each configurable field. A role without a row uses the defaults: see `for_role`.
    """

    role = models.OneToOneField(
        Role,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="application_form",
        verbose_name=_("role"),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("Optional: one or two sentences above the form, such as what to prepare."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_(
            "How long the form takes with all documents ready. Candidates see this on the form."
        ),
    )
    phone = _requirement_column("phone")
    resume = _requirement_column("resume")
    career_history = _requirement_column("career_history")
    cover_letter = _requirement_column("cover_letter")
    portfolio = _requirement_column("portfolio")
    links = _requirement_column("links")
    eligibility = _requirement_column("eligibility")
    start = _requirement_column("start")
    message = _requirement_column("message")
    source = _requirement_column("source")
    accommodation = _requirement_column("accommodation")
    question_sets = models.ManyToManyField(
        QuestionSet,
        through="FormQuestionSet",
        related_name="forms",
        verbose_name=_("question sets"),
    )

    incomplete_en = incomplete_field("en", optional=("note",))
    incomplete_ja = incomplete_field("ja", optional=("note",))

    required_fields = ()
    str_select_related = ("role",)
    fields = tuple(field.name for field in CONFIGURABLE_FIELDS)

    class Meta:
        ordering = (  # the general application first, then in the order of the roles
            F("role__department__order").asc(nulls_first=True),
            "role__department_id",
            "role__order",
            "pk",
        )
        constraints = [
            models.UniqueConstraint(
                Coalesce("role", 0),
                name="unique_general_application_form",
                violation_error_message=_("There is already a form of the general application."),
            )
        ]
        indexes = incomplete_indexes("role", prefix="form")
        verbose_name = _("application form")
        verbose_name_plural = _("application forms")

    def __str__(self):
        return str(self.role) if self.role_id else str(_("General application"))

    @classmethod
    def for_role(cls, role):
        """The form of a role (None: the general application); an unsaved one with defaults if it has no row."""
        # At most one row: ordering by the primary key avoids the joins of Meta.ordering.
        return cls.objects.filter(role=role).order_by("pk").first() or cls(role=role)

    def copy_for(self, role):
        """A copy of this form for another role, saved, with its question sets and its own questions."""
        copy = ApplicationForm.objects.get(pk=self.pk)
        _copy_row(copy, role=role)
        for row in (*self.question_set_uses.all(), *self.own_questions.all()):
            _copy_row(row, form=copy)
        return copy

    @classmethod
    def lacks_texts(cls, language):
        """Its own questions, and those of its question sets."""
        uses = FormQuestionSet.objects.filter(
            question_set__in=Question.objects.incomplete(language, "question_set")
        )
        own_questions = Question.objects.incomplete(language, "form")
        return Q(pk__in=own_questions) | Q(pk__in=uses.values("form"))

    @classmethod
    def missing_texts(cls, records, language):
        incomplete = Question.objects.incomplete(language, "form")
        questions = Question.objects.filter(form__in=records).filter(form__in=incomplete)
        texts = question_texts(questions, "form", "own_questions", language)
        missing = {form.pk: own_texts for form, own_texts in texts.items()}
        uses = FormQuestionSet.objects.filter(form__in=records).select_related("question_set")
        uses = uses.filter(question_set__in=Question.objects.incomplete(language, "question_set"))
        texts_by_set = QuestionSet.missing_texts({use.question_set for use in uses}, language)
        for use in uses:
            texts_of_set = texts_by_set[use.question_set_id]
            missing[use.form_id] = [*texts_of_set, *missing.get(use.form_id, [])]
        return missing

    def requirement(self, name):
        """The `Requirement` of a configurable field."""
        return Requirement(getattr(self, name))

    def document_count(self):
        """The number of its documents, required or not, without file questions."""
        return sum(self.requirement(field.name) != Requirement.OFF for field in DOCUMENT_FIELDS)

    def questions(self):
        """All questions in the order of the form: those of its question sets, then its own."""
        if self.pk is None:
            return []
        uses = self.question_set_uses.filter(question_set=OuterRef("question_set")).values("pk")
        questions = Question.objects.annotate(use=Subquery(uses[:1]))
        return list(
            questions.filter(Q(form=self) | Q(use__isnull=False)).order_by(
                F("use").asc(nulls_last=True), "position", "pk"
            )
        )


def _copy_row(row, **changes):
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


class FormQuestionSet(PublicContent):
    """The use of a question set by a form."""

    form = models.ForeignKey(ApplicationForm, models.CASCADE, related_name="question_set_uses")
    question_set = models.ForeignKey(
        QuestionSet, models.PROTECT, related_name="+", verbose_name=_("question set")
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("form", "question_set"), name="unique_question_set_per_form"
            )
        ]
        verbose_name = _("question set of the form")
        verbose_name_plural = _("question sets of the form")

    def __str__(self):
        return str(self.question_set)


class QuestionQuerySet(PublicContentQuerySet):
    def incomplete(self, language, owner):
        """Keys of the forms or question sets, by the foreign key `owner`, with an incomplete question."""
        rows = self.filter(**{f"incomplete_{language}": True, f"{owner}__isnull": False})
        return rows.values(owner)


# Other kinds of questions do not show choices.
_OPTIONAL_TEXTS = ("help", ("choices", Q(kind__in=[kind.value for kind in KINDS_WITH_CHOICES])))


class Question(BilingualContent):
    """A question of one form, or of every form that uses its question set."""

    form = models.ForeignKey(
        ApplicationForm, models.CASCADE, null=True, blank=True, related_name="own_questions"
    )
    question_set = models.ForeignKey(
        QuestionSet, models.CASCADE, null=True, blank=True, related_name="questions"
    )
    text = models.CharField(
        pgettext_lazy("asked of applicants", "question"), max_length=300, blank=True
    )
    help = models.CharField(
        _("help"), max_length=300, blank=True, help_text=_("Optional: a sentence below it.")
    )
    choices = models.TextField(
        _("choices"),
        blank=True,
        help_text=_("One in each line, in the same order in both languages."),
    )
    kind = models.CharField(
        _("kind of answer"), max_length=13, choices=QuestionKind, default=QuestionKind.LINE
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    visible_to_hiring_managers = models.BooleanField(
        _("shown to hiring managers"),
        default=True,
        help_text=_("Recruiters always see the answer."),
    )
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("of a question", "place"),
        blank=True,
        help_text=_("Questions are asked in this order. Empty: after the others."),
    )

    objects = QuestionQuerySet.as_manager()

    incomplete_en = incomplete_field("en", required=("text",), optional=_OPTIONAL_TEXTS)
    incomplete_ja = incomplete_field("ja", required=("text",), optional=_OPTIONAL_TEXTS)

    required_fields = ("text",)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(form=None, question_set__isnull=False)
                | Q(form__isnull=False, question_set=None),
                name="question_in_form_or_question_set",
            )
        ]
        indexes = incomplete_indexes("form", "question_set", prefix="question")
        verbose_name = pgettext_lazy("asked of applicants", "question")
        verbose_name_plural = pgettext_lazy("asked of applicants", "questions")

    def save(self, *args, **kwargs):
        if self.position is None:
            siblings = Question.objects.filter(form=self.form_id, question_set=self.question_set_id)
            self.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        choices = {language: self.choice_lines(language) for language in LANGUAGES}
        if self.kind not in KINDS_WITH_CHOICES:
            return
        if not any(choices.values()):
            error = _("Please write the choices, one in each line.")
            raise ValidationError({f"choices_{language}": error for language in LANGUAGES})
        if all(choices.values()) and len(choices["en"]) != len(choices["ja"]):
            error = _("Please write as many choices in Japanese as in English.")
            raise ValidationError({"choices_ja": error})

    def choice_lines(self, language):
        """The choices in `language`."""
        text = getattr(self, f"choices_{language}") or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def choices_for(self, language):
        """The choices of a form in `language`; in the other language if they are missing."""
        text = localized(self, "choices", language)
        return self.choice_lines(text.language) if text.text else []
