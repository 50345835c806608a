"""`contacts erase` and `contacts export`, as a user types them."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.command import CommandLine
from tests.flows.ana import ANA, ONCE, WORDS, files_that_say, with_a_past
from tests.flows.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws")
    with_a_past(office)
    return office


@pytest.fixture
def sequencer(office: Office, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(office.root, capsys)


def test_it_erases_and_says_what_and_what_it_cannot_reach(office: Office, sequencer: CommandLine) -> None:
    (office.root / "notes.txt").write_text(f"met {ANA}", encoding="utf-8")
    ran = sequencer("contacts", "erase", ANA, "--yes")
    assert ran.exit_code == 0
    assert ran.out.startswith(
        "erased #1: 1 message, 1 answer, 1 sent answer, 2 tasks, 1 mark, 1 enrollment, 1 "
    )
    assert "overrides/short" in ran.out
    assert "fair.csv.rejects.csv: 1 row taken out" in ran.out
    assert "notes.txt names them: it is your own" in ran.err
    assert "backups made before still hold it" in ran.err
    assert {one.partition(":")[0] for one in files_that_say(office.root, *WORDS)} == {"notes.txt"}


def test_it_asks_first_and_no_means_no(office: Office, sequencer: CommandLine) -> None:
    assert sequencer("contacts", "erase", ANA).exit_code != 0
    assert files_that_say(office.root, "blue velvet wrenches")


def test_a_dry_run_changes_nothing(office: Office, sequencer: CommandLine) -> None:
    ran = sequencer("contacts", "erase", ANA, "--dry-run", "--json")
    assert ran.json["is_dry_run"]
    assert ran.json["rows"]["messages"] == 1
    assert sequencer("contacts", "show", ANA).exit_code == 0


def test_old_text_left_in_the_file_needs_attention(
    sequencer: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sequencer.flows.erase.compact", lambda _store: False)
    ran = sequencer("contacts", "erase", ANA, "--yes")
    assert ran.exit_code == 3
    assert "sequencer contacts erase '#1'" in ran.err


def test_afterwards_nothing_brings_them_back_unasked(
    office: Office, sequencer: CommandLine, tmp_path: Path
) -> None:
    sequencer("contacts", "erase", ANA, "--yes")
    again = tmp_path / "again.csv"
    again.write_text(f"email,name\n{ONCE},Ana\n", encoding="utf-8")
    ran = sequencer("contacts", "import", str(again), "--json")
    assert "was erased on request" in ran.out
    listed = sequencer("suppressions", "list")
    assert "(erased)" in listed.out
    assert "hmac" not in listed.out
    assert "erased-" not in sequencer("contacts", "list").out
    refused = sequencer("contacts", "edit", "ben@muster.example", "--address", ANA)
    assert refused.exit_code == 2
    assert "was erased on request" in refused.err
    asked = sequencer("suppressions", "remove", ONCE)
    assert asked.exit_code != 0
    assert "have they asked for mail again?" in asked.err
    assert sequencer("suppressions", "remove", ONCE, "--yes").exit_code == 0
    assert '"added"' in sequencer("contacts", "import", str(again), "--json").out


def test_a_list_goes_to_a_new_file_that_only_its_owner_reads(sequencer: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert sequencer("contacts", "export", "--all", "--csv", str(target)).exit_code == 0
    assert target.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"), newline="")))
    assert [one["email"] for one in rows] == [ANA, "ben@muster.example"]
    assert rows[0]["former_addresses"] == ONCE
    again = sequencer("contacts", "export", "--all", "--csv", str(target))
    assert again.exit_code == 2
    assert "there is such a file already" in again.err


def test_a_list_can_be_narrowed_and_piped(sequencer: CommandLine) -> None:
    ran = sequencer("contacts", "export", "--where", 'company == "Muster GmbH"')
    assert ran.out.count("\r\n") == 2 or ran.out.count("\n") == 2
    assert "ben@muster.example" in ran.out
    shown = sequencer("contacts", "export", "--tag", "zylkova-tag", "--json").json
    assert shown["count"] == 1
    assert shown["contacts"][0]["former_addresses"][0]["address"] == ONCE
    assert sequencer("contacts", "export").exit_code == 2


def test_a_person_is_shown_what_is_held_about_them(sequencer: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "for-ana"
    assert sequencer("contacts", "export", "--person", ANA, "--to", str(folder)).exit_code == 0
    assert {one.name for one in folder.iterdir()} == {"person.json", "person.txt"}
    assert "What you wrote to us" in (folder / "person.txt").read_text("utf-8")
    assert sequencer("contacts", "export", "--person", ANA, "--to", str(folder)).exit_code == 2
    document = sequencer("contacts", "export", "--person", ANA, "--json").json
    assert document["contact"]["address"] == ANA
    assert sequencer("contacts", "export", "--person", ANA, "--all").exit_code == 2
