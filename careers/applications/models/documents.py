"""The documents of an application, and files uploaded with a form that has not been accepted yet."""

from django.db import models
from django.utils import timezone

from careers.application_forms.enums import DocumentKind
from careers.documents.models import Document

from .answers import Answer
from .application import Application


class Attachment(models.Model):
    """A document of an application, and its kind."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=DocumentKind)
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="files")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.document}"


class PendingUpload(models.Model):
    """A valid file of a form that was sent with errors. It is used when the form is sent again.

    `network_hash` is the keyed hash of the network that sent it.
    """

    form_key = models.CharField(max_length=32)
    field_name = models.CharField(max_length=40)
    network_hash = models.CharField(max_length=64, db_index=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("form_key", "field_name"), name="unique_pending_upload_per_field"
            )
        ]

    def __str__(self):
        return f"{self.field_name}: {self.document}"
