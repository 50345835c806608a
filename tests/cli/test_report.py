"""`report`: what answers are credited to, and how the numbers are written."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from sequencer.core.inbound import VerdictKind
from sequencer.store import schema
from sequencer.testing import DROP
from tests.cli.command_line import run
from tests.firm import Firm
from tests.store.ledger_rows import NOON

PEOPLE = ("ana@luso.example", "bo@nord.example", "cy@west.example", "di@ost.example")


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Four people had `intro` (messages 1–4), Di's outcome is unknown; Ana, Bo and Cy had `offer` (5–7)."""
    firm = Firm(tmp_path)
    firm.enroll(*PEOPLE)
    firm.courier.fail("DOT", DROP, recipient=PEOPLE[3])
    firm.tick()
    firm.later(days=1)
    firm.tick()
    run(firm.session, "tasks", "done", "1", "2", "3")
    firm.later(days=2)
    firm.tick()
    assert [row.step for row in firm.messages()] == ["intro"] * 4 + ["offer"] * 3
    return firm


def arrives(
    firm: Firm, kind: VerdictKind, contact: int, *, outbox: int | None = None, at: datetime | None = None
) -> None:
    """A recorded incoming message, as `flows.read` leaves it."""
    with firm.store.write() as tx:
        uid = len(tx.execute(schema.inbox.select()).all()) + 1
        place = {"mailbox": "wang", "folder": "INBOX", "uid_validity": 1, "uid": uid, "fingerprint": str(uid)}
        when = {"received_at": at or firm.clock.now() + timedelta(hours=1), "read_at": firm.clock.now()}
        values = {**place, **when, "kind": kind, "contact_id": contact, "outbox_id": outbox}
        tx.execute(insert(schema.inbox).values(**values, enrollment_id=contact if outbox else None))


def lines(firm: Firm, *words: str) -> dict[Any, dict[str, Any]]:
    document = run(firm.session, "report", "--json", *words).document
    return {line["step"]: line for line in document["lines"]}


def test_an_answer_counts_for_the_step_it_cites(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, outbox=1)
    found = lines(firm)
    assert (found["intro"]["replied"], found["offer"]["replied"]) == (1, 0)
    assert (found["intro"]["reached"], found["intro"]["unsure"]) == (3, 1)


def test_an_answer_that_cites_nothing_counts_for_the_last_message_before_it(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, at=NOON + timedelta(days=2))
    arrives(firm, VerdictKind.REPLY, 2)
    found = lines(firm)
    assert (found["intro"]["replied"], found["offer"]["replied"]) == (1, 1)


def test_an_answer_dated_before_its_message_by_a_slow_clock_still_counts(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, at=NOON - timedelta(seconds=3))
    assert lines(firm)["intro"]["replied"] == 1


def test_a_person_who_answers_twice_is_one(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, outbox=1)
    arrives(firm, VerdictKind.REPLY, 1, outbox=5)
    assert [line["replied"] for line in lines(firm).values()] == [1, 0]
    assert lines(firm, "--by", "sequence")[None]["replied"] == 1


def test_what_is_no_answer_stands_apart(firm: Firm) -> None:
    arrives(firm, VerdictKind.AUTO_REPLY, 1, outbox=1)
    arrives(firm, VerdictKind.BOUNCE, 2, outbox=2)
    arrives(firm, VerdictKind.UNSUBSCRIBE, 3, outbox=3)
    arrives(firm, VerdictKind.DELAY, 3, outbox=3)
    arrives(firm, VerdictKind.OTHER, 3, outbox=3)
    intro = lines(firm)["intro"]
    assert (intro["reached"], intro["replied"]) == (2, 0)
    assert (intro["auto_replies"], intro["bounced"], intro["opted_out"]) == (1, 1, 1)


def test_by_sequence_it_counts_people(firm: Firm) -> None:
    arrives(firm, VerdictKind.BOUNCE, 1, outbox=1)
    arrives(firm, VerdictKind.BOUNCE, 2, outbox=2)
    arrives(firm, VerdictKind.BOUNCE, 2, outbox=6)
    arrives(firm, VerdictKind.REPLY, 4, outbox=4)
    (line,) = run(firm.session, "report", "--by", "sequence", "--json").document["lines"]
    assert (line["reached"], line["replied"], line["bounced"], line["unsure"]) == (3, 1, 3, 0)


