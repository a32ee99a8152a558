"""The answers to the questions of an application form."""

from django.db import models

from careers.application_forms.enums import QuestionKind
from careers.application_forms.models import Question
from careers.search_index import SearchTextField, SearchTextQuerySet

from .application import Application


class Answer(models.Model):
    """An answer, and a copy of the question as the candidate saw it. Unanswered questions have an empty one."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    question_text = models.CharField(max_length=300)
    # A question in one language only is shown in that language on both forms.
    question_language = models.CharField(max_length=2)
    kind = models.CharField(max_length=13, choices=QuestionKind)
    text = models.TextField(blank=True)
    visible_to_hiring_managers = models.BooleanField()
    search_text = SearchTextField(also=("text",))

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.question_text
