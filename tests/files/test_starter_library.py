"""The starter library is what a very good rep would write: short, honest, each mail with its own angle."""

import re
from pathlib import Path

import pytest

from sequencer.core.render import Draft, render_step, render_task
from sequencer.errors import Fault
from sequencer.files.known_names import sequence_names
from sequencer.files.version import load_version
from sequencer.flows.check_sequences import check_sequences
from sequencer.flows.invented_buyer import invented_buyer
from sequencer.testing import a_contact
from tests.files.workspaces import a_fresh_workspace, config_of

NAMES = ("bd", "classic", "exhibition", "key-account", "mail-group", "re-engage")
ASK_NOTHING = {("classic", "greeting"), ("re-engage", "goodbye")}


def drafts(root: Path, sequence: str, **contact: object) -> list[tuple[str, Draft]]:
    workspace = a_fresh_workspace(root)
    config = config_of(workspace)
    version = load_version(workspace, sequence, config)
    buyer = a_contact(**contact) if contact else invented_buyer(version)  # type: ignore[arg-type]
    mails = [step for step in version.sequence.steps if not step.is_task]
    return [
        (step.id, render_step(version, step, buyer, config.reps[0], config.sender, arm=step.arms[0]))
        for step in mails
    ]


def own_text(draft: Draft) -> str:
    """What the mail says before the footer all mails share."""
    return draft.text.split("\nBest regards,")[0]


def test_a_fresh_workspace_has_no_fault_and_no_missing_attachment(tmp_path: Path) -> None:
    workspace = a_fresh_workspace(tmp_path)
    found = check_sequences(workspace, config_of(workspace), ())
    assert tuple(one.name for one in found) == NAMES == tuple(sequence_names(workspace))
    faults: list[Fault] = [fault for one in found for fault in (*one.faults, *one.warnings)]
    assert faults == []


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("bd", 4),
        ("classic", 10),
        ("exhibition", 6),
        ("key-account", 8),
        ("mail-group", 9),
        ("re-engage", 4),
    ],
)
def test_each_sequence_has_its_steps(tmp_path: Path, name: str, steps: int) -> None:
    workspace = a_fresh_workspace(tmp_path)
    assert len(load_version(workspace, name, config_of(workspace)).sequence.steps) == steps


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_renders_for_a_buyer_of_whom_only_the_address_is_known(tmp_path: Path, name: str) -> None:
    blank = dict.fromkeys(("name", "first_name", "last_name", "company", "country", "language", "phone"), "")
    for _, draft in drafts(tmp_path, name, **blank):
        assert draft.text.startswith("Hi there,\n")
    workspace = a_fresh_workspace(tmp_path / "task")
    config = config_of(workspace)
    version = load_version(workspace, name, config)
    for step in version.sequence.steps:
        if step.is_task:
            title = render_task(version, step, a_contact(**blank), config.reps[0], config.sender)  # type: ignore[arg-type]
            assert title.partition(":")[0].endswith(" ana.silva@lusotools.example"), title


@pytest.mark.parametrize("name", NAMES)
def test_openers_are_short_and_every_mail_asks_one_question(tmp_path: Path, name: str) -> None:
    found = drafts(tmp_path, name)
    assert len(own_text(found[0][1]).split()) <= 120
    for step, draft in found:
        assert own_text(draft).count("?") == ((name, step) not in ASK_NOTHING), step
        assert len(re.findall(r"(?:https?://|www\.)\S+", draft.text)) <= 1, step


@pytest.mark.parametrize("name", NAMES)
def test_no_two_mails_share_a_sentence(tmp_path: Path, name: str) -> None:
    seen: dict[str, str] = {}
    for step, draft in drafts(tmp_path, name):
        text = own_text(draft).partition("\n")[2]  # without the greeting
        for sentence in re.split(r"(?<=[.?!:])\s+|\n+", text):
            if len(sentence) > 12:
                assert sentence not in seen, (sentence, step, seen.get(sentence))
                seen[sentence] = step


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_says_who_writes_from_where_and_how_to_stop_it(tmp_path: Path, name: str) -> None:
    config = config_of(a_fresh_workspace(tmp_path / "w"))
    for _, draft in drafts(tmp_path / "d", name):
        assert config.sender.postal_address in draft.text
        assert 'answer "unsubscribe"' in draft.text
        assert config.reps[0].full_name in draft.text
        assert "**" not in draft.text


@pytest.mark.parametrize(
    "own_columns", [{}, {"fair": "the Porto fair", "talked_about": "loppers, two sizes"}]
)
def test_the_exhibition_mails_need_no_column_of_ones_own_and_use_those_there_are(
    tmp_path: Path, own_columns: dict[str, str]
) -> None:
    thanks, talked, *_ = (draft for _, draft in drafts(tmp_path, "exhibition", extra=own_columns))
    subject = f"Thank you for stopping by at {own_columns.get('fair', 'our stand')}"
    assert thanks.subject == subject
    assert ('I wrote: "loppers, two sizes".' in talked.text) == bool(own_columns)
    assert ("its back is empty" in talked.text) != bool(own_columns)


def test_the_exhibition_mails_are_out_within_twenty_business_days_even_if_nobody_calls(
    tmp_path: Path,
) -> None:
    workspace = a_fresh_workspace(tmp_path)
    first, *later = load_version(workspace, "exhibition", config_of(workspace)).sequence.steps
    assert first.template == "exhibition/thanks"
    assert {step.wait.unit for step in later} == {"bd"}
    assert sum(step.wait.amount for step in later) <= 20
    assert [step.wait_for_task for step in later if step.is_task] == [False]


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("AU", "by the end of May"),
        ("DE", "by the middle of November"),
        ("SG", "What I don't know"),
        ("", "What I don't know"),
    ],
)
def test_the_season_is_that_of_the_buyers_country_or_is_asked(
    tmp_path: Path, country: str, said: str
) -> None:
    text = next(
        draft.text for step, draft in drafts(tmp_path, "classic", country=country) if step == "season"
    )
    phrases = ("by the end of May", "by the middle of November", "What I don't know")
    assert [phrase for phrase in phrases if phrase in text] == [said]
