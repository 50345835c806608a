"""`sequencer sequences`: what it prints, and how it ends."""

from pathlib import Path

import pytest

from sequencer.core.lint import RULES
from tests.cli.command import CommandLine
from tests.files.workspaces import a_fresh_workspace, write


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.delenv("SEQUENCER_REP", raising=False)
    a_fresh_workspace(tmp_path)
    return CommandLine(tmp_path, capsys)


def test_a_fresh_workspace_is_fine_and_its_threads_are_told(run: CommandLine) -> None:
    ran = run("sequences", "check")
    assert (ran.exit_code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    start = lines.index("mail-group: 9 steps, fine")
    assert lines[start + 1 : start + 10] == [
        "  intro: starts a thread",
        "  hot-products: answers in the thread",
        "  catalogue: answers in the thread",
        "  certificates: starts a thread",
        "  exhibition: starts a thread",
        "  factory: answers in the thread",
        "  customers: answers in the thread",
        "  quote: starts a thread",
        "  new-products: starts a thread",
    ]


def test_every_fault_is_told_on_its_line_and_the_exit_code_is_2(run: CommandLine) -> None:
    write(run.folder, "templates/bd/offer.md", "---\nsubject: Re: Hello\n---\nHi {{ contact.nam }}\n")
    write(run.folder, "templates/bd/recap.md", "---\nsubject: 'Re: Hello'\n---\nHi {{ contact.nam }}\n")
    (run.folder / "templates/bd/recap.es.md").unlink()  # it has no subject, and would say so
    ran = run("sequences", "check", "bd", "classic")
    assert ran.exit_code == 2
    assert ran.out.splitlines()[0] == "classic: 10 steps, fine"
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [
        "templates/bd/offer.md:2",
        "templates/bd/offer.md:4",
        "templates/bd/recap.md:2",
        "templates/bd/recap.md:4",
        "Error",
    ]
    assert run("sequences", "check", "classic").exit_code == 0


def test_a_fault_of_a_shared_partial_is_told_once(run: CommandLine) -> None:
    write(run.folder, "templates/_footer.md", "{{ rep.signatur }}\n")
    ran = run("sequences", "check")
    assert ran.err == (
        "templates/_footer.md:1: rep has no field 'signatur' (did you mean 'signature'?)\n"
        "Error: 1 fault; nothing was changed.\n"
    )


def test_a_missing_attachment_is_a_warning_and_the_exit_code_is_3(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").unlink()
    ran = run("sequences", "check")
    assert ran.exit_code == 3
    assert ran.err == (
        "Warning: assets/price-list.pdf: there is no such attachment"
        " (put the file there; mails that attach it wait for it)\n"
    )


def test_attachments_over_the_size_of_a_mail_are_a_warning(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").write_bytes(b"x" * 4_000_000)
    ran = run("sequences", "check", "bd")
    assert ran.exit_code == 3
    assert "the step 'recap' attaches 5,333,333 bytes (encoded), more than the 5,000,000 allowed" in ran.err


def test_check_as_json_tells_faults_warnings_and_threads(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").unlink()
    write(run.folder, "templates/classic/season.md", "")
    ran = run("sequences", "check", "--json")
    assert ran.exit_code == 2
    bd, classic, *_ = ran.json["sequences"]
    assert bd["steps"] == [
        {"id": "offer", "thread": "starts a thread"},
        {"id": "photo", "thread": "answers in the thread"},
        {"id": "recap", "thread": "answers in the thread"},
        {"id": "proforma", "thread": "answers in the thread"},
    ]
    assert bd["warnings"][0]["where"] == "assets/price-list.pdf"
    assert classic["faults"] == [
        {
            "where": "templates/classic/season.md:1",
            "message": "the template has no text",
            "hint": "write what the buyer is to read",
        }
    ]


def test_the_list_counts_steps_and_faults(run: CommandLine) -> None:
    write(run.folder, "sequences/bd.yaml", "sequence: bd\n")
    assert [
        (one["name"], one["steps"], one["faults"])
        for one in run("sequences", "list", "--json").json["sequences"]
    ] == [
        ("bd", None, 2),
        ("classic", 10, 0),
        ("exhibition", 6, 0),
        ("key-account", 8, 0),
        ("mail-group", 9, 0),
        ("re-engage", 4, 0),
    ]
    assert (
        "classic\t10\tfine\tTen touches in five weeks, each with a reason of its own"
        in run("sequences", "list").out
    )


def test_show_gives_each_step_in_full(run: CommandLine) -> None:
    assert "call\t2bd\tCall {{ contact.first_name" in run("sequences", "show", "classic").out
    shown = run("sequences", "show", "mail-group", "--json").json
    assert [step["id"] for step in shown["steps"]] == [
        *("intro", "hot-products", "catalogue", "certificates", "exhibition"),
        *("factory", "customers", "quote", "new-products"),
    ]
    assert shown["steps"][7]["approve"] == "key_accounts"
    assert {"templates/_footer.md", "templates/_footer.es.md"} <= set(shown["files"])


def test_the_schema_knows_every_key_of_a_step(run: CommandLine) -> None:
    schema = run("sequences", "schema").json
    step = schema["$defs"]["StepShape"]
    assert step["additionalProperties"] is False
    assert step["required"] == ["id"]
    assert set(step["properties"]) == {
        *("id", "wait", "at", "on", "before_holiday", "expires"),
        *("template", "variants", "weights", "task", "wait_for_task"),
        *("when", "attach", "approve", "subject", "was"),
    }
    assert all("description" in key for key in step["properties"].values())
    # Both of its forms: `2d`, and a group.
    short, group, _ = step["properties"]["before_holiday"]["anyOf"]
    assert (short["type"], group) == ("string", {"$ref": "#/$defs/BeforeHolidayShape"})


def test_a_preview_reads_as_the_buyer_would_read_it(run: CommandLine) -> None:
    ran = run("sequences", "preview", "mail-group")
    assert ran.exit_code == 0
    assert ran.out.startswith("To: ana.silva@luso-jardim.example (an invented buyer)\n")
    assert "Subject: Garden tools from the maker, for Luso Jardim Lda\n" in ran.out
    assert "Subject: Re: Garden tools from the maker, for Luso Jardim Lda\n" in ran.out
    assert "Attachment: price-list.pdf (" in ran.out
    assert "=== quote · starts a thread · after 4bd" in ran.out


def test_a_preview_as_json_holds_both_parts(run: CommandLine) -> None:
    shown = run("sequences", "preview", "classic", "--json").json
    assert shown["is_invented"] is True
    call = shown["steps"][5]
    assert (call["id"], call["text"], call["thread"]) == ("call", None, "task")
    assert call["task"].startswith("Call Ana on +351")
    assert shown["steps"][0]["html"].startswith("<!DOCTYPE html>")


def test_the_html_of_one_step_is_written_to_a_file(run: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "offer.html"
    assert run("sequences", "preview", "bd", "--step", "offer", "--html", str(target)).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    ran = run("sequences", "preview", "bd", "--html", str(target))
    assert (ran.exit_code, ran.err.splitlines()[0]) == (2, "Error: --html writes one mail, here are 4")


def test_a_preview_shows_a_missing_attachment_and_an_override(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").unlink()
    write(
        run.folder,
        "overrides/bd/ana.silva@luso-jardim.example/recap.md",
        "Dear {{ contact.first_name }}, as agreed.\n",
    )
    out = run("sequences", "preview", "bd", "--step", "recap").out
    assert "price-list.pdf is MISSING from assets/" in out
    assert "Dear Ana, as agreed." in out


def test_steps_that_do_not_render_are_told_beside_those_that_do(run: CommandLine) -> None:
    write(run.folder, "templates/bd/recap.md", "[x]({{ contact.note }})\n")
    ran = run("sequences", "preview", "bd")
    assert ran.exit_code == 2
    assert "Two sample pruners" in ran.out
    assert ran.err.startswith("templates/bd/recap.md: a value in a link is no link target")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ("check", "classik"),
            "Error: sequences: there is no sequence 'classik'\nHint: did you mean 'classic'?\n",
        ),
        (
            ("preview", "bd", "--step", "ofer"),
            "Error: there is no step 'ofer'\nHint: did you mean 'offer'?\n",
        ),
    ],
)
def test_unknown_names_get_did_you_mean(run: CommandLine, arguments: tuple[str, ...], error: str) -> None:
    ran = run("sequences", *arguments)
    assert (ran.exit_code, ran.err) == (2, error)


def test_a_faulty_config_is_told_before_anything_else(run: CommandLine) -> None:
    write(run.folder, "config.toml", "me = \n")
    ran = run("sequences", "list")
    assert ran.exit_code == 2
    assert ran.err.startswith("config.toml:1: this is not TOML")


def test_a_sequence_under_almost_the_right_name_is_pointed_out(run: CommandLine) -> None:
    (run.folder / "sequences" / "bd.yaml").rename(run.folder / "sequences" / "bd.yml")
    ran = run("sequences", "show", "bd")
    assert ran.err.splitlines() == [
        "Error: sequences: there is no sequence 'bd'",
        "Hint: sequences/bd.yml is not read: call it bd.yaml",
    ]
    assert "sequences/bd.yml: is not read (call it bd.yaml)" in run("sequences", "check").err
    assert ("bd.yml", 1) in [
        (one["name"], one["faults"]) for one in run("sequences", "list", "--json").json["sequences"]
    ]


def test_a_workspace_without_sequences_says_where_they_go(run: CommandLine) -> None:
    for path in (run.folder / "sequences").iterdir():
        path.unlink()
    for verb in ("list", "check"):
        assert "There is no sequence yet: each is a file sequences/NAME.yaml." in run("sequences", verb).err


A_LIST_MAIL = (
    "---\nsubject: Our offer\n---\nDear Sir or Madam,\n\nwhich rake? And when?\n\n{% include '_footer' %}\n"
)


def test_what_the_rules_mind_is_a_warning_and_the_exit_code_is_3(run: CommandLine) -> None:
    write(run.folder, "templates/classic/opener.md", A_LIST_MAIL)
    ran = run("sequences", "check", "classic")
    assert ran.exit_code == 3
    assert ran.err.splitlines() == [
        "Warning: templates/classic/opener.md:4: “Dear Sir or Madam” greets nobody, although the name"
        " is known [dear-sir] (greet by name: Hi {{ contact.first_name or 'there' }},)",
        "Warning: templates/classic/opener.md:6: 2 questions in one mail; the last is “And when?”"
        " [many-questions] (keep the one that is easiest to answer)",
    ]
    assert ran.out.splitlines()[0].endswith("2 warnings")


def test_a_rule_that_is_allowed_is_not_asked(run: CommandLine) -> None:
    write(run.folder, "templates/classic/opener.md", A_LIST_MAIL)
    ran = run("sequences", "check", "classic", "--allow", "dear-sir")
    assert (ran.exit_code, ran.err.count("Warning")) == (3, 1)
    ran = run("sequences", "check", "classic", "--allow", "dear-sir", "--allow", "many-questions")
    assert (ran.exit_code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].endswith("fine")


def test_no_rule_can_be_allowed_that_does_not_exist(run: CommandLine) -> None:
    ran = run("sequences", "check", "--allow", "dear-sirs")
    assert (ran.exit_code, ran.err) == (
        2,
        "Error: there is no rule 'dear-sirs'\nHint: did you mean 'dear-sir'?\n",
    )


def test_the_json_of_a_warning_names_its_rule(run: CommandLine) -> None:
    (run.folder / "assets" / "price-list.pdf").unlink()
    write(run.folder, "templates/bd/offer.md", A_LIST_MAIL)
    ran = run("sequences", "check", "bd", "--json")
    assert ran.exit_code == 3
    missing, *minded = ran.json["sequences"][0]["warnings"]
    assert (missing["where"], missing["rule"]) == ("assets/price-list.pdf", None)
    assert {
        "where": "templates/bd/offer.md:4",
        "rule": "dear-sir",
        "message": "“Dear Sir or Madam” greets nobody, although the name is known",
        "hint": "greet by name: Hi {{ contact.first_name or 'there' }},",
    } in minded


def test_the_rules_are_listed_with_their_reasons(run: CommandLine) -> None:
    told = run("sequences", "check", "--rules", "--json").json["rules"]
    assert [rule["name"] for rule in told] == [rule.name for rule in RULES]
    assert all(rule["why"] and rule["what"] for rule in told)
    lines = run("sequences", "check", "--rules").out.splitlines()
    assert [line.split("\t")[0] for line in lines[1:]] == [rule.name for rule in RULES]
    assert "dear-sir" not in run("sequences", "check", "--rules", "--allow", "dear-sir").out


def test_the_list_says_nothing_of_how_mails_are_written(run: CommandLine) -> None:
    write(run.folder, "templates/classic/opener.md", A_LIST_MAIL)
    ran = run("sequences", "list")
    assert (ran.exit_code, ran.err) == (0, "")
