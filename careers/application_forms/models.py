"""The application form of a role, its questions, and sets of questions that many forms share."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.bilingual.models import BilingualContent
from careers.content import OrderedContent, PublicContent
from careers.languages import LANGUAGES, words
from careers.revisions.models import VersionedContent
from careers.roles.models import Role

from .enums import WITH_CHOICES, Kind, Requirement


def _wanted(label, default=Requirement.OPTIONAL, **options):
    return models.CharField(label, max_length=8, choices=Requirement, default=default, **options)


class QuestionSet(OrderedContent, VersionedContent, BilingualContent):
    """Questions that several forms ask, written once."""

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


class ApplicationForm(VersionedContent, BilingualContent):
    """What the form of one role asks for; without a role, what the general application asks for.

    A role without a row asks for what a new row would: see `of`.
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
            "How long it takes somebody who has their documents at hand. The form says so."
        ),
    )
    resume = _wanted(_("résumé"), Requirement.REQUIRED, help_text=_("A file, or the text of one."))
    career_history = _wanted(_("career history"))
    cover_letter = _wanted(_("cover letter"))
    portfolio = _wanted(_("portfolio"), Requirement.OFF)
    phone = _wanted(_("telephone number"))
    links = _wanted(_("links"))
    start = _wanted(_("earliest start"))
    eligibility = _wanted(_("right to work"))
    message = _wanted(_("message"))
    source = _wanted(_("how people heard of the opening"))
    accommodation = models.CharField(
        _("accommodation"),
        max_length=8,
        choices=[choice for choice in Requirement.choices if choice[0] != Requirement.REQUIRED],
        default=Requirement.OPTIONAL,
        help_text=_("What somebody needs for the interviews. Nobody can be made to tell."),
    )
    sets = models.ManyToManyField(
        QuestionSet,
        through="FormQuestionSet",
        related_name="forms",
        verbose_name=_("question sets"),
    )

    required_fields = ()
    str_select_related = ("role",)
    fields = (
        "resume",
        "career_history",
        "cover_letter",
        "portfolio",
        "phone",
        "links",
        "start",
        "eligibility",
        "message",
        "source",
        "accommodation",
    )

    class Meta:
        ordering = (  # the general one first, then as the roles
            F("role__department__order").asc(nulls_first=True),
            "role__department_id",
            "role__order",
            "pk",
        )
        constraints = [
            models.UniqueConstraint(
                Coalesce("role", 0),
                name="one_form_of_the_general_application",
                violation_error_message=_("There is already a form of the general application."),
            )
        ]
        verbose_name = _("application form")
        verbose_name_plural = _("application forms")

    def __str__(self):
        return str(self.role) if self.role_id else str(_("General application"))

    @classmethod
    def of(cls, role):
        """The form of a role, or of the general application for None; an unsaved one if it is new."""
        # There is one at most: no need to join what orders a list of them.
        return cls.objects.filter(role=role).order_by("pk").first() or cls(role=role)

    def copy_for(self, role):
        """The same form for another role, saved: with its sets and its own questions."""
        copy = ApplicationForm.objects.get(pk=self.pk)
        _begin_anew(copy, role=role)
        for row in (*self.question_set_uses.all(), *self.own_questions.all()):
            _begin_anew(row, form=copy)
        return copy

    def wanted(self, name):
        """Whether it asks for a field: a member of `Requirement`."""
        return Requirement(getattr(self, name))

    def questions(self):
        """All questions in the order in which they are asked: those of the sets, then its own."""
        if self.pk is None:
            return []
        used = self.question_set_uses.filter(question_set=OuterRef("question_set")).values("pk")[:1]
        asked = Question.objects.annotate(of_set=Subquery(used))
        return list(
            asked.filter(Q(form=self) | Q(of_set__isnull=False)).order_by(
                F("of_set").asc(nulls_last=True), "position", "pk"
            )
        )


def _begin_anew(row, **owner):
    row.pk, row._state.adding = None, True
    for name, record in owner.items():
        setattr(row, name, record)
    row.save()


class FormQuestionSet(PublicContent):
    """A set of questions that a form asks."""

    form = models.ForeignKey(ApplicationForm, models.CASCADE, related_name="question_set_uses")
    question_set = models.ForeignKey(
        QuestionSet, models.PROTECT, related_name="+", verbose_name=_("question set")
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("form", "question_set"), name="one_set_in_a_form")
        ]
        verbose_name = _("question set of the form")
        verbose_name_plural = _("question sets of the form")

    def __str__(self):
        return str(self.question_set)


class Question(BilingualContent):
    """Something that a form, or every form with its set, asks besides the fixed fields."""

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
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.LINE)
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

    required_fields = ("text",)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(form=None, question_set__isnull=False)
                | Q(form__isnull=False, question_set=None),
                name="a_question_is_of_a_form_or_a_set",
            )
        ]
        verbose_name = pgettext_lazy("asked of applicants", "question")
        verbose_name_plural = pgettext_lazy("asked of applicants", "questions")

    def save(self, *args, **kwargs):
        if self.position is None:
            beside = Question.objects.filter(form=self.form_id, question_set=self.question_set_id)
            self.position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        listed = {language: self.lines(language) for language in LANGUAGES}
        if self.kind not in WITH_CHOICES:
            return
        if not any(listed.values()):
            said = _("Please write the choices, one in each line.")
            raise ValidationError({f"choices_{language}": said for language in LANGUAGES})
        if all(listed.values()) and len(listed["en"]) != len(listed["ja"]):
            said = _("Please write as many choices in Japanese as in English.")
            raise ValidationError({"choices_ja": said})

    def lines(self, language):
        """The choices in `language`, as they were written."""
        written = getattr(self, f"choices_{language}") or ""
        return [line.strip() for line in written.splitlines() if line.strip()]

    def offered(self, language):
        """The choices to choose from in `language`, or in the other one where they are missing."""
        said = words(self, "choices", language)
        return [] if not said.text else self.lines(said.language)
