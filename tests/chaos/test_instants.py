"""What the harness rests on: what a commit writes, where a process stood, which commits are durable."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from sequencer.testing import FakeClock
from tests.chaos import __main__
from tests.chaos.instants import watch_commits, written_by
from tests.chaos.journal import BEGAN, Doom, Entry, Journal, Life, read_journal
from tests.chaos.judge import Verdict, durability_faults, where_it_stood
from tests.flows.office import MONDAY

WAY = (
    *("before commit claimed", "after commit claimed", "before mail", "after rcpt"),
    *("before commit sending", "after commit sending", "before dot", "after dot"),
    *("before commit sent", "after commit sent"),
)
ANA, BEN = "ana@luso.example", "ben@muster.example"


def passed(*instants: str, to: str = ANA, synchronous: str = "full", mailbox: str = "paced") -> list[Entry]:
    return [
        Entry(after_in=0.0, mailbox=mailbox, recipient=to, instant=instant, synchronous=synchronous)
        for instant in instants
    ]


@pytest.mark.parametrize(
    ("statement", "parameters", "words"),
    [
        ("UPDATE outbox SET state=?, reason=? WHERE outbox.id = ?", ("sent", "", 1), {"sent"}),
        ("UPDATE outbox SET reason=?, state=? WHERE state = ?", ("", "claimed", "ready"), {"claimed"}),
        ("UPDATE outbox SET reason=:r, state=:s WHERE id=:i", {"r": "", "s": "sending", "i": 1}, {"sending"}),
        ("update outbox set state='unsure' where id=1", (), {"unsure"}),
        ("UPDATE outbox SET state=? WHERE id=?", [("sent", 1), ("refused", 2)], {"sent", "refused"}),
        (
            "UPDATE outbox SET state=CASE id WHEN ? THEN ? ELSE 'unsure' END WHERE 1",
            (1, "sent"),
            {"sent", "unsure"},
        ),
        ("UPDATE outbox SET retry_at=NULL WHERE outbox.state = ?", ("ready",), set()),
        ("UPDATE enrollments SET state=? WHERE id=?", ("finished", 1), set()),
        ("INSERT INTO outbox (id) VALUES (?)", (1,), {"prepared"}),
        ("INSERT OR IGNORE INTO inbox (id) VALUES (?)", (1,), {"answer"}),
        ("SELECT state FROM outbox", (), set()),
    ],
)
def test_a_statement_is_known_by_the_states_that_it_writes(
    statement: str, parameters: object, words: set[str]
) -> None:
    assert written_by(statement, parameters) == words


@pytest.mark.parametrize("last", range(len(WAY)))
def test_only_between_the_mark_and_the_outcome_can_nobody_know(last: int) -> None:
    life = Life(number=0, how="instant", entries=passed(*WAY[: last + 1]))
    first, end = WAY.index("before commit sending"), WAY.index("after commit sent")
    assert (where_it_stood(life, "paced", ANA) is not None) == (first <= last < end), WAY[last]


def test_an_outcome_may_be_written_with_the_next_mark_and_no_later() -> None:
    sent = passed(*WAY[2 : WAY.index("after dot") + 1])
    ahead = [*sent, *passed("after 354", to=BEN)]
    doubtful = [
        (ahead, {ANA}),
        ([*ahead, *passed("before commit sending+sent", to=BEN)], {ANA, BEN}),
        ([*ahead, *passed("before commit sending+sent", "after commit sending+sent", to=BEN)], {BEN}),
        ([*ahead, *passed("before commit sending", "after commit sending", to=BEN)], {BEN}),
    ]
    for entries, whose in doubtful:
        life = Life(number=0, how="instant", entries=entries)
        assert {one for one in (ANA, BEN) if where_it_stood(life, "paced", one)} == whose, entries[-1]


def test_a_process_that_stood_at_another_message_explains_nothing() -> None:
    life = Life(number=0, how="instant", entries=passed(*WAY[:8]))
    assert where_it_stood(life, "paced", BEN) is None
    assert where_it_stood(life, "relay", ANA) is None


def test_a_mark_without_fsync_is_a_fault_only_where_messages_are_paced() -> None:
    marked = passed("after commit sending", synchronous="normal")
    assert durability_faults([Life(number=0, how="instant", entries=marked)]) == [
        "paced: after commit sending is only synchronous=normal"
    ]
    relayed = passed("after commit sending", synchronous="normal", mailbox="relay")
    assert durability_faults([Life(number=0, how="instant", entries=relayed)]) == []


def test_results_without_fsync_at_the_end_of_a_peaceful_life_are_a_fault() -> None:
    results = passed("after commit sent", synchronous="normal", mailbox="relay")
    assert durability_faults([Life(number=0, how="exit", entries=results)]) == [
        "relay: a peaceful life ends with after commit sent not durable"
    ]
    settled = [*results, *passed("after commit claimed+sent", mailbox="relay")]
    assert durability_faults([Life(number=0, how="exit", entries=settled)]) == []


def test_a_campaign_that_broke_a_promise_ends_with_one_and_the_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = {1: Verdict(seed=1), 2: Verdict(seed=2, breaches=["ana@luso.example got step intro 2 times"])}
    monkeypatch.setattr(__main__, "play", lambda _root, *, seed, **_options: verdicts[seed])
    assert __main__.main(["--seed", "1"]) == 0
    assert __main__.main(["--seed", "1", "--seed", "2"]) == 1
    assert "got step intro 2 times" in capsys.readouterr().out


def test_a_commit_that_settles_what_is_owed_to_the_disk_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "life", FakeClock(MONDAY), Doom())
    with pytest.MonkeyPatch.context() as patch:
        for module in (sqlite3, sqlite3.dbapi2):
            patch.setattr(module, "connect", sqlite3.connect)  # put back at the end
        watch_commits(journal)
        with contextlib.closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE outbox (id INTEGER, state TEXT)")
            connection.execute("CREATE TABLE events (kind TEXT)")
            for level, statement in (
                ("FULL", "INSERT INTO events VALUES ('nothing is owed')"),
                ("NORMAL", "UPDATE outbox SET state = 'sent'"),
                ("FULL", "SELECT count(*) FROM events"),
                ("FULL", "INSERT INTO events VALUES ('batch')"),
                ("FULL", "INSERT INTO events VALUES ('nothing is owed')"),
            ):
                connection.execute(f"PRAGMA synchronous={level}")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(statement)
                connection.execute("COMMIT")
    entries = read_journal(tmp_path / "life", Life(number=0)).entries
    assert [(entry.instant, entry.synchronous) for entry in entries if "after" in entry.instant] == [
        ("after commit sent", "normal"),
        ("after commit batch", "full"),
    ]


def test_a_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "life", FakeClock(MONDAY), Doom())
    journal.boot("b00t")
    journal.instant(BEGAN)
    journal.here.mailbox, journal.here.recipient = "paced", ANA
    journal.instant("before commit sent", "full")
    life = read_journal(tmp_path / "life", Life(number=0, how="exit"))
    assert life.boot_ids == ["b00t"]
    assert [entry.instant for entry in life.entries] == [BEGAN, "before commit sent"]
    assert life.of("paced") == passed("before commit sent")
    assert life.recovered_in == 0.0
