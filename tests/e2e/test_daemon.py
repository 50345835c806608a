"""The daemon as a process: how it stops, what it holds, and what it says of itself."""

import json
import platform
import signal

import pytest

from sequencer.store.lock import RunLock
from tests.e2e.desks import Desks
from tests.e2e.stage import PASSWORD
from tests.servers.scripted_imap import Fault, ScriptedImap
from tests.servers.scripted_smtp import SILENCE, ScriptedSmtp
from tests.servers.smtp_server import STALL

STOP_SECONDS = 5
"""What the daemon promises when nothing is on the wire."""


def stopped_runs(desks: Desks) -> list[bool]:
    return [row[0] is not None for row in desks.ask("SELECT stopped_at FROM daemon_runs")]


def assert_lock_is_free(desks: Desks) -> None:
    lock = RunLock(desks.database)
    lock.take()
    lock.release()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_idle_daemon_stops_in_order_on_the_first_signal(desks: Desks, number: signal.Signals) -> None:
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    daemon.send_signal(number)
    assert daemon.wait(STOP_SECONDS) == 0
    assert stopped_runs(desks) == [True]
    assert_lock_is_free(desks)
    assert desks.log.splitlines()[-1].endswith("info stopped")
    assert desks.status()["daemon"]["state"] == "stopped"


def test_a_message_past_data_gets_its_grace_and_is_sent_when_the_answer_comes(desks: Desks) -> None:
    desks.smtp["wang"].fail("DOT", STALL, is_kept=True)
    daemon = desks.run()
    desks.wait_states("sending", "sent")
    daemon.terminate()
    desks.wait_log("stopping")
    desks.smtp["wang"].release()
    assert daemon.wait(STOP_SECONDS) == 0
    assert desks.states() == ["sent", "sent"]


def test_a_message_past_data_becomes_unsure_when_its_grace_is_over(desks: Desks) -> None:
    desks.configure(limits='shutdown_grace = "1s"')
    desks.smtp["wang"].fail("DOT", STALL, is_kept=True)
    daemon = desks.run()
    desks.wait_states("sending", "sent")
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    assert desks.states() == ["sent", "unsure"]
    assert desks.ask("SELECT hold_reason FROM enrollments WHERE state = 'held'") == [("unsure",)]
    assert "no answer to the final dot: it was broken off" in desks.log
    assert "Traceback" not in desks.log
    assert stopped_runs(desks) == [True]


def test_the_second_signal_leaves_at_once_and_the_next_start_calls_the_message_unsure(desks: Desks) -> None:
    desks.smtp["wang"].fail("DOT", STALL, is_kept=True)
    daemon = desks.run()
    desks.wait_states("sending", "sent")
    daemon.send_signal(signal.SIGINT)
    desks.wait_log("stopping")
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(STOP_SECONDS) == 128 + signal.SIGINT
    assert stopped_runs(desks) == [False]
    assert desks.states() == ["sending", "sent"]
    desks.run("--once").wait(60)
    assert desks.states() == ["sent", "unsure"]
    assert len(desks.smtp["wang"].received) == 1


@pytest.mark.parametrize("command", ["GREETING", "STATUS"])
def test_a_reading_that_hangs_does_not_keep_the_daemon_from_stopping(desks: Desks, command: str) -> None:
    with ScriptedImap(script={command: Fault.STALL}) as server:
        desks.imap_port["wang"] = server.port
        desks.configure()
        daemon = desks.run()
        assert server.stalled.wait(30), desks.log
        daemon.terminate()
        # 4.1 s by design: three to finish, one to write down that it was broken off.
        assert daemon.wait(2 * STOP_SECONDS) == 0
    assert stopped_runs(desks) == [True]
    assert_lock_is_free(desks)


def test_a_dial_that_hangs_does_not_keep_the_daemon_from_stopping_and_nothing_is_unsure(desks: Desks) -> None:
    with ScriptedSmtp(script={"EHLO": SILENCE}) as server:
        desks.smtp_port["wang"] = server.port
        desks.configure()
        daemon = desks.run()
        desks.wait(lambda: server.heard)
        daemon.terminate()
        assert daemon.wait(STOP_SECONDS) == 0
    assert "claimed" not in desks.states()
    assert "ready" in desks.states()


