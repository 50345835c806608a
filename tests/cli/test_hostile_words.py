"""Subjects and names with terminal commands in them: wherever printed, they are shown, not obeyed."""

import json
import logging
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.cli.log_format import JsonFormatter, TextFormatter
from sequencer.cli.session import Session
from sequencer.store import schema, tasks
from tests.cli.command_line import run
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"
SEQUENCES = {
    "a CSI": "\x1b[2J\x1b[31mBearings",
    "a title": "\x1b]0;owned\x07Bearings",
    "a link": "\x1b]8;;http://evil\x1b\\Bearings",
    "an 8-bit CSI": "\x9b2JBearings",
    "an 8-bit OSC": "\x9d0;owned\x9cBearings",
    "a direction override": "\u202eBearings\u202c",
    "an isolate": "\u2066Bearings\u2069",
    "a backspace": "Bearings\x08\x08\x7f",
    "a line separator": "Bearings\u2028admin logged in\u2029",
    "a next line": "Bearings\x85admin logged in",
}
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
COMMANDS = [
    ("inbox", "list", "--all"),
    ("inbox", "list", "--json"),
    ("inbox", "show", "1"),
    ("inbox", "show", "1", "--json"),
    ("inbox", "explain", "1"),
    ("inbox", "explain", "1", "--json"),
    ("inbox", "classify", "{file}"),
    ("inbox", "classify", "--jsonl", "{file}"),
    ("why", ANA),
    ("why", ANA, "--json"),
    ("tasks", "list"),
    ("tasks", "list", "--json"),
]


@pytest.fixture(params=SEQUENCES)
def words(request: pytest.FixtureRequest) -> str:
    return SEQUENCES[request.param]


@pytest.fixture
def session(tmp_path: Path, words: str) -> Session:
    """Ana, whose name and whose mail's subject, sender and text carry the sequence, has a task too."""
    office = Office(tmp_path / "w")
    contact_id = office.add_contact(ANA)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    [ours] = office.received()
    raw = mail(words, ours["Message-ID"])
    (tmp_path / "one.eml").write_bytes(raw)
    office.mailboxes["wang"].append("INBOX", raw)
    office.run(MONDAY + timedelta(hours=5))
    engine, now = office.engine, office.clock.now()
    with engine.store.write() as tx:
        name = {"first_name": words, "company": words}
        tx.execute(update(schema.contacts).where(schema.contacts.c.id == contact_id).values(**name))
        tasks.add(
            tx,
            contact_id=contact_id,
            enrollment_id=None,
            step=None,
            rep="wang",
            title=words,
            due_at=now,
            now=now,
        )
    session = Session(workspace=str(office.root), acting=None, quiet=False, debug=False)
    session.__dict__.update(clock=office.clock, config=engine.config, store=engine.store, engine=engine)
    return session


def mail(words: str, answered: str) -> bytes:
    return (
        f'From: "{words}" <{ANA}>\r\nTo: wang@firm.example\r\nSubject: Re: {words}\r\n'
        f"Message-ID: <1@luso.example>\r\nIn-Reply-To: {answered}\r\n"
        f"Date: Mon, 12 Oct 2026 10:00:00 +0000\r\n\r\nPlease unsubscribe me {words}\r\n"
    ).encode()


def test_no_command_obeys_them(session: Session, words: str, tmp_path: Path) -> None:
    for command in COMMANDS:
        ran = run(session, *(one.format(file=tmp_path / "one.eml") for one in command))
        assert ran.code == 0, ran.err
        assert OBEYED.search(ran.out + ran.err) is None, command
        if command[0] != "why":
            assert "Bearings" in ran.out, command
        if "--json" in command or "--jsonl" in command:
            assert ran.document, "escaped as JSON escapes"


def test_documents_keep_what_was_written(session: Session, words: str) -> None:
    [task] = run(session, "tasks", "list", "--json").document["tasks"]
    assert task["title"] == words


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_no_log_line_obeys_them(words: str, formatter: logging.Formatter) -> None:
    try:
        raise ValueError(words)
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("sequencer.mail", logging.ERROR, "x.py", 1, "read %s", (words,), error)
    record.detail = words
    line = formatter.format(record)
    assert OBEYED.search(line) is None
    assert line.count("Bearings") == 3
    assert len(line.splitlines()) == 1
    if isinstance(formatter, JsonFormatter):
        assert json.loads(line)["detail"] == words
