"""Candidates apply while parts of the site are killed; afterwards all data is counted."""

import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.components.candidate import apply
from tests.components.site import manage

CANDIDATES = 6  # who apply at the same time
MAX_FILE_SIZE = 300_000  # bytes of a document
COUNT = """
import json
from hashlib import sha256
from careers.applications.models import Application
from careers.documents.storage import document_storage
from careers.outbox.models import Email

def stored_sha256(document):
    try:
        with document_storage().open(document.key) as file:
            return sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return "lost"

print(json.dumps({
    "applications": [
        [row.display_reference, row.form_key, row.email, [stored_sha256(each.document) for each in row.attachments.all()]]
        for row in Application.objects.order_by("pk")
    ],
    "emails": list(Email.objects.values_list("message_id", "recipient", "state")),
}))
"""
INTEGRITY = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    print(cursor.fetchone()[0])
"""


@dataclass
class Outcome:
    """What was done to the site, and what was found; `faults` are violated guarantees."""

    kills: Counter
    receipts: list
    seconds: float
    emails: int = 0
    duplicates: int = 0  # emails sent again after a kill, with the same Message-ID
    faults: list = field(default_factory=list)

    @property
    def sent_again(self):
        """How many candidates sent the form more than once."""
        return sum(receipt.attempts > 1 for receipt in self.receipts)


def run(site, *, kills, acknowledged, seconds, pause):
    """Kill and apply until both numbers or the time limit are reached; the Outcome.

    `pause` is the longest time between two kills, in seconds.
    """
    start = time.monotonic()
    candidates = CandidateThreads(site)
    candidates.start()
    try:
        while time.monotonic() < start + seconds:
            if site.kills.total() >= kills and len(candidates.receipts) >= acknowledged:
                break
            time.sleep(random.uniform(0, pause))
            # Spread the kills over the whole run, on machines of any speed.
            if site.kills.total() * acknowledged <= kills * len(candidates.receipts):
                site.kill_something()
    finally:
        candidates.stop()
    site.deliver_remaining()
    outcome = Outcome(
        site.kills, candidates.receipts, time.monotonic() - start, faults=candidates.faults
    )
    count(site, outcome)
    return outcome


class CandidateThreads:
    """Threads of candidates who apply one after the other, each with another form, file and address.

    Every second one has no JavaScript, and has to confirm.
    """

    def __init__(self, site):
        self.site = site
        self.receipts, self.faults = [], []
        self.stopping = threading.Event()
        self.threads = [
            threading.Thread(target=self._apply, args=[number]) for number in range(CANDIDATES)
        ]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Wait until started applications are finished."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _apply(self, number):
        count = 0
        while not self.stopping.is_set():
            count += 1
            name = f"person{number}x{count}"
            content = (
                os.urandom(random.randrange(MAX_FILE_SIZE) // 2).hex().encode() + name.encode()
            )
            client = self.site.client(f"2001:db8:{number:x}:{count:x}::1")
            javascript = count % 2 == 1
            try:
                self.receipts.append(
                    apply(client, f"{name}@example.org", content, javascript=javascript)
                )
            except Exception as error:
                self.faults.append(f"{name} got no reference: {error!r}"[:500])


def count(site, outcome):
    """Check all guarantees; each violation is added to `outcome.faults`."""
    output = manage(site.environment, "shell", "--no-imports", "-c", COUNT)
    rows = json.loads(output)
    applications = {number: (email, files) for number, _key, email, files in rows["applications"]}
    for receipt in outcome.receipts:
        if applications.get(receipt.reference) != (receipt.email, [receipt.sha256]):
            outcome.faults.append(
                f"{receipt.reference} was shown, but is not stored as it was sent"
            )
    for key, times in Counter(key for _number, key, *_rest in rows["applications"]).items():
        if times > 1:
            outcome.faults.append(f"the form {key} is {times} applications")
    _count_emails(site, outcome, rows)
    if site.database is None:
        output = manage(site.environment, "shell", "--no-imports", "-c", INTEGRITY).strip()
        if output != "ok":
            outcome.faults.append(f"integrity_check says: {output}")


def _count_emails(site, outcome, rows):
    received = Counter(message["Message-ID"] for message in site.mail_server.messages)
    outcome.emails = len(rows["emails"])
    outcome.duplicates = sum(times - 1 for times in received.values())
    known = {message_id for message_id, *_rest in rows["emails"]}
    recipients = {recipient for _id, recipient, _state in rows["emails"]}
    for message_id, recipient, state in rows["emails"]:
        if state != "sent" or not received[message_id]:
            outcome.faults.append(f"an email to {recipient} is {state}, and was not delivered")
    for number, _key, email, _files in rows["applications"]:
        if email not in recipients:
            outcome.faults.append(f"{number} got no email")
    if unknown := received.keys() - known:
        outcome.faults.append(f"{len(unknown)} emails were sent without a row")
    # A worker sends one email at a time, so each kill can repeat one email at most.
    allowed = outcome.kills["the worker"] + outcome.kills["PostgreSQL"]
    if outcome.duplicates > allowed:
        outcome.faults.append(f"{outcome.duplicates} emails arrived twice after {allowed} kills")
