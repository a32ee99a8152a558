"""However many ask at once: a page is made once, and everybody gets the same bytes."""

import threading
import time
from collections import Counter

import pytest

from careers.page_cache.models import Generation

from .conftest import opened

pytestmark = pytest.mark.one_database

CROWD = 12


class Slow:
    """A site whose pages take their time; each one says which one it is."""

    def __init__(self, status="200 OK", caching="public", seconds=0.3, fault=None):
        self.status, self.caching, self.seconds, self.fault = status, caching, seconds, fault
        self.made = Counter()
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.made[environ["PATH_INFO"]] += 1
            number = self.made[environ["PATH_INFO"]]
        if environ["PATH_INFO"] == "/en/":  # asked for before the crowd comes
            start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public")])
            return [b"home"]
        time.sleep(self.seconds)
        if self.fault:
            raise self.fault
        start_response(
            self.status, [("Content-Type", "text/html"), ("Cache-Control", self.caching)]
        )
        return [f"page {number} {environ['PATH_INFO']}".encode() * 100]


def ask_at_once(door, addresses):
    """What everybody of a crowd got, and the seconds until the last one had it."""
    together, answers = threading.Barrier(len(addresses)), []

    def ask(address):
        together.wait()
        try:
            answers.append(door.ask(address))
        except ZeroDivisionError as fault:
            answers.append(fault)

    crowd = [threading.Thread(target=ask, args=[address]) for address in addresses]
    start = time.monotonic()
    for somebody in crowd:
        somebody.start()
    for somebody in crowd:
        somebody.join(20)
    assert len(answers) == len(addresses), "somebody waits for ever"
    return answers, time.monotonic() - start


def test_a_page_is_made_once(transactional_db):
    slow = Slow()
    with opened(slow) as door:
        door.keep("/en/")
        answers, _seconds = ask_at_once(door, ["/en/roles/"] * CROWD)
        assert slow.made["/en/roles/"] == 1
        assert len({answer.body for answer in answers}) == 1
        said = Counter(answer.said for answer in answers)
        assert said["fwd=miss; stored"] == 1
        assert said["fwd=miss; collapsed"] + said["hit"] == CROWD - 1
        assert said["fwd=miss; collapsed"] > 0


def test_different_pages_do_not_wait_for_each_other(transactional_db):
    slow = Slow(seconds=0.5)
    with opened(slow) as door:
        door.keep("/en/")
        addresses = ["/en/roles/", "/ja/roles/", "/en/hiring/", "/ja/hiring/"] * 2
        answers, seconds = ask_at_once(door, addresses)
        assert {answer.status for answer in answers} == {200}
        assert set(slow.made.values()) - {slow.made["/en/"]} == {1}
        assert seconds < 4 * slow.seconds


@pytest.mark.parametrize(
    "slow", [Slow(status="404 Not Found"), Slow(caching="private"), Slow(status="500 Oh")]
)
def test_what_is_not_kept_holds_nobody_up(transactional_db, slow):
    with opened(slow) as door:
        door.keep("/en/")
        answers, seconds = ask_at_once(door, ["/en/roles/"] * CROWD)
        assert slow.made["/en/roles/"] == CROWD
        assert len({answer.body for answer in answers}) == CROWD  # each has an answer of its own
        assert seconds < 3


def test_a_failure_frees_everybody(transactional_db):
    slow = Slow(fault=ZeroDivisionError())
    with opened(slow) as door:
        door.keep("/en/")
        answers, _seconds = ask_at_once(door, ["/en/roles/"] * 4)
        assert [type(answer) for answer in answers] == [ZeroDivisionError] * 4
        slow.fault = None
        assert door.ask("/en/roles/").said == "fwd=miss; stored"


def test_nobody_waits_for_a_page_that_was_begun_before_an_edit(transactional_db):
    slow = Slow(seconds=1)
    with opened(slow) as door:
        door.keep("/en/")
        answers = []
        early = threading.Thread(target=lambda: answers.append(door.ask("/en/roles/")))
        early.start()
        time.sleep(0.2)
        Generation.bump()
        time.sleep(0.2)
        late = door.ask("/en/roles/")
        early.join()
        assert slow.made["/en/roles/"] == 2
        assert answers[0].said == "fwd=miss"  # it had become old when it was ready
        assert late.said == "fwd=miss; stored"
        assert door.ask("/en/roles/").body == late.body


def test_patience_has_an_end(transactional_db):
    slow = Slow(seconds=1)
    with opened(slow, lock_timeout=0.1) as door:
        door.keep("/en/")
        answers, seconds = ask_at_once(door, ["/en/roles/"] * 2)
        assert slow.made["/en/roles/"] == 2
        assert {answer.status for answer in answers} == {200}
        assert seconds < 2
