"""`contacts` and `suppressions` as typed: results on stdout, the rest on stderr, telling exit codes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sequencer.cli import COMMANDS, cli
from sequencer.cli.contacts import contacts
from sequencer.cli.session import Session
from sequencer.cli.suppressions import suppressions
from sequencer.config import Config, Rep, Sender
from sequencer.errors import Attention, FaultyInput, InputError
from sequencer.files.workspace import Workspace
from sequencer.store.engine import Store
from sequencer.testing import FakeClock
from tests.flows.lists import a_store, people

CONFIG = Config(
    sender=Sender(company="Firm", postal_address="1 Street, Ningbo"),
    me="wang",
    default_zone="Asia/Shanghai",
    reps=tuple(
        Rep(name=name, full_name=name.title(), email=f"{name}@firm.example", mailboxes=())
        for name in ("wang", "li")
    ),
    mailboxes=(),
    windows=(),
)
LIST = """id,email,name,country,product
1,ana@luso.example,Ana,Portugal,pumps
,bo@x.example,Bo,,
,broken@,Cy,,
"""


@dataclass(frozen=True)
class Shell:
    """A command line over one workspace's store, without its files."""

    store: Store
    folder: Path

    def run(self, *words: str, acting: str | None = None, typed: str = "") -> Result:
        session = Session(workspace=None, acting=acting, quiet=False, debug=False)
        session.__dict__.update(
            config=CONFIG, store=self.store, clock=FakeClock(), workspace=Workspace(self.folder)
        )
        group = {"contacts": contacts, "suppressions": suppressions}[words[0]]
        return CliRunner().invoke(group, list(words[1:]), obj=session, input=typed)

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exception is None or isinstance(result.exception, Attention), result.output
        return json.loads(result.stdout)

    def file(self, content: str, name: str = "list.csv") -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    store = a_store(tmp_path)
    (tmp_path / "workspace.key").write_bytes(bytes(32))
    yield Shell(store, tmp_path)
    store.close()


def test_both_nouns_are_on_the_command_line() -> None:
    assert {"contacts", "suppressions"} <= COMMANDS.keys()
    for noun in ("contacts", "suppressions"):
        result = CliRunner().invoke(cli, [noun, "--help"])
        assert result.exit_code == 0
    assert "contacts" in CliRunner().invoke(cli, ["--help"]).output


@pytest.mark.parametrize("verb", ["import", "list", "show", "edit"])
def test_every_verb_of_contacts_gives_examples(verb: str) -> None:
    result = CliRunner().invoke(contacts, [verb, "--help"])
    assert result.exit_code == 0
    assert f"sequencer contacts {verb}" in result.output


def test_an_import_reports_counts_guesses_and_rejects(shell: Shell) -> None:
    path = shell.file(LIST.replace(",", ";"))
    result = shell.run("contacts", "import", path, "--tag", "fair;2026", "--source", "Canton")
    assert isinstance(result.exception, Attention)
    assert str(result.exception) == "1 row was rejected"
    assert [line.split() for line in result.stdout.splitlines()[1:]] == [
        ["added", "2"],
        ["updated", "0"],
        ["unchanged", "0"],
        ["skipped", "0"],
        ["rejected", "1"],
        ["zones", "2", "1", "from", "the", "country,", "1", "guessed"],
    ]
    assert "1 of 2 buyers' zones falls to the default Asia/Shanghai: no known country" in result.stderr
    assert "cells are split at each semicolon" in result.stderr
    assert "email → address" in result.stderr
    assert f"{path}:4: 'broken@'" in result.stderr
    assert Path(f"{path}.rejects.csv").exists()
    assert [one.tags for one in people(shell.store)] == [("fair", "2026")] * 2
    assert people(shell.store)[0].country == "PT"


def test_an_import_as_json_is_one_document_whose_outcomes_add_up(shell: Shell) -> None:
    second = shell.file("email\nana@luso.example\n", "second.csv")
    document = shell.json("contacts", "import", shell.file(LIST), second)
    assert document["rows"] == 4
    assert sum(document[name] for name in ("added", "updated", "unchanged", "skipped", "rejected")) == 4
    assert [one["added"] for one in document["files"]] == [2, 0]
    assert document["files"][1]["unchanged"] == 1
    (detail,) = document["files"][0]["details"]
    assert (detail["line"], detail["outcome"]) == (4, "rejected")
    assert document["files"][0]["columns"][4] == {"header": "product", "field": "extra.product"}


