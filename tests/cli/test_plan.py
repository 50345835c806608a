"""`plan`: what leaves when, and what waits, by reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.firm import Firm


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    return Firm(tmp_path)


def test_the_plan_names_each_message_with_the_buyers_time(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    document = run(firm.session, "plan", "--days", "30", "--json").document
    assert set(document) == {"from", "days", "messages", "held", "later", "skipped", "load"}
    first = document["messages"][0]
    assert first["contact"] == "ana@luso.example"
    assert first["due_at"].endswith("Z")
    assert set(first) == {
        *("contact", "sequence", "step", "mailbox", "due_at", "local_time", "zone", "gates"),
        "is_zone_guessed",
    }
    assert first["is_zone_guessed"] is False
    shown = run(firm.session, "plan", "--days", "30").out
    assert (len(document["messages"]), len(document["held"])) == (1, 1)
    assert "1 message in 30 days, 1 waits." in shown
    assert firm.messages() == []


def test_a_message_in_a_guessed_zone_says_so(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    run(firm.session, "contacts", "edit", "ana@luso.example", "--set", "country=US")
    first = run(firm.session, "plan", "--days", "30", "--json").document["messages"][0]
    assert (first["zone"], first["is_zone_guessed"]) == ("America/New_York", True)
    assert "America/New_York (guessed)" in run(firm.session, "plan", "--days", "30").out


def test_what_waits_is_told_once_for_each_reason(firm: Firm) -> None:
    people = [f"buyer{number}@firm{number}.example" for number in range(5)]
    firm.enroll(*people)
    config = replace(firm.session.config, only_to=("*@nobody.example",))
    firm.session.__dict__["config"] = config
    firm.session.__dict__["engine"] = replace(firm.session.engine, config=config)
    ran = run(firm.session, "plan")
    assert "0 messages in 7 days, 5 wait." in ran.out
    [line] = [line for line in ran.err.splitlines() if "rehearsal list" in line]
    assert "and 2 more" in line


def test_a_span_of_no_days_is_refused(firm: Firm) -> None:
    assert run(firm.session, "plan", "--days", "0").code == 2


def test_the_load_of_each_mailbox_is_drawn_against_its_cap(firm: Firm) -> None:
    config = firm.session.config
    boxes = tuple(replace(box, daily_cap=3) for box in config.mailboxes)
    config = replace(config, mailboxes=boxes)
    firm.session.__dict__["config"] = config
    firm.session.__dict__["engine"] = replace(firm.session.engine, config=config)
    firm.enroll(*(f"buyer{number}@firm{number}.example" for number in range(7)))
    [load] = run(firm.session, "plan", "--json").document["load"]
    assert [day["messages"] for day in load["days"]][:4] == [3, 3, 1, 0]
    assert load["put_off_by_cap"] == 4
    shown = run(firm.session, "plan").out
    assert "\t██▃···· ·\t7\tMon 03-02: 3" in shown
    assert "wang: the last of today leaves at" in shown
    assert "wang: from Mon 2026-03-02 on its cap (3 in 24 hours) binds: 4 messages wait for it" in shown
    assert "\tkept by cap\n" in shown
    assert "\tfair/intro\tcap\n" in shown


def test_a_plan_is_a_calendar_that_programs_read(firm: Firm, tmp_path: Path) -> None:
    firm.enroll("ana@luso.example", "ben@muster.example")
    file = tmp_path / "plan.ics"
    assert run(firm.session, "plan", "--ics", str(file)).code == 0
    text = file.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:fair/intro to ana@luso.example\r\n" in text
    assert run(firm.session, "plan", "--ics", "-").out.startswith("BEGIN:VCALENDAR")
    assert run(firm.session, "plan", "--ics", "-", "--json").code == 2
    refused = run(firm.session, "plan", "--ics", str(tmp_path / "no" / "plan.ics"))
    assert (refused.code, "cannot be written" in refused.err) == (1, True)
