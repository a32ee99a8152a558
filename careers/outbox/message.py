"""The MIME message of an email: plain text and HTML, in a form that servers relay unchanged.

The headers of addresses and the subject are written by `headers`, because Python's own folding loses
the space between an encoded and a plain word at the end of a line.
"""

from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING

from . import html
from .config import parse_mailbox
from .headers import encode_mailbox, encode_text

if TYPE_CHECKING:
    from .models import Email

# Non-ASCII text and long lines are encoded (quoted-printable, base64), so that no server on the way has
# a reason to wrap a line within a link.
SEVEN_BIT = SMTP.clone(cte_type="7bit")
# For files that developers read: unencoded text, and lines as long as RFC 5322 allows.
READABLE = EmailPolicy(utf8=True, cte_type="8bit", max_line_length=998)


def build_message(email: "Email", policy: "EmailPolicy[EmailMessage]" = SEVEN_BIT) -> bytes:
    """The MIME message of an email; the same bytes each time."""
    message = EmailMessage(policy=policy)
    message["Date"] = format_datetime(email.queued_at)
    message["Message-ID"] = email.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    message.set_content(email.body)
    document = html.render(email.body, email.subject, email.language)
    message.add_alternative(document, subtype="html")
    # After set_content(), which removes Content-* headers and the boundary.
    message.set_boundary(f"={email.message_id.strip('<>').partition('@')[0]}")
    message["Content-Language"] = email.language
    return _headers(email, policy) + message.as_bytes()


def _headers(email: "Email", policy: "EmailPolicy[EmailMessage]") -> bytes:
    mailboxes = {"From": email.sender, "To": email.recipient, "Reply-To": email.reply_to}
    lines = [
        encode_mailbox(name, parse_mailbox(text), utf8=policy.utf8)
        for name, text in mailboxes.items()
        if text
    ]
    lines.append(encode_text("Subject", email.subject, utf8=policy.utf8))
    return "".join(f"{line}\r\n" for line in lines).replace("\r\n", policy.linesep).encode()
