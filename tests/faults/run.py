"""People apply while parts of the site are killed; afterwards it is counted what is there."""

import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.components.candidate import apply
from tests.components.site import manage

PEOPLE = 6  # who apply at the same time
LARGEST = 300_000  # bytes of a document
COUNT = """
import json
from hashlib import sha256
from careers.applications.models import Application
from careers.documents.storage import document_storage
from careers.outbox.models import Email

def kept(document):
    try:
        with document_storage().open(document.key) as file:
            return sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return "lost"

print(json.dumps({
    "applications": [
        [row.display_reference, row.form_key, row.email, [kept(each.document) for each in row.attachments.all()]]
        for row in Application.objects.order_by("pk")
    ],
    "letters": list(Email.objects.values_list("message_id", "recipient", "state")),
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
    """What was done to the site, and what became of the promises; `faults` are broken ones."""

    kills: Counter
    arrived: list
    seconds: float
    letters: int = 0
    twice: int = 0  # letters that left once more after a kill, with the same Message-ID
    faults: list = field(default_factory=list)

    @property
    def sent_again(self):
        """How often people had to send the form more than once."""
        return sum(person.attempts > 1 for person in self.arrived)


def run(stage, *, kills, acknowledged, seconds, pause):
    """Kill and apply until both numbers are reached, or the time is over; the Outcome.

    `pause` is the longest time between two kills, in seconds.
    """
    start = time.monotonic()
    crowd = Crowd(stage)
    crowd.start()
    try:
        while time.monotonic() < start + seconds:
            if stage.kills.total() >= kills and len(crowd.arrived) >= acknowledged:
                break
            time.sleep(random.uniform(0, pause))
            # Spread over the whole run, however fast this machine is.
            if stage.kills.total() * acknowledged <= kills * len(crowd.arrived):
                stage.kill_something()
    finally:
        crowd.stop()
    stage.deliver_the_rest()
    outcome = Outcome(stage.kills, crowd.arrived, time.monotonic() - start, faults=crowd.faults)
    count(stage, outcome)
    return outcome


class Crowd:
    """People who apply one after the other, each with a form, a file and an address of their own.

    Every second one has no JavaScript, and is asked to confirm.
    """

    def __init__(self, stage):
        self.stage = stage
        self.arrived, self.faults = [], []
        self.done = threading.Event()
        self.threads = [
            threading.Thread(target=self._apply, args=[number]) for number in range(PEOPLE)
        ]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Let everybody finish who has begun."""
        self.done.set()
        for thread in self.threads:
            thread.join()

    def _apply(self, number):
        count = 0
        while not self.done.is_set():
            count += 1
            name = f"person{number}x{count}"
            file = os.urandom(random.randrange(LARGEST) // 2).hex().encode() + name.encode()
            site = self.stage.site(f"2001:db8:{number:x}:{count:x}::1")
            scripted = count % 2 == 1
            try:
                self.arrived.append(apply(site, f"{name}@example.org", file, scripted=scripted))
            except Exception as fault:
                self.faults.append(f"{name} got no reference: {fault!r}"[:500])


def count(stage, outcome):
    """Look at everything that was promised; what is not so becomes a fault of the outcome."""
    said = manage(stage.environment, "shell", "--no-imports", "-c", COUNT)
    rows = json.loads(said)
    there = {number: (email, files) for number, _key, email, files in rows["applications"]}
    for person in outcome.arrived:
        if there.get(person.reference) != (person.email, [person.sha256]):
            outcome.faults.append(f"{person.reference} was shown, and is not there as it was sent")
    for key, times in Counter(key for _number, key, *_rest in rows["applications"]).items():
        if times > 1:
            outcome.faults.append(f"the form {key} is {times} applications")
    _count_letters(stage, outcome, rows)
    if stage.database is None:
        said = manage(stage.environment, "shell", "--no-imports", "-c", INTEGRITY).strip()
        if said != "ok":
            outcome.faults.append(f"integrity_check says: {said}")


def _count_letters(stage, outcome, rows):
    taken = Counter(letter["Message-ID"] for letter in stage.mail_server.letters)
    outcome.letters = len(rows["letters"])
    outcome.twice = sum(times - 1 for times in taken.values())
    known = {message_id for message_id, *_rest in rows["letters"]}
    told = {recipient for _id, recipient, _state in rows["letters"]}
    for message_id, recipient, state in rows["letters"]:
        if state != "sent" or not taken[message_id]:
            outcome.faults.append(f"a letter to {recipient} is {state}, and was not delivered")
    for number, _key, email, _files in rows["applications"]:
        if email not in told:
            outcome.faults.append(f"{number} was never confirmed by a letter")
    if unknown := taken.keys() - known:
        outcome.faults.append(f"{len(unknown)} letters left that no row knows")
    # Whoever delivers has one letter in its hands: a kill can make no more than that one leave again.
    allowed = outcome.kills["the background work"] + outcome.kills["PostgreSQL"]
    if outcome.twice > allowed:
        outcome.faults.append(f"{outcome.twice} letters arrived twice after {allowed} kills")
