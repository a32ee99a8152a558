"""What leaves: a letter as an e-mail, in plain text and in HTML, that every server passes on unchanged."""

from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from . import html
from .config import mailbox

# Letters beyond ASCII and long lines are encoded (RFC 2047, quoted-printable, base64), so no server
# on the way has a reason to wrap a line in the middle of a link.
SEVEN_BITS = SMTP.clone(cte_type="7bit")
# For people: every script as it was typed, and lines as long as a file may have them.
READABLE = EmailPolicy(utf8=True, cte_type="8bit", max_line_length=998)


def compose(letter, policy=SEVEN_BITS):
    """The e-mail of a letter; the same each time."""
    message = EmailMessage(policy=policy)
    message["From"] = mailbox(letter.sender)
    message["To"] = mailbox(letter.recipient)
    if letter.reply_to:
        message["Reply-To"] = mailbox(letter.reply_to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.queued_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # no holiday notes in reply
    message.set_content(letter.body)
    page = html.page(letter.body, letter.subject, letter.language)
    message.add_alternative(page, subtype="html")
    # After the content, which takes such headers away.
    message.set_boundary(f"={letter.message_id.strip('<>').partition('@')[0]}")
    message["Content-Language"] = letter.language
    return message