def test_an_import_counts_where_zones_come_from_and_names_the_countries_it_guessed_from(shell: Shell) -> None:
    rows = ["US,,,", "US,,Narnia,", "Brasil,,,", "USA,TN,,", "USA,TX,,", "China,,,", "US,,,Asia/Tokyo", ",,,"]
    lines = [f"b{number}@x.example,{row}" for number, row in enumerate(rows)]
    path = shell.file("\n".join(["email,country,state,city,zone", *lines, "bad@,US,,,"]))
    zones = shell.json("contacts", "import", path, "--dry-run")["files"][0]["zones"]
    assert zones == {
        "contacts": 8,
        "guessed": 5,
        "from_column": 1,
        "from_state_or_city": 1,
        "from_country": 1,
        "guessed_from_state_or_city": [{"country": "US", "name": "United States", "contacts": 1}],
        "guessed_from_country": [
            {"country": "US", "name": "United States", "contacts": 2},
            {"country": "BR", "name": "Brazil", "contacts": 1},
        ],
        "default": 1,
        "default_zone": "Asia/Shanghai",
        "unknown_places": [{"place": "Narnia, US", "contacts": 1}],
    }
    said = shell.run("contacts", "import", path).stderr
    assert "3 of 8 buyers' zones are guessed from the country: United States 2, Brazil 1\n" in said
    assert "not in our table of places: Narnia, US 1\n" in said
    assert "add a column country, state, city or zone, and import the list again\n" in said


def test_a_list_whose_zones_are_all_sure_has_nothing_to_mend(shell: Shell) -> None:
    result = shell.run("contacts", "import", shell.file("email,country\na@x.example,Japan\n"))
    assert "zones          1  1 from the country\n" in result.stdout
    assert "guessed" not in result.stdout + result.stderr
    assert "add a column" not in result.stderr


def test_rows_that_are_skipped_or_rejected_do_not_count_among_the_zones(shell: Shell) -> None:
    path = shell.file("email,country\na@x.example,US\na@x.example,US\nbad@,US\n")
    assert shell.json("contacts", "import", path, "--owner", "li")["files"][0]["zones"]["contacts"] == 1
    again = shell.run("contacts", "import", path, acting="wang").stdout
    assert "1 owned by li" in again
    assert "zones" not in again


def test_a_contact_says_which_zone_is_used_and_whether_it_is_guessed(shell: Shell) -> None:
    shell.run(
        "contacts", "import", shell.file("id,email,country,city\n1,a@x.example,US,\n2,b@x.example,US,Reno\n")
    )
    assert "America/New_York (guessed from the country)" in shell.run("contacts", "show", "1").stdout
    told = shell.json("contacts", "show", "1")
    assert (told["zone"], told["zone_in_use"]) == ("", "America/New_York")
    assert (told["zone_from"], told["is_zone_guessed"]) == ("country", True)
    assert "zone     America/Los_Angeles\n" in shell.run("contacts", "show", "2").stdout
    assert shell.json("contacts", "show", "2")["is_zone_guessed"] is False


def test_a_dry_run_writes_nothing_not_even_rejects(shell: Shell) -> None:
    path = shell.file(LIST)
    result = shell.run("contacts", "import", path, "--dry-run")
    assert "dry run: nothing was changed" in result.stdout
    assert people(shell.store) == []
    assert not Path(f"{path}.rejects.csv").exists()


def test_faults_of_all_files_are_told_before_anything_is_imported(shell: Shell) -> None:
    files = [shell.file(LIST), shell.file("name\nx\n", "b.csv"), shell.file('email\n"a@x.example\n', "c.csv")]
    result = shell.run("contacts", "import", *files)
    assert isinstance(result.exception, FaultyInput)
    assert len(result.exception.faults) == 2
    assert people(shell.store) == []


def test_a_clean_import_exits_with_nothing_to_attend_to(shell: Shell) -> None:
    result = shell.run("contacts", "import", shell.file("email\nana@x.example\n"), "--owner", "li")
    assert (result.exit_code, result.exception) == (0, None)
    assert people(shell.store)[0].owner == "li"


def test_wrong_options_are_refused(shell: Shell) -> None:
    path = shell.file(LIST)
    assert shell.run("contacts", "import", path, "--map", "email").exit_code == 2
    assert shell.run("contacts", "import").exit_code == 2
    assert isinstance(shell.run("contacts", "import", path, "--owner", "nobody").exception, InputError)
    assert isinstance(shell.run("contacts", "import", path, acting="nobody").exception, InputError)


