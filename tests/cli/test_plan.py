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
    assert set(document) == {"from", "days", "messages", "rest_on", "held", "later", "skipped", "load"}
    first = document["messages"][0]
    assert first["contact"] == "ana@luso.example"
    assert first["due_at"].endswith("Z")
    assert set(first) == {
        *("contact", "sequence", "step", "mailbox", "due_at", "local_time", "zone", "gates"),
        "is_zone_guessed",
    }
    assert first["is_zone_guessed"] is False
    shown = run(firm.session, "plan", "--days", "30").out
    assert (len(document["messages"]), len(document["held"])) == (2, 0)
    assert "2 messages in 30 days, 0 wait." in shown
    assert firm.messages() == []


def test_what_rests_on_a_task_or_an_approval_says_so(tmp_path: Path) -> None:
    firm = Firm(tmp_path, approve="always")
    firm.enroll("ana@luso.example", "ben@muster.example")
    document = run(firm.session, "plan", "--days", "30", "--json").document
    assert [one["gates"][:1] for one in document["messages"]] == [
        ["approval"],
        ["approval"],
        ["task"],
        ["task"],
    ]
    assert document["rest_on"] == {"task": 2, "approval": 2}
    shown = run(firm.session, "plan", "--days", "30").out
    assert "\tstep\trests on\n" in shown
    assert "\tfair/intro\tapproval\n" in shown
    assert "\tfair/offer\ttask\n" in shown
    assert "2 messages rest on tasks being done on their due date.\n" in shown
    assert "2 messages rest on approvals given at once.\n" in shown
    calendar = run(firm.session, "plan", "--days", "30", "--ics", "-").out.replace("\n ", "")
    assert calendar.count("if it is approved in time") == 2
    assert calendar.count("if the task before it is done on its due date") == 2


