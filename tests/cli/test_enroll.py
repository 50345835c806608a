"""`sequencer enroll`: what a rep sees before contacts enter, and who is refused why."""

from pathlib import Path

import pytest

from tests.cli.command import CommandLine
from tests.files.workspaces import write

LIST = """\
id,email,first name,company,country,owner,product
C1,ana@luso.example,Ana,Luso,Portugal,,pumps
C2,bob@york.example,Bob,York,USA,,valves
C3,info@sup.example,,Sup,Germany,,pumps
C4,eva@norte.example,Eva,Norte,Spain,wang,pumps
"""
WANG = """
[[reps]]
name = "wang"
full_name = "Wang Fang"
email = "wang@ourfirm.example"
mailboxes = ["wang"]
[[reps]]
name = "lead"
full_name = "Zhao Min"
email = "zhao@ourfirm.example"
mailboxes = []
[[mailboxes]]
name = "wang"
address = "wang@ourfirm.example"
smtp = { host = "127.0.0.1", security = "none" }
imap = { host = "127.0.0.1", security = "none" }
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.delenv("SEQUENCER_REP", raising=False)
    run = CommandLine(tmp_path / "w", capsys)
    run("init", str(tmp_path / "w"))
    config = tmp_path / "w" / "config.toml"
    config.write_text(config.read_text("utf-8") + WANG, "utf-8")
    run("contacts", "import", str(write(tmp_path, "list.csv", LIST)))
    run("suppressions", "add", "*@sup.example", "--reason", "competitor")
    return run


def refusals(run: CommandLine, *arguments: str) -> dict[str, str]:
    document = run("enroll", *arguments, "--json", "--dry-run").json
    return {one["contact"]: one["reason"] for one in document["refused"]}


def test_first_dates_and_the_load_are_shown_before_asking(run: CommandLine) -> None:
    ran = run("enroll", "bd", "--all", "--dry-run")
    assert ran.exit_code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "2 would enter bd, 1 refused."
    assert lines[1] == "contact\tfirst step, there\tzone\tmailbox"
    assert [line.split("\t")[0] for line in lines[2:4]] == ["ana@luso.example", "bob@york.example"]
    assert lines[2].endswith("\tEurope/Lisbon\tli")
    assert lines[3].endswith("\tAmerica/New_York (guessed)\tli")
    assert lines[4] == "first steps on\tmailbox\tcontacts\tcap per 24 h"
    assert "refused info@sup.example: suppressed: *@sup.example (competitor)" in ran.err
    assert "warning: 1 time zone is guessed" in ran.err
    assert run("enrollments", "list", "--json").json["enrollments"] == []


def test_the_document_holds_everybody(run: CommandLine) -> None:
    document = run("enroll", "bd", "--all", "--yes", "--json").json
    assert document["enrolled"] == 2
    assert document["guessed_zones"] == 1
    assert [one["contact"] for one in document["accepted"]] == ["ana@luso.example", "bob@york.example"]
    assert {(one["mailbox"], one["round"]) for one in document["accepted"]} == {("li", 1)}
    assert all(one["first_at"].endswith("Z") for one in document["accepted"])
    assert [one["contact"] for one in document["refused"]] == ["info@sup.example"]


@pytest.mark.parametrize("content", ["", "\n  \n", "\ufeff"])
def test_a_file_that_names_nobody_enrolls_nobody(run: CommandLine, tmp_path: Path, content: str) -> None:
    path = write(tmp_path, "nobody.txt", content)
    ran = run("enroll", "bd", "--file", str(path), "--yes")
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"Error: {path}: the file names nobody",
        "Hint: write one address or id a line",
    ]
    assert run("enrollments", "list", "--json").json["enrollments"] == []


def test_a_file_may_have_a_mark_ids_and_names_nobody_knows(run: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path, "some.txt", "\ufeffana@luso.example\r\n\r\nC2\nANA@luso.example\nmax@x.example\n")
    document = run("enroll", "bd", "--file", str(path), "--dry-run", "--json").json
    assert [one["contact"] for one in document["accepted"]] == ["ana@luso.example", "bob@york.example"]
    assert document["refused"] == [
        {"contact": "max@x.example", "reason": "is not a contact: import it first"}
    ]


def test_a_file_in_gbk_says_so(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_bytes("王小明 ana@luso.example\n".encode("gbk"))
    ran = run("enroll", "bd", "--file", str(tmp_path / "g.txt"), "--yes")
    assert ran.exit_code == 2
    assert "g.txt:1: the file is not UTF-8; it looks like GBK" in ran.err


def test_a_condition_chooses_and_a_broken_one_is_explained(run: CommandLine) -> None:
    assert refusals(run, "bd", "--where", 'extra.product == "pumps"') == {
        "info@sup.example": "suppressed: *@sup.example (competitor)",
        "eva@norte.example": "belongs to wang",
    }
    for wrong, words in {
        'country = "PT"': "write == to compare",
        'contry == "PT"': "did you mean country?",
        "": "say whom",
        'country == "PT': "column 12",
    }.items():
        ran = run("enroll", "bd", "--where", wrong, "--yes")
        assert ran.exit_code == 2
        assert words in ran.err


def test_who_is_in_it_or_has_been_through_is_refused_until_told_otherwise(run: CommandLine) -> None:
    run("enroll", "bd", "--contact", "C1", "--yes")
    assert refusals(run, "bd", "--contact", "C1") == {"ana@luso.example": "is in bd already"}
    assert refusals(run, "classic", "--contact", "C1") == {
        "ana@luso.example": "is in sequence bd (--also to enroll anyway)"
    }
    assert refusals(run, "classic", "--contact", "C1", "--also") == {}
    run("enrollments", "stop", "1", "--yes")
    assert refusals(run, "bd", "--contact", "C1") == {
        "ana@luso.example": "has been through bd (round 1; --again for another round)"
    }
    again = run("enroll", "bd", "--contact", "C1", "--again", "--yes", "--json").json
    assert [one["round"] for one in again["accepted"]] == [2]


def test_a_step_that_does_not_render_for_somebody_is_named(run: CommandLine) -> None:
    write(run.folder, "templates/bd/recap.md", "Hi {{ contact.title }}, {{ contact.extra.pump_size }}?\n")
    assert refusals(run, "bd", "--contact", "C1") == {
        "ana@luso.example": "step recap: templates/bd/recap.md:1: contact.title is empty for ana@luso.example"
    }


def test_a_missing_attachment_is_a_warning_with_the_number_of_contacts(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").unlink()
    ran = run("enroll", "bd", "--all", "--dry-run")
    assert ran.out.startswith("2 would enter bd")
    assert "warning: step recap: assets/price-list.pdf is not there (2 contacts)" in ran.err


def test_a_rep_without_a_mailbox_and_a_faulty_sequence_are_refused(run: CommandLine) -> None:
    ran = run("--as", "lead", "enroll", "bd", "--all", "--yes")
    assert (ran.exit_code, ran.err.splitlines()[0]) == (2, "Error: rep 'lead' has no mailbox")
    write(run.folder, "templates/bd/recap.md", "Hi {{ contact.nmae }}, there?\n")
    ran = run("enroll", "bd", "--all", "--yes")
    assert ran.exit_code == 2
    assert "templates/bd/recap.md:1" in ran.err
    assert run("enroll", "mailgroup", "--all").err.splitlines()[1] == "Hint: did you mean 'mail-group'?"


def test_a_load_over_the_cap_is_pointed_out(run: CommandLine) -> None:
    config = run.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("daily_cap = 50 ", "daily_cap = 1 "), "utf-8")
    people = "\n".join(f"b{n}@f{n}.example,Portugal" for n in range(3))
    run("contacts", "import", str(write(run.folder, "more.csv", "email,country\n" + people)))
    ran = run("enroll", "bd", "--where", "not company", "--dry-run")
    assert "are more than li may send: the rest leaves later" in ran.err
