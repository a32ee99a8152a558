"""The records of applications, by subject: application, documents, answers, spam checks, erasures."""

from .answers import Answer
from .application import Application, StageChange, is_recruiter
from .documents import Attachment, PendingUpload
from .erasure import Erasure
from .spam import Confirmation, RedeemedChallenge, Submission

__all__ = [
    "Answer",
    "Application",
    "Attachment",
    "Confirmation",
    "Erasure",
    "PendingUpload",
    "RedeemedChallenge",
    "StageChange",
    "Submission",
    "is_recruiter",
]
