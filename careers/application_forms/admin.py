"""The admin of application forms and their questions."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import BilingualAdmin, BilingualInline, language_rows
from careers.bilingual.duplicate import Duplicate, on_duplicate
from careers.bilingual.order import Order
from careers.bilingual.preview import ListPreview, Preview
from careers.languages import format_list
from careers.revisions.models import Revision
from careers.roles.models import Role
from careers.search_index import search_rows

from .enums import Requirement
from .fair_hiring import advice
from .fields import CONFIGURABLE_FIELDS, DOCUMENT_FIELDS
from .forms import QuestionForm, QuestionFormSet, question_topics
from .models import ApplicationForm, FormQuestionSet, Question, QuestionSet

_DOCUMENTS = tuple(field.name for field in DOCUMENT_FIELDS)
_OTHER_FIELDS = tuple(field.name for field in CONFIGURABLE_FIELDS if field.name not in _DOCUMENTS)


def _page_url(form):
    """The URL name of a form's page, and its arguments. A name, because the view is in a higher app."""
    if not form.role_id:
        return "applications:general"
    return "applications:apply", {"pk": form.role_id, "slug": form.role.slug}


# The preview of a question set is the first form that uses it.
FIRST_FORM = ListPreview(
    lambda question_set: _page_url(question_set.forms.first()),
    exists=lambda question_set: question_set.forms.exists(),
)


@on_duplicate(Role)
def copy_form(original, role, by):
    """Copy the application form of a duplicated role."""
    form = ApplicationForm.objects.filter(role=original).first()
    if not form:
        return ""
    Revision.objects.create_from(form.copy_for(role), by=by)
    return gettext("Its application form was duplicated too.")


class QuestionSetInline(BilingualInline):
    model = FormQuestionSet
    fields = ("question_set",)


class QuestionInline(BilingualInline):
    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    fields = (
        "text",
        "help",
        ("kind", "position", "is_required", "visible_to_hiring_managers"),
        "choices",
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Use a text area for the question, so that a long one is fully visible."""
        if db_field.name in language_rows("text")[0]:
            kwargs["widget"] = AdminTextareaWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class QuestionsAdmin(BilingualAdmin):
    """A record with questions. Saving warns about sensitive topics, and about roles that it hides."""

    def _create_formsets(self, request, obj, change):
        """Set the formsets of the page on each of them. Django has no public method for this."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        for formset in formsets:
            formset.page_formsets = formsets
        return formsets, inlines

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for question in self.questions(form.instance):
            for text in advice(question_topics(question)):
                message = gettext("“%(question)s”: %(advice)s")
                message %= {"question": question, "advice": text}
                self.message_user(request, message, messages.WARNING)
        for message in _hidden_roles(self.roles(form.instance)):
            self.message_user(request, message, messages.WARNING)


def _hidden_roles(roles):
    """Yield a sentence for each language in which some of `roles` are hidden because of their form."""
    patterns = {
        "en": gettext(
            "Hidden from English pages until the form is complete in English: %(roles)s."
        ),
        "ja": gettext(
            "Hidden from Japanese pages until the form is complete in Japanese: %(roles)s."
        ),
    }
    for language, pattern in patterns.items():
        published = roles.exclude(**{f"published_at_{language}": None})
        if hidden := list(published.filter(Role.lacks_texts(language))):
            yield pattern % {"roles": format_list(hidden)}


@admin.register(ApplicationForm)
class ApplicationFormAdmin(QuestionsAdmin):
    panels = (Preview(ListPreview(_page_url)), Duplicate())
    initial_parameters = ("role",)
    change_list_template = "admin/application_forms/applicationform/change_list.html"
    list_display = ("__str__", "reference_id", "number_of_questions", "required_fields")
    list_select_related = ("role",)
    inlines = (QuestionSetInline, QuestionInline)
    sections = (
        (None, ("role", "note", "minutes")),
        (_("Documents"), (_DOCUMENTS,)),
        (_("Other fields"), (_OTHER_FIELDS[:4], _OTHER_FIELDS[4:])),
    )

    def questions(self, form):
        return form.questions()

    def roles(self, form):
        return Role.objects.filter(pk=form.role_id)

    def add_view(self, request, form_url="", extra_context=None):
        """`?role=…` redirects to the form of that role if it has one."""
        number = request.GET.get("role", "") if request.method == "GET" else ""
        is_valid = number.isdecimal() and len(number) < 19
        form = is_valid and ApplicationForm.objects.filter(role=int(number)).first()
        if form:
            return redirect("admin:application_forms_applicationform_change", form.pk)
        return super().add_view(request, form_url, extra_context)

    def get_readonly_fields(self, request, obj=None):
        """The role of an existing form is read-only, because candidates have applied with it."""
        return ("role",) if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "role":
            field.queryset = field.queryset.filter(application_form=None)
            field.help_text = _("Leave this empty for the general application.")
            if not ApplicationForm.objects.filter(role=None).exists():
                field.empty_label = str(ApplicationForm())
        return field

    # --- The list -----------------------------------------------------------------------------

    def get_queryset(self, request):
        own = _count(Question.objects.filter(form=OuterRef("pk")), "form")
        shared = _count(
            FormQuestionSet.objects.filter(
                form=OuterRef("pk"), question_set__questions__isnull=False
            ),
            "form",
        )
        return super().get_queryset(request).annotate(question_count=own + shared)

    def get_search_fields(self, request):
        return ("role__search_text",)

    def get_search_results(self, request, queryset, search_term):
        roles = search_rows(Role.objects.all(), search_term)
        return (queryset.filter(role__in=roles) if search_term else queryset), False

    @admin.display(description=_("reference ID"), ordering="role__reference_id")
    def reference_id(self, form):
        return form.role.reference_id if form.role else None

    @admin.display(
        description=pgettext_lazy("asked of applicants", "questions"), ordering="question_count"
    )
    def number_of_questions(self, form):
        return form.question_count

    @admin.display(description=_("required"))
    def required_fields(self, form):
        """The labels of the required fixed fields."""
        names = (*_DOCUMENTS, *_OTHER_FIELDS)
        required = [name for name in names if form.requirement(name) == Requirement.REQUIRED]
        return format_list(capfirst(self.opts.get_field(name).verbose_name) for name in required)


@admin.register(QuestionSet)
class QuestionSetAdmin(QuestionsAdmin):
    panels = (Preview(FIRST_FORM), Duplicate(), Order())
    list_display = ("name_en", "name_ja", "number_of_questions")
    list_display_links = ("name_en", "name_ja")
    inlines = (QuestionInline,)
    sections = ((None, ("name",)),)

    def questions(self, question_set):
        return question_set.questions.all()

    def roles(self, question_set):
        return Role.objects.filter(application_form__question_sets=question_set)

    def get_queryset(self, request):
        count = _count(Question.objects.filter(question_set=OuterRef("pk")), "question_set")
        return super().get_queryset(request).annotate(question_count=count)

    @admin.display(
        description=pgettext_lazy("asked of applicants", "questions"), ordering="question_count"
    )
    def number_of_questions(self, question_set):
        return question_set.question_count


def _count(rows, key):
    """A subquery for the number of `rows` of each record; `key` is their foreign key to it."""
    counted = rows.order_by().values(key).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0)