def test_what_rests_on_nobody_has_no_column_for_it(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    shown = run(firm.session, "plan", "--days", "1").out
    assert "1 message in 1 day, 0 wait." in shown
    assert "rest" not in shown


def test_a_message_in_a_guessed_zone_says_so(firm: Firm) -> None:
    firm.enroll("ana@luso.example")
    run(firm.session, "contacts", "edit", "ana@luso.example", "--set", "country=US")
    first = run(firm.session, "plan", "--days", "30", "--json").document["messages"][0]
    assert (first["zone"], first["is_zone_guessed"]) == ("America/New_York", True)
    assert "America/New_York (guessed)" in run(firm.session, "plan", "--days", "30").out


def test_what_waits_is_told_once_for_each_reason(firm: Firm) -> None:
    people = [f"buyer{number}@firm{number}.example" for number in range(5)]
    firm.enroll(*people)
    reconfigure(firm, only_to=("*@nobody.example",))
    ran = run(firm.session, "plan")
    assert "0 messages in 7 days, 5 wait." in ran.out
    [line] = [line for line in ran.err.splitlines() if "rehearsal list" in line]
    assert "and 2 more" in line


def test_a_span_of_no_days_is_refused(firm: Firm) -> None:
    assert run(firm.session, "plan", "--days", "0").code == 2


def test_the_load_of_each_mailbox_is_drawn_against_its_cap(firm: Firm) -> None:
    reconfigure(firm, mailboxes=tuple(replace(box, daily_cap=3) for box in firm.session.config.mailboxes))
    firm.enroll(*(f"buyer{number}@firm{number}.example" for number in range(7)))
    [load] = run(firm.session, "plan", "--json").document["load"]
    assert [day["messages"] for day in load["days"]][:4] == [3, 3, 1, 3]
    assert load["put_off_by_cap"] == 4
    shown = run(firm.session, "plan").out
    assert "\t██▃██▃· ·\t14\tMon 03-02: 3" in shown
    assert "wang: the last of today leaves at" in shown
    from_tuesday = run(firm.session, "plan", "--from", "2026-03-03").out
    assert "wang: the last of Tue 2026-03-03 leaves at" in from_tuesday
    assert "today leaves" not in from_tuesday
    assert "wang: from Mon 2026-03-02 on its cap (3 in 24 hours) binds: 4 messages wait for it" in shown
    assert "\tkept by cap\trests on\n" in shown
    assert "\tfair/intro\tcap\t\n" in shown


def test_a_plan_is_a_calendar_that_programs_read(firm: Firm, tmp_path: Path) -> None:
    firm.enroll("ana@luso.example", "ben@muster.example")
    file = tmp_path / "plan.ics"
    assert run(firm.session, "plan", "--ics", str(file)).code == 0
    text = file.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.count("BEGIN:VEVENT") == 4
    assert "SUMMARY:fair/intro to ana@luso.example\r\n" in text
    assert run(firm.session, "plan", "--ics", "-").out.startswith("BEGIN:VCALENDAR")
    assert run(firm.session, "plan", "--ics", "-", "--json").code == 2
    refused = run(firm.session, "plan", "--ics", str(tmp_path / "no" / "plan.ics"))
    assert (refused.code, "cannot be written" in refused.err) == (1, True)


def test_a_cap_of_companies_is_named_with_its_first_and_in_the_calendar(firm: Firm) -> None:
    reconfigure(firm, limits=replace(firm.session.config.limits, company_cap=1))
    firm.enroll("ana@luso.example", "eva@luso.example")
    document = run(firm.session, "plan", "--days", "2", "--json").document
    assert ["company" in one["gates"] for one in document["messages"]] == [False, True]
    [load] = document["load"]
    [binding] = load["binding"]
    assert (binding["cap"], binding["of"], binding["limit"]) == ("company", "luso.example", 1)
    assert (binding["messages"], binding["from"]) == (1, "2026-03-02T12:00:00Z")
    shown = run(firm.session, "plan", "--days", "2").out
    assert (
        "wang: from Mon 2026-03-02 on the cap of a company (1 in 24 hours, luso.example first) binds: "
        "1 message waits for it, the first until" in shown
    )
    calendar = run(firm.session, "plan", "--days", "2", "--ics", "-").out.replace("\n ", "")
    assert calendar.count("kept back by cap: company") == 1


def test_what_is_due_and_leaves_after_the_span_is_counted(firm: Firm) -> None:
    box = replace(firm.session.config.mailboxes[0], new_cap=1)
    reconfigure(firm, mailboxes=(box,))
    firm.enroll(*(f"buyer{number}@firm{number}.example" for number in range(3)))
    document = run(firm.session, "plan", "--days", "1", "--json").document
    assert [one["gates"] for one in document["later"]] == [["new contacts"], ["new contacts"]]
    assert document["load"][0]["first_mails_later"] == 2
    shown = run(firm.session, "plan", "--days", "1").out
    assert "2 more are due by then and held back until later." in shown
    assert "wang: 2 first mails leave only after these days, at today's caps" in shown
    assert "its cap of new contacts (1 in 24 hours) binds: 2 messages wait for it, not in these" in shown
    longer = run(firm.session, "plan", "--days", "4").out
    ends = "wang: the batch of first mails ends at 2026-03-04 20:00 (Asia/Shanghai), at today's caps"
    assert ends in longer


def test_a_young_mailbox_is_drawn_against_its_ramp(firm: Firm) -> None:
    box = replace(firm.session.config.mailboxes[0], ramp_from=1, ramp_by=1)
    reconfigure(firm, mailboxes=(box,))
    firm.enroll(*(f"buyer{number}@firm{number}.example" for number in range(4)))
    [load] = run(firm.session, "plan", "--days", "3", "--json").document["load"]
    assert [(day["messages"], day["cap"]) for day in load["days"]][:2] == [(1, 1), (2, 2)]
    assert "wang\t1-4\t█" in run(firm.session, "plan", "--days", "3").out


def reconfigure(firm: Firm, **changes: object) -> None:
    """Other settings, as after a restart."""
    config = replace(firm.session.config, **changes)  # type: ignore[arg-type]
    firm.session.__dict__["config"] = config
    firm.session.__dict__["engine"] = replace(firm.session.engine, config=config)
