"""The records of applications, by subject: application, status, documents, answers, spam checks, erasures."""

from .answers import Answer
from .application import Application, StageChange, can_erase, is_recruiter, is_reference
from .documents import Attachment, PendingUpload
from .erasure import Erasure
from .spam import Confirmation, RedeemedChallenge, Submission
from .status_update import CandidateStatusUpdate

__all__ = [
    "Answer",
    "Application",
    "Attachment",
    "CandidateStatusUpdate",
    "Confirmation",
    "Erasure",
    "PendingUpload",
    "RedeemedChallenge",
    "StageChange",
    "Submission",
    "can_erase",
    "is_recruiter",
    "is_reference",
]
