"""Log lines: one each, readable or JSON, with nobody's address, and without tracebacks unless asked for."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from sequencer.cli.log_format import set_up_logging

OWN = {"wang@firm.example"}
logger = logging.getLogger("sequencer.mail")


Told = Callable[[], str]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Iterator[Told]:
    """What the log wrote; the loggers are put back as they were."""
    before = {
        name: (one.handlers[:], one.level, one.propagate)
        for name in ("sequencer", "apscheduler")
        for one in [logging.getLogger(name)]
    }
    yield lambda: capsys.readouterr().err
    for name, (handlers, level, propagate) in before.items():
        one = logging.getLogger(name)
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


def fail(words: str) -> None:
    try:
        raise ValueError(words)
    except ValueError:
        logger.exception("tick failed", extra={"mailbox": "wang"})


def test_a_line_names_mailbox_message_contact_step_and_detail(told: Told) -> None:
    set_up_logging("text")
    extra = {"mailbox": "wang", "message_row": 12, "contact_id": 7, "step": "short/intro", "detail": "250 Ok"}
    logger.info("sent", extra=extra)
    [line] = told().splitlines()
    assert line.partition("Z ")[2] == "info wang sent message 12 contact 7 short/intro: 250 Ok"


def test_json_has_the_same_fields(told: Told) -> None:
    set_up_logging("json")
    logger.warning(
        "deferred", extra={"mailbox": "wang", "message_row": 12, "contact_id": 7, "detail": "later"}
    )
    line = json.loads(told())
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning",
        "event": "deferred",
        "mailbox": "wang",
        "message_row": 12,
        "contact_id": 7,
        "detail": "later",
    }


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 <ana.silva@luso.example>: unknown",
        "550 ana.silva+tools@luso.example,",
        "mailbox 'Ana.Silva@LUSO.example' is full",
        "to=ana.silva@luso.example; no",
        "(王伟.silva@邮件.example) ?",
    ],
)
def test_a_buyers_address_in_a_servers_words_is_masked(told: Told, log_format: str, said: str) -> None:
    set_up_logging(log_format, OWN)
    logger.info("refused", extra={"detail": said})
    logger.info("a library said %s", said)
    fail(said)
    said = told()
    assert said.count("(address)") == 3
    assert "silva" not in said.lower()
    assert "@" not in said


def test_our_own_mailboxes_address_is_named(told: Told) -> None:
    set_up_logging("text", OWN)
    logger.info("smtp fails", extra={"detail": "let the login (Wang@firm.example) send as that address"})
    assert "(Wang@firm.example)" in told()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_failure_is_one_line_with_its_place(told: Told, log_format: str) -> None:
    set_up_logging(log_format)
    fail("two\nlines")
    [line] = told().splitlines()
    assert "ValueError at test_log_format.py:" in line
    assert "two lines" in line
    assert "Traceback" not in line


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_debug_shows_how_it_came_about(told: Told, log_format: str) -> None:
    set_up_logging(log_format, with_tracebacks=True)
    fail("for ana@luso.example")
    said = told()
    assert "Traceback (most recent call last)" in said
    assert "@luso" not in said


def test_what_a_server_says_cannot_make_lines_of_its_own(told: Told) -> None:
    set_up_logging("text")
    logger.info("deferred", extra={"detail": "no\n2026-01-01 00:00:00Z info wang sent\x1b[2J"})
    [line] = told().splitlines()
    assert "\x1b" not in line


def test_the_metronomes_errors_are_log_lines_too(told: Told) -> None:
    set_up_logging("json")
    logging.getLogger("apscheduler.scheduler").info("chatter")
    logging.getLogger("apscheduler.scheduler").error("a job was lost")
    assert json.loads(told())["event"] == "a job was lost"
