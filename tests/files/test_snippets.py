"""Snippets: read in the buyer's language, filled as Markdown that says what it is, checked like templates."""

from pathlib import Path

import pytest

from sequencer.core.edited_text import bodies_of_own_text
from sequencer.core.render_fault import RenderFault
from sequencer.core.snippet import fill_snippet
from sequencer.errors import FaultyInput, InputError
from sequencer.files.snippets import read_snippet, snippet_names, without_siblings
from sequencer.files.workspace import Workspace
from sequencer.flows.check_sequences import check_sequences
from sequencer.testing import a_config, a_contact
from tests.files.workspaces import a_fresh_workspace, config_of


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return a_fresh_workspace(tmp_path)


def write(workspace: Workspace, name: str, text: str) -> None:
    (workspace.snippets / f"{name}.md").write_text(text, "utf-8")


def filled(workspace: Workspace, name: str, language: str = "en", **fields: object) -> str:
    config = a_config()
    snippet = read_snippet(workspace, name, language)
    return fill_snippet(snippet, a_contact(**fields), config.reps[0], config.sender)  # type: ignore[arg-type]


def test_the_shipped_ones_are_sound_and_several_speak_chinese_or_spanish(workspace: Workspace) -> None:
    found = check_sequences(workspace, config_of(workspace), ())
    assert [one.faults for one in found if one.faults] == []
    languages = without_siblings(snippet_names(workspace))
    assert {"es", "zh"} <= {tag for tags in languages.values() for tag in tags}
    for name in languages:
        assert "{" not in filled(workspace, name)


def test_the_buyers_language_is_taken_where_there_is_one(workspace: Workspace) -> None:
    assert filled(workspace, "thanks", "es-MX", first_name="Ana").startswith("Hola, Ana:")
    assert filled(workspace, "thanks", "pt", first_name="Ana").startswith("Hi Ana,")


def test_a_value_says_in_the_mail_what_it_is(workspace: Workspace) -> None:
    write(workspace, "who", "Yours, {{ contact.company }}")
    markdown = filled(workspace, "who", company="*Best* & Sons [x](y)")
    assert bodies_of_own_text(markdown)[0].strip() == "Yours, *Best* & Sons [x](y)"


def test_a_field_without_a_value_is_no_answer(workspace: Workspace) -> None:
    write(workspace, "bare", "Hi {{ contact.first_name }},")
    with pytest.raises(RenderFault, match=r"contact.first_name is empty") as caught:
        filled(workspace, "bare", first_name="")
    assert caught.value.where == "snippets/bare.md:1"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hi {{ contact.frist_name }},", "snippets/bad.md:1: contact has no field 'frist_name'"),
        ("Hi {{ contact.first_name ", "snippets/bad.md:1: "),
        ("Hello\n\n{% include '_footer' %}", "snippets/bad.md:3: {% include %} has no place in a snippet"),
        ("---\nsubject: Prices\n---\nHello", "snippets/bad.md:1: a snippet has text only"),
        ("  \n", "snippets/bad.md:1: the snippet has no text"),
        ("{{ 7 / 0 }}", "snippets/bad.md:1: division by zero"),
    ],
)
def test_sequences_check_tells_what_is_wrong(workspace: Workspace, text: str, fault: str) -> None:
    write(workspace, "bad", text)
    found = check_sequences(workspace, config_of(workspace), ())
    faults = [str(one) for checked in found for one in checked.faults]
    assert len(faults) == 1
    assert faults[0].startswith(fault)
    assert check_sequences(workspace, config_of(workspace), ("bd",))[0].faults == ()


def test_what_cannot_be_read_is_named_with_its_mend(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="there is no snippet 'thank'") as caught:
        read_snippet(workspace, "thank", "en")
    assert "thanks" in (caught.value.hint or "")
    (workspace.snippets / "gbk.md").write_bytes("谢谢您的回复，今天发给您".encode("gbk"))
    with pytest.raises(FaultyInput, match="not UTF-8; it looks like GBK"):
        read_snippet(workspace, "gbk", "en")


def test_a_workspace_from_before_has_none(tmp_path: Path) -> None:
    assert snippet_names(Workspace(tmp_path)) == []