def test_since_counts_messages_that_left_from_that_day_on_in_the_firms_zone(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, outbox=1)
    assert set(lines(firm, "--since", "2026-03-03")) == {"offer"}
    assert set(lines(firm, "--since", "2026-03-02")) == {"intro", "offer"}
    screen = run(firm.session, "report", "--since", "2026-03-03").out
    assert screen.startswith("Messages sent since 2026-03-03 (Asia/Shanghai). Reached = messages sent")


def test_the_rate_carries_its_interval(firm: Firm) -> None:
    arrives(firm, VerdictKind.REPLY, 1, outbox=1)
    intro = lines(firm)["intro"]
    assert (intro["rate"], intro["low"], intro["high"]) == (0.3333, 0.0615, 0.7923)
    assert "1/3 33.3 % (6.1–79.2)" in run(firm.session, "report").out


def test_csv_opens_in_a_spreadsheet(firm: Firm, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    ran = run(firm.session, "report", "--csv", str(target))
    assert (ran.code, ran.out) == (0, "")
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfsequence,step,reached,replied,rate,low,high,")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["sequence"], row["step"], row["reached"]) for row in rows] == [
        ("fair", "intro", "3"),
        ("fair", "offer", "3"),
    ]
    # The runner shows line ends as \n.
    assert run(firm.session, "report", "--csv", "-").out.encode() == content.replace(b"\r\n", b"\n")


def test_one_sequence_alone(firm: Firm) -> None:
    assert set(lines(firm, "--sequence", "fair")) == {"intro", "offer"}
    ran = run(firm.session, "report", "--sequence", "fari")
    assert ran.code == 2
    assert "did you mean fair?" in ran.err


@pytest.mark.parametrize("words", [("--since", "yesterday"), ("--by", "rep"), ("--json", "--csv", "-")])
def test_wrong_words_are_refused(firm: Firm, words: tuple[str, ...]) -> None:
    assert run(firm.session, "report", *words).code == 2


def test_a_file_that_cannot_be_written_is_named(firm: Firm, tmp_path: Path) -> None:
    ran = run(firm.session, "report", "--csv", str(tmp_path))
    assert ran.code == 1
    assert str(tmp_path) in ran.err


def by_rep(firm: Firm, *words: str) -> list[dict[str, Any]]:
    found = run(firm.session, "report", "--json", *words).document["first_answers"]
    return list(found["by_rep"])


def test_first_answers_are_measured_from_the_mail_to_what_lies_in_sent(firm: Firm) -> None:
    now = firm.clock.now()
    arrives(firm, VerdictKind.REPLY, 1, outbox=1, at=now)
    arrives(firm, VerdictKind.REPLY, 1, outbox=1, at=now + timedelta(minutes=10))
    arrives(firm, VerdictKind.AUTO_REPLY, 2, outbox=2, at=now)
    arrives(firm, VerdictKind.REPLY, 3, outbox=3, at=now)
    arrives(firm, VerdictKind.HAND_WRITTEN, 1, at=now + timedelta(minutes=25))
    firm.later(hours=3)
    [wang] = by_rep(firm)
    assert wang == {
        "rep": "wang",
        "answered": 1,
        "median_minutes": 25,
        "p90_minutes": 25,
        "waiting": 1,
        "longest_waiting_minutes": 180,
    }
    said = run(firm.session, "report").out
    assert "nights and weekends included; auto-replies" in said
    assert said.splitlines()[-2:] == [
        "rep\tfirst answers\thalf within\t9 of 10 within\twait now\tthe longest",
        "wang\t1\t25 min\t25 min\t1\t3 h",
    ]


def test_first_answers_heed_since_and_sequence(firm: Firm) -> None:
    now = firm.clock.now()
    arrives(firm, VerdictKind.REPLY, 1, outbox=1, at=now)
    later = (now + timedelta(days=2)).strftime("%Y-%m-%d")
    assert by_rep(firm, "--since", later) == []
    assert [one["waiting"] for one in by_rep(firm, "--sequence", "fair")] == [1]


def test_first_answers_are_one_question_however_many_mails(firm: Firm) -> None:
    from sqlalchemy import event

    from sequencer.store.first_answers import human_mails

    asked: list[str] = []
    event.listen(firm.store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for _more in range(3):
        arrives(firm, VerdictKind.REPLY, 1, outbox=1)
        with firm.store.read() as tx:
            asked.clear()
            human_mails(tx)
            counts.append(len(asked))
    assert counts == [1, 1, 1]
