"""Several mailboxes in one daemon: one's trouble is its own, and each follow-up waits for all that wrote."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.desks import ANA, BEN, Desks, make_enrolled, open_desks
from tests.e2e.stage import PASSWORD, parsed, reply_to
from tests.servers.certificates import server_context
from tests.servers.smtp_server import STALL, SmtpServer


@pytest.fixture(scope="module")
def enrolled_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_enrolled(tmp_path_factory.mktemp("twice"), both_to_ana=True)


@pytest.fixture
def both_wrote_to_ana(tmp_path: Path, enrolled_twice: Path) -> Iterator[Desks]:
    with open_desks(tmp_path, enrolled_twice) as desks:
        yield desks


def mailbox_lines(desks: Desks, verb: str, name: str) -> list[str]:
    return [line for line in desks.log.splitlines() if f" {name} {verb}" in line]


def read_at_of(desks: Desks, name: str) -> str:
    [(at,)] = desks.ask(f"SELECT read_at FROM mailboxes WHERE name = '{name}'")
    return str(at)


def test_a_server_that_hangs_delays_no_other_mailbox(desks: Desks) -> None:
    hanging, other = desks.mailbox_of(ANA), desks.mailbox_of(BEN)
    desks.smtp[hanging].fail("DOT", STALL, is_kept=True)
    desks.run()
    desks.smtp[hanging].wait_stalled()
    desks.smtp[other].wait_received(1)
    desks.wait_states("sending", "sent")
    desks.smtp[hanging].release()
    desks.wait_states("sent", "sent")
    assert [len(desks.smtp[name].received) for name in (hanging, other)] == [1, 1]


def test_a_wrong_password_pauses_its_mailbox_alone_and_resume_brings_it_back(desks: Desks) -> None:
    desks.smtp["wang"].accounts = {"wang@firm.example": "another"}
    desks.run()
    desks.wait_states("ready", "sent")
    desks.wait_log("smtp fails")
    [line] = mailbox_lines(desks, "smtp fails", "wang")
    for words in (
        "error",
        f"127.0.0.1:{desks.smtp['wang'].port}",
        "535",
        "set the right password",
        "mailboxes resume wang",
    ):
        assert words in line
    assert [box["paused_at"] is not None for box in desks.status()["mailboxes"]] == [False, True]
    tries, read_at = desks.smtp["wang"].verbs.count("AUTH"), read_at_of(desks, "wang")
    desks.wait(lambda: read_at_of(desks, "wang") != read_at)
    assert desks.smtp["wang"].verbs.count("AUTH") == tries == 1

    desks.smtp["wang"].accounts = {"wang@firm.example": PASSWORD}
    desks.stage.command("mailboxes", "resume", "wang")
    desks.wait_states("sent", "sent")
    assert len(desks.smtp["wang"].received) == len(desks.smtp["li"].received) == 1


def test_an_unreachable_server_is_one_line_and_pauses_nothing(desks: Desks) -> None:
    with SmtpServer() as gone:
        pass
    desks.smtp_port["wang"] = gone.port
    desks.configure()
    desks.run()
    desks.wait_states("ready", "sent")
    desks.wait_log("smtp fails")
    [line] = mailbox_lines(desks, "smtp fails", "wang")
    assert f"127.0.0.1:{gone.port} cannot be reached" in line
    assert "check host and port" in line
    assert all(box["paused_at"] is None for box in desks.status()["mailboxes"])


def test_a_certificate_that_does_not_fit_is_one_line_and_pauses_its_mailbox_alone(desks: Desks) -> None:
    with SmtpServer(security="starttls", tls_context=server_context("elsewhere.example")) as server:
        desks.smtp_port["wang"] = server.port
        desks.configure()
        desks.run()
        desks.wait_states("ready", "sent")
        desks.wait_log("smtp fails")
        assert server.received == []
        assert "MAIL" not in server.verbs
    [line] = mailbox_lines(desks, "smtp fails", "wang")
    assert f"127.0.0.1:{server.port}" in line
    assert "certificate" in line
    assert [box["paused_at"] is not None for box in desks.status()["mailboxes"]] == [False, True]


def test_an_inbox_that_cannot_be_read_is_one_line_and_first_messages_leave(desks: Desks) -> None:
    desks.imap["wang"].add_user("wang", "another")
    desks.run()
    desks.wait_states("sent", "sent")
    desks.wait(lambda: len(desks.ask("SELECT 1 FROM mailboxes WHERE read_failed_at IS NOT NULL")) == 1)
    desks.wait(lambda: mailbox_lines(desks, "inbox fails", "wang"))
    [line] = mailbox_lines(desks, "inbox fails", "wang")
    assert f"127.0.0.1:{desks.imap['wang'].port}" in line
    assert "password" in line
    [wang] = [box for box in desks.status()["mailboxes"] if box["name"] == "wang"]
    assert wang["read_failure"]
    assert wang["paused_at"] is None


def test_follow_ups_wait_until_every_mailbox_that_wrote_is_read_and_then_leave(
    both_wrote_to_ana: Desks,
) -> None:
    desks = both_wrote_to_ana
    desks.stage.move(timedelta(0))
    desks.stage.launch()
    desks.wait_states("sent", "sent")
    desks.imap["li"].stop()
    desks.stage.move(timedelta(days=3, minutes=1))
    desks.wait_log("inbox of li unread since", count=2)
    assert len(desks.smtp["li"].received) + len(desks.smtp["wang"].received) == 2
    desks.imap["li"].start()
    desks.wait_states("sent", "sent", "sent", "sent")
    assert len(desks.smtp["li"].received) == len(desks.smtp["wang"].received) == 2


def test_an_answer_to_one_mailbox_stops_the_other_ones_follow_ups_too(both_wrote_to_ana: Desks) -> None:
    desks = both_wrote_to_ana
    desks.stage.move(timedelta(0))
    desks.stage.launch()
    desks.wait_states("sent", "sent")
    sent = parsed(desks.smtp["li"].received[0].raw)
    desks.imap["li"].deliver("li", reply_to(sent, "Thank you, please call me next week."))
    desks.stage.move(timedelta(days=3, minutes=1))
    desks.wait(lambda: desks.ask("SELECT finish_reason FROM enrollments") == [("replied",)] * 2)
    assert len(desks.smtp["li"].received) + len(desks.smtp["wang"].received) == 2


def test_run_once_sends_a_follow_up_whatever_the_order_of_the_mailboxes_it_needs_read(
    both_wrote_to_ana: Desks,
) -> None:
    desks = both_wrote_to_ana
    desks.stage.move(timedelta(0))
    desks.stage.run_once()
    desks.stage.move(timedelta(days=3, minutes=1))
    desks.stage.run_once()
    assert desks.states() == ["sent"] * 4


def test_a_mailbox_that_wrote_is_missed_at_start_until_somebody_reads_for_it(desks: Desks) -> None:
    assert desks.run("--once").wait(60) == 0
    assert desks.states() == ["sent", "sent"]
    desks.configure(names=("wang",))
    refused = desks.try_out("run")
    assert refused.returncode == 2
    assert "config.toml: mailbox 'li' has written to buyers and is no longer in config.toml" in refused.stderr
    assert "[[retired]] name = 'li'" in refused.stderr
    desks.configure(names=("wang",), more='\n[[retired]]\nname = "li"\nreplies_in = "wang"\n')
    assert desks.run("--once").wait(60) == 0, desks.log
