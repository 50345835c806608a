"""`inbox classify`: files in, verdicts out, without any workspace; and a labelled folder's score."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sequencer.cli.inbox_classify import classify
from sequencer.errors import Attention, InputError
from tests.golden_messages import FOLDER

REPLY = (
    b"From: Ana <ana@luso.example>\r\nTo: lily@yutools.example\r\nSubject: Re: Wrenches\r\n"
    b"Message-ID: <a@luso.example>\r\nIn-Reply-To: <step.1@yutools.example>\r\n"
    b"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nPlease send your prices.\r\n"
)
SENT = {
    "sent_id": "s1",
    "message_id": "<step.1@yutools.example>",
    "to": "ana@luso.example",
    "date": "2026-03-01",
}
KEYS = (
    *("file", "kind", "recipients", "permanence", "hard", "class", "reason", "intent", "subtype"),
    *("return_date", "successor", "reply_text", "orig_message_id", "sent_id", "match_via", "evidence"),
    *("ms", "error"),
)


def run(*words: object) -> Result:
    return CliRunner().invoke(classify, [str(word) for word in words])


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exception is None, result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A labelled folder of two messages, one of them answering ours."""
    made = tmp_path / "corpus"
    (made / "eml").mkdir(parents=True)
    (made / "eml" / "reply.eml").write_bytes(REPLY)
    shutil.copy(FOLDER / "auto-left.eml", made / "eml" / "left.eml")
    labels = [
        {"file": "reply.eml", "kind": "reply", "sent_id": "s1"},
        {"file": "left.eml", "kind": "auto_reply"},
    ]
    (made / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)))
    (made / "sent.jsonl").write_text(json.dumps(SENT))
    return made


def test_a_row_says_what_it_is_whom_it_answers_and_why(folder: Path) -> None:
    [row] = rows(run("--jsonl", "--sent", folder / "sent.jsonl", folder / "eml" / "reply.eml"))
    assert tuple(row) == KEYS
    assert (row["kind"], row["sent_id"], row["match_via"]) == ("reply", "s1", "references")
    assert row["reply_text"] == "Please send your prices."
    assert row["evidence"]
    assert row["error"] is None


def test_without_a_list_of_what_was_sent_nobody_is_matched(folder: Path) -> None:
    [row] = rows(run("--jsonl", folder / "eml" / "reply.eml"))
    assert (row["kind"], row["sent_id"]) == ("other", None)


def test_folders_and_mbox_files_are_read_whole_and_hidden_files_left(folder: Path, tmp_path: Path) -> None:
    (folder / "eml" / ".hidden.eml").write_bytes(REPLY)
    box = b"".join(
        b"From ana@luso.example Mon Mar  2 09:00:00 2026\n" + REPLY.replace(b"\r\n", b"\n") + b"\n"
        for _ in "12"
    )
    (tmp_path / "two.mbox").write_bytes(box)
    found = rows(run("--jsonl", folder / "eml", tmp_path / "two.mbox"))
    assert [row["file"] for row in found] == ["left.eml", "reply.eml", "two.mbox:1", "two.mbox:2"]
    assert [row["reply_text"] for row in found[1:]] == ["Please send your prices."] * 3


def test_every_golden_message_has_a_row_without_error() -> None:
    found = rows(run("--jsonl", FOLDER))
    assert len(found) == len(list(FOLDER.glob("*.eml")))
    assert [row["file"] for row in found if row["error"]] == []


def test_for_people_it_is_two_lines(folder: Path) -> None:
    result = run(folder / "eml" / "left.eml")
    first, second = result.stdout.splitlines()
    assert first.startswith("left.eml: auto_reply left_company")
    assert " at " in second


def test_a_labelled_folder_is_scored(folder: Path) -> None:
    result = run("--check", folder)
    assert result.exception is None, result.exception
    assert "matched to the right message" in result.stdout
    assert "messages a second" in result.stdout


def test_a_missed_target_is_named_and_ends_with_three(folder: Path) -> None:
    labels = folder / "labels.jsonl"
    labels.write_text(labels.read_text().replace('"auto_reply"', '"bounce"'))
    result = run("--check", folder)
    assert isinstance(result.exception, Attention)
    assert "bounces and delays found" in str(result.exception)
    assert "left.eml" in result.stdout
    as_json = json.loads(run("--check", folder, "--json").stdout)
    assert as_json["messages"] == 2
    assert {"name", "found", "of", "target", "is_met", "wrong"} == set(as_json["measures"][0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"file": "reply.eml"}', "labels.jsonl:1: there is no 'kind'"),
        (
            '\n{"file": "reply.eml", "kind": "repply"}',
            "labels.jsonl:2: 'repply' is no kind: did you mean 'reply'?",
        ),
        ("[]", "labels.jsonl:1: is no JSON object (write one {…} a line)"),
        ("{", "labels.jsonl:1: is no JSON"),
        ('{"file": "gone.eml", "kind": "reply"}', "labels.jsonl names gone.eml, which is not in eml/"),
    ],
)
def test_a_faulty_label_is_told_with_its_line(folder: Path, text: str, told: str) -> None:
    (folder / "labels.jsonl").write_text(text)
    result = run("--check", folder)
    assert isinstance(result.exception, InputError)
    assert told in str(result.exception)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("x.eml", "--check", "x"),
        ("x.eml", "--json"),
        ("--check", "x", "--jsonl"),
        ("--check", "x", "--sent", "y"),
    ],
)
def test_what_does_not_go_together_is_refused(words: tuple[str, ...]) -> None:
    assert isinstance(run(*words).exception, InputError)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run(tmp_path / "gone.eml")
    assert isinstance(result.exception, InputError)
    assert "gone.eml: there is no such file or folder" in str(result.exception)