def test_contacts_are_listed_as_table_and_json(shell: Shell) -> None:
    shell.run("contacts", "import", shell.file(LIST), "--owner", "li")
    table = shell.run("contacts", "list", "--owner", "li").stdout.splitlines()
    assert table[0].split("\t")[:3] == ["id", "address", "name"]
    assert table[1].split("\t")[:3] == ["1", "ana@luso.example", "Ana"]
    assert table[2].split("\t")[0] == "#2"
    document = shell.json("contacts", "list", "--where", 'extra.product == "pumps"')
    assert document["count"] == 1
    assert document["contacts"][0]["external_id"] == "1"
    assert document["contacts"][0]["extra"] == {"product": "pumps"}
    assert shell.json("contacts", "list", "--limit", "1")["count"] == 1
    assert isinstance(shell.run("contacts", "list", "--where", "nmae").exception, InputError)


def test_a_contact_is_shown_with_former_addresses_and_suppression(shell: Shell) -> None:
    shell.run("contacts", "import", shell.file(LIST))
    assert (
        "changed"
        in shell.run("contacts", "edit", "1", "--address", "ana@new.example", "--set", "city=Porto").stdout
    )
    shell.run("suppressions", "add", "*@new.example", "--reason", "competitor")
    document = shell.json("contacts", "show", "ana@luso.example")
    assert (document["address"], document["city"]) == ("ana@new.example", "Porto")
    assert document["former_addresses"] == [
        {"address": "ana@luso.example", "until_at": "2026-03-02T09:00:00Z"}
    ]
    assert document["suppression"]["reason"] == "competitor"
    text = shell.run("contacts", "show", "1").stdout
    assert "ana@luso.example (until 2026-03-02)" in text
    assert "competitor, by *@new.example: nothing will be sent" in text
    assert isinstance(shell.run("contacts", "show", "nobody").exception, InputError)


def test_an_edit_needs_something_to_change(shell: Shell) -> None:
    shell.run("contacts", "import", shell.file(LIST))
    assert shell.run("contacts", "edit", "1").exit_code == 2
    assert shell.run("contacts", "edit", "1", "--set", "city").exit_code == 2
    assert shell.run("contacts", "edit", "1", "--set", "name=Ana").stdout == "ana@luso.example: unchanged\n"
    assert (
        shell.json("contacts", "edit", "1", "--stage", "won", "--tag", "vip", "--owner", "li")["owner"]
        == "li"
    )


def test_a_hostile_name_cannot_drive_the_terminal(shell: Shell) -> None:
    shell.run("contacts", "import", shell.file("email,name\na@x.example,\x1b[2JAna\x9b\n"))
    assert (
        "\x1b"
        not in shell.run("contacts", "list").stdout + shell.run("contacts", "show", "a@x.example").stdout
    )


def test_suppressions_are_added_listed_and_imported(shell: Shell) -> None:
    shell.run("contacts", "import", shell.file(LIST))
    added = shell.run("suppressions", "add", "ana@luso.example", "*@x.example")
    assert added.stdout == "2 suppressions added; nothing will be sent to 2 contacts\n"
    assert shell.json("suppressions", "add", "*@x.example") == {
        "added": 0,
        "present": 1,
        "covered_contacts": 1,
    }
    assert (
        shell.json("suppressions", "import", shell.file("q@q.example\n*@r.example\n", "no.csv"))["added"] == 2
    )
    document = shell.json("suppressions", "list")
    assert [one["pattern"] for one in document["suppressions"]] == [
        "*@r.example",
        "*@x.example",
        "ana@luso.example",
        "q@q.example",
    ]
    assert "ana@luso.example\tmanual\t2026-03-02" in shell.run("suppressions", "list").stdout
    assert isinstance(shell.run("suppressions", "add", "competitor.com").exception, InputError)


def test_an_opt_out_is_removed_only_on_somebodys_word(shell: Shell) -> None:
    shell.run("suppressions", "add", "ana@x.example", "--reason", "opted_out")
    shell.run("suppressions", "add", "bo@x.example")
    asked = shell.run("suppressions", "remove", "ana@x.example", typed="n\n")
    assert (asked.exit_code, "have they asked for mail again?" in asked.stderr) == (1, True)
    assert shell.run("suppressions", "remove", "ana@x.example").exit_code == 1
    assert shell.json("suppressions", "list")["count"] == 2
    assert shell.run("suppressions", "remove", "bo@x.example").exit_code == 0
    assert shell.run("suppressions", "remove", "ana@x.example", "--yes").exit_code == 0
    assert shell.json("suppressions", "list")["count"] == 0
    assert isinstance(shell.run("suppressions", "remove", "ana@x.example").exception, InputError)


def test_repeated_rows_are_summed_up_in_whole_words(shell: Shell) -> None:
    path = shell.file("email\nana@luso.example\nana@luso.example\nANA@luso.example\n")
    out = shell.run("contacts", "import", path).stdout
    assert "skipped        2  2 same as another line\n" in out