def test_servers_that_answer_no_goodbye_do_not_keep_the_daemon_from_stopping(desks: Desks) -> None:
    extensions = ("AUTH PLAIN", "STARTTLS")
    with (
        ScriptedSmtp(script={"QUIT": SILENCE}, extensions=extensions) as smtp,
        ScriptedImap(script={"LOGOUT": Fault.STALL}) as imap,
    ):
        desks.security = "none"
        desks.smtp_port = dict.fromkeys(("li", "wang"), smtp.port)
        desks.imap_port = dict.fromkeys(("li", "wang"), imap.port)
        desks.configure()
        daemon = desks.run()
        desks.wait_states("sent", "sent")
        daemon.terminate()
        assert daemon.wait(STOP_SECONDS) == 0
    assert stopped_runs(desks) == [True]


def test_run_once_stops_on_a_signal_while_a_server_hangs(desks: Desks) -> None:
    with ScriptedImap(script={"STATUS": Fault.STALL}) as server:
        desks.imap_port["li"] = server.port
        desks.configure()
        once = desks.run("--once")
        assert server.stalled.wait(30), desks.log
        once.send_signal(signal.SIGINT)
        assert once.wait(STOP_SECONDS) == 0
    assert desks.smtp["wang"].received == []


def test_a_second_run_or_reading_refuses_and_names_the_process_that_holds_the_lock(desks: Desks) -> None:
    daemon = desks.run()
    desks.wait_log("started")
    for words in (("run",), ("run", "--once"), ("inbox", "read")):
        refused = desks.try_out(*words)
        assert refused.returncode == 1
        assert f"process {daemon.pid} on {platform.node()}" in refused.stderr
        assert "Hint: stop it first" in refused.stderr
    assert daemon.poll() is None


def test_a_killed_daemon_leaves_the_lock_free_and_status_says_that_it_died(desks: Desks) -> None:
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    living = desks.status()["daemon"]
    assert (living["state"], living["pid"]) == ("running", daemon.pid)
    daemon.kill()
    daemon.wait()
    desks.change("UPDATE daemon_runs SET beat_at = '2026-01-01 00:00:00.000000'")
    assert desks.status(code=3)["daemon"]["state"] == "dead"
    again = desks.run("--once")
    assert again.wait(60) == 0, desks.log
    assert desks.status()["daemon"]["state"] == "stopped"


def test_log_lines_in_json_are_one_document_each_and_hold_no_secret_and_no_address(desks: Desks) -> None:
    desks.smtp["wang"].fail("RCPT", "550 5.1.1 <ana@luso.example> ben@muster.example: no such user")
    desks.smtp["li"].fail("RCPT", "550 5.1.1 <ana@luso.example> ben@muster.example: no such user")
    daemon = desks.run("--log-format", "json")
    desks.wait_states("refused", "refused")
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    lines = [json.loads(line) for line in desks.log.splitlines()]
    assert {"started", "prepared", "refused", "stopped"} <= {line["event"] for line in lines}
    assert all(line["at"].endswith("Z") and line["level"] for line in lines)
    assert desks.log.count("<(address)> (address): no such user") == 2
    assert not any(name in desks.log for name in ("ana@", "ben@", "luso.example", "muster.example"))


def test_a_refused_password_stands_nowhere_even_when_the_server_repeats_it(desks: Desks) -> None:
    desks.smtp["wang"].fail("AUTH", f"535 5.7.8 {PASSWORD} is wrong")
    desks.run("--once").wait(60)
    assert "535 5.7.8" in desks.log
    assert PASSWORD not in desks.log
    files = [one for one in desks.stage.workspace.iterdir() if one.name.startswith("sequencer.db")]
    assert not any(PASSWORD.encode() in one.read_bytes() for one in files)
    assert desks.database in files
