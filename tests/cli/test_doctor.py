"""`doctor`: each thing that can be wrong is one line, and it works on a workspace that cannot."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.cli.session import Session
from sequencer.clock import SystemClock
from sequencer.config import Server
from sequencer.core.checkup import Check, CheckState, bad, fine, unknown, warning, worst
from sequencer.demo.imap_host import ImapHost
from sequencer.flows import doctor
from sequencer.flows.checkup.ground import Ground
from sequencer.flows.checkup.program import holidays, time_zones
from sequencer.mail.dns import ResolverDns
from sequencer.store import mailboxes, runs
from sequencer.store.runs import Run
from sequencer.testing import a_config, a_mailbox
from tests.cli.command_line import Ran, run
from tests.firm import Firm
from tests.servers.dns import DnsServer, txt


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    firm = Firm(tmp_path)
    firm.workspace.key.chmod(0o600)
    return firm


def lines(ran: Ran, name: str) -> list[tuple[str, str]]:
    return [(one["state"], one["what"]) for one in ran.document["checks"] if one["name"] == name]


def examined(firm: Firm) -> Ran:
    return run(firm.session, "doctor", "--offline", "--json")


def sick(tmp_path: Path) -> Session:
    """A session that opens config and database itself, as they lie there."""
    return Session(workspace=str(tmp_path), acting=None, quiet=False, debug=False)


def change(firm: Firm, statement: str) -> None:
    with firm.store.write() as tx:
        tx.exec_driver_sql(statement)


def test_a_healthy_workspace_has_nothing_bad(firm: Firm) -> None:
    ran = examined(firm)
    assert ran.code == 0, ran.out
    assert [one for one in ran.document["checks"] if one["state"] in ("bad", "unknown")] == []
    [(state, what)] = lines(ran, "database")
    assert (state, "sound" in what) == ("ok", True)


def test_what_is_bad_is_exit_3_and_a_line_with_its_mend_last(firm: Firm) -> None:
    firm.workspace.key.unlink()
    ran = run(firm.session, "doctor", "--offline")
    assert ran.code == 3
    assert "BAD   key: workspace.key is missing → restore it from a backup" in ran.out.splitlines()
    assert "1 of " in ran.err


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_key_that_others_can_read_is_told(firm: Firm) -> None:
    firm.workspace.key.chmod(0o644)
    [(state, what)] = lines(examined(firm), "key")
    assert (state, "0644" in what) == ("warn", True)


def test_a_faulty_config_is_told_line_by_line_and_the_rest_is_still_looked_at(
    firm: Firm, tmp_path: Path
) -> None:
    firm.workspace.config.write_text("me = ", "utf-8")
    ran = run(sick(tmp_path), "doctor", "--json")
    assert ran.code == 3
    [(state, what)] = lines(ran, "config")
    assert (state, what.startswith("config.toml:1: ")) == ("bad", True)
    assert lines(ran, "database")[0][0] == "ok"


def test_a_missing_and_a_broken_database_are_told(firm: Firm, tmp_path: Path) -> None:
    firm.store.close()
    firm.workspace.database.write_bytes(b"\x55" * 9000)
    for beside in tmp_path.glob("sequencer.db-*"):
        beside.unlink()
    ran = run(sick(tmp_path), "doctor", "--json")
    assert ran.code == 3
    assert {state for state, _ in lines(ran, "database")} == {"bad"}
    firm.workspace.database.unlink()
    ran = run(sick(tmp_path), "doctor", "--json")
    assert lines(ran, "database") == [("bad", "the workspace has no database")]
    assert not firm.workspace.database.exists()


def test_rows_that_point_at_nothing_are_told(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    with firm.store.read() as tx:
        tx.exec_driver_sql("COMMIT")
        tx.exec_driver_sql("PRAGMA foreign_keys=OFF")
        tx.exec_driver_sql("DELETE FROM contacts")
        tx.exec_driver_sql("PRAGMA foreign_keys=ON")
        tx.exec_driver_sql("BEGIN")
    assert ("bad", "rows point at others that are gone: enrollments → contacts: 1") in lines(
        examined(firm), "database"
    )


def start_daemon(firm: Firm) -> None:
    now = firm.clock.now()
    with firm.store.write() as tx:
        started = Run(boot_id="b", pid=77, host="server", started_at=now, beat_at=now, stopped_at=None)
        runs.start(tx, started)
        mailboxes.sync(tx, {"wang": "wang"})


def test_a_dead_daemon_and_a_mailbox_nobody_reads_are_bad(firm: Firm) -> None:
    start_daemon(firm)
    assert lines(examined(firm), "daemon")[0][0] == "ok"
    assert lines(examined(firm), "mailbox wang") == [("bad", "unread so far, though the daemon runs")]
    firm.later(minutes=4)
    assert lines(examined(firm), "daemon")[0][0] == "bad"


def test_a_paused_and_a_failing_mailbox_are_bad_and_say_why(firm: Firm) -> None:
    start_daemon(firm)
    with firm.store.write() as tx:
        mailboxes.read_failed(tx, "wang", "wrong password", firm.clock.now())
    assert lines(examined(firm), "mailbox wang") == [
        ("bad", "unread since 2026-03-02 12:00Z: wrong password")
    ]
    with firm.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "asked", firm.clock.now())
    assert lines(examined(firm), "mailbox wang") == [("bad", "paused: asked")]


def test_a_clock_behind_what_was_written_is_bad(firm: Firm) -> None:
    start_daemon(firm)
    firm.clock._now -= timedelta(hours=2)
    [(state, what)] = lines(examined(firm), "clock")
    assert (state, "2 h ahead of now" in what) == ("bad", True)


def test_bounces_are_told_with_their_denominator_once_there_are_enough(firm: Firm) -> None:
    firm.enroll(*(f"p{number}@b{number}.example" for number in range(25)))
    for number in range(3):
        firm.courier.fail("RCPT", "550 5.1.1 unknown", recipient=f"p{number}@b{number}.example")
    firm.tick()
    [(state, what)] = lines(examined(firm), "mail of wang")
    assert state == "bad"
    assert what.startswith("30 days: bounced 3/25 12.0 %")
    firm.later(days=31)
    assert lines(examined(firm), "mail of wang") == []


def test_suppressed_contacts_and_guessed_zones_are_counted(firm: Firm) -> None:
    firm.enroll(*(f"p{number}@b{number}.example" for number in range(20)))
    change(firm, "UPDATE contacts SET country = '' WHERE id <= 3")
    change(firm, "UPDATE contacts SET country = 'US' WHERE id BETWEEN 4 AND 8")
    change(
        firm,
        "INSERT INTO suppressions (pattern, like_pattern, reason, created_at) VALUES"
        " ('p1@b1.example', NULL, 'asked', '2026-01-01'),"
        " ('*@b2.example', '%@b2.example', 'asked', '2026-01-01')",
    )
    ran = examined(firm)
    assert lines(ran, "contacts") == [("ok", "2 of 20 contacts are suppressed")]
    told = "guessed: of 20 contacts 5 in a country with several, 3 without a country"
    assert lines(ran, "zones") == [("warn", told)]


def test_late_and_failed_notices_are_told(firm: Firm) -> None:
    columns = "key, kind, channel, rep, due_at, created_at, failure, done_at"
    change(
        firm,
        f"INSERT INTO notices ({columns}) VALUES"
        " ('a', 'k', 'mail:wang', 'wang', '2026-03-01 00:00:00', '2026-03-01 00:00:00', NULL, NULL),"
        " ('b', 'k', 'mail:wang', 'wang', '2026-03-01 00:00:00', '2026-03-01 00:00:00', 'x',"
        " '2026-03-01 00:00:00')",
    )
    assert lines(examined(firm), "notices") == [("warn", "1 notices are late, 1 were given up in 7 days")]


def test_a_window_that_never_opens_is_bad(tmp_path: Path) -> None:
    from dataclasses import replace

    config = a_config()
    shut = replace(config.windows[0], days=())
    firm = Firm(tmp_path, replace(config, windows=(shut,)))
    [(state, what)] = lines(examined(firm), "windows")
    assert (state, "does not open within two years" in what) == ("bad", True)


def test_a_faulty_sequence_is_bad(firm: Firm) -> None:
    (firm.workspace.templates / "intro.md").unlink()
    assert lines(examined(firm), "sequences")[0][0] == "bad"


def test_a_check_that_fails_is_a_line_and_stops_no_other(firm: Firm) -> None:
    def broken(_ground: Ground) -> list[Check]:
        raise RuntimeError("no idea")

    ground = doctor.lay_ground(firm.workspace, firm.clock.now(), lambda: firm.config, lambda: firm.store)
    found = list(doctor.examine(ground, (broken, doctor.LOCAL[0])))
    assert [one.state for one in found] == [CheckState.UNKNOWN, CheckState.OK]
    assert found[0].what == "it could not be looked at: RuntimeError: no idea"


def test_online_it_asks_dns_and_tries_each_login_and_offline_it_asks_nobody(firm: Firm) -> None:
    smtp = Server(host="127.0.0.1", port=1, security="none", username="wang", password=None)
    with ImapHost({"wang": ""}) as host, DnsServer({("firm.example", "TXT"): [txt("v=spf1 +all")]}) as names:
        imap = replace(smtp, port=host.port)
        firm.session.__dict__["config"] = a_config(a_mailbox(smtp=smtp, imap=imap, daily_cap=6000))
        firm.session.__dict__["dns"] = ResolverDns(names.resolver(), SystemClock())
        ran = run(firm.session, "doctor", "--json")
    assert ran.code == 3
    [(smtp_state, smtp_said)] = lines(ran, "smtp of wang")
    assert (smtp_state, "127.0.0.1:1 cannot be reached" in smtp_said) == ("bad", True)
    assert lines(ran, "imap of wang") == [("ok", f"127.0.0.1:{host.port} takes our login")]
    assert [state for state, _said in lines(ran, "spf of firm.example")] == ["bad"]
    [(rules_state, rules_said)] = lines(ran, "bulk rules of firm.example")
    assert (rules_state, rules_said) == ("warn", "not met: SPF, DMARC")
    assert [said for _state, said in lines(ran, "caps")] == [
        "all daily caps together reach 5000 mails a day, where bulk rules begin"
    ]
    offline = [one["name"] for one in examined(firm).document["checks"]]
    assert not [name for name in offline if " of " in name]


def test_old_tables_of_zones_and_holidays_are_told(firm: Firm) -> None:
    facts: dict[str, Any] = {"config": None, "config_fault": None, "store": None, "store_fault": None}
    later = Ground(workspace=firm.workspace, now=datetime(2090, 1, 1, tzinfo=UTC), **facts)
    assert [one.state for look in (time_zones, holidays) for one in look(later)] == [CheckState.WARN] * 2


def test_the_worst_state_is_that_of_them_all() -> None:
    assert worst([]) is CheckState.OK
    assert worst([fine("a", ""), unknown("b", "")]) is CheckState.UNKNOWN
    assert worst([unknown("b", ""), warning("c", "")]) is CheckState.WARN
    assert worst([warning("c", ""), bad("d", ""), fine("a", "")]) is CheckState.BAD
