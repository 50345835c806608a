"""A version pins every text a sequence can reach, and the stored texts give the same version back."""

from pathlib import Path

import pytest

from sequencer.core.threads import Threading, threading_of
from sequencer.core.timing import Wait
from sequencer.errors import FaultyInput, InputError, SequencerError
from sequencer.files.known_names import sequence_names
from sequencer.files.version import load_version, version_from_texts
from tests.files.workspaces import a_fresh_workspace, a_workspace, config_of, write

SEQUENCE = """\
sequence: s
window: buyer
stop: {on_reply: company}
steps:
  - id: one
    template: s/one
    variants: [s/short]
  - id: call
    wait: 1w
    task: "Call {{ contact.first_name or 'them' }}"
    wait_for_task: no
  - id: two
    wait: 3bd
    template: s/two
    attach: [a.pdf]
    approve: always
    was: second
"""
FILES = {
    "sequences__s": SEQUENCE,
    "templates__s__one": "---\nsubject: Hello\n---\nHi\n\n{% include 'foot' %}\n",
    "templates__s__one.es": "---\nsubject: Hola\n---\nHola\n",
    "templates__s__one.old": "---\nsubject: {{ broken\n",
    "templates__s__short": "---\nsubject: Hello\n---\nHi\n",
    "templates__s__two": "And now?\n",
    "templates__foot": "Bye\n{% include 'law.md' %}",
    "templates__law": "{{ sender.postal_address }}\n",
    "templates__unused": "{{ nobody }}\n",
}


def test_a_version_holds_what_the_sequence_says(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, **FILES)
    version = load_version(workspace, "s", config_of(workspace))
    sequence = version.sequence
    one, call, two = sequence.steps
    assert (sequence.name, sequence.window, sequence.on_reply) == ("s", "buyer", "company")
    assert one.arms == ("s/one", "s/short")
    assert (call.is_task, call.wait, call.wait_for_task) == (True, Wait(1, "w"), False)
    assert (two.wait, two.attach, two.approve, two.was) == (Wait(3, "bd"), ("a.pdf",), "always", "second")
    assert [threading_of(version, step) for step in sequence.steps] == [
        Threading.STARTS,
        Threading.TASK,
        Threading.ANSWERS,
    ]


def test_a_version_pins_partials_and_languages_and_nothing_else(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, **FILES)
    version = load_version(workspace, "s", config_of(workspace))
    assert sorted(version.templates) == ["foot", "law", "s/one", "s/one.es", "s/short", "s/two"]
    assert set(version.texts) == {"sequences/s.yaml", *(f"templates/{name}.md" for name in version.templates)}


def test_stored_texts_give_the_same_version_back(tmp_path: Path) -> None:
    workspace = a_fresh_workspace(tmp_path)
    for name in sequence_names(workspace):
        version = load_version(workspace, name, config_of(workspace))
        assert version_from_texts(version.texts, name) == version
        assert len(version.hash) == 64


def test_the_hash_changes_with_any_text_it_pins_and_with_no_other(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, **FILES)
    config = config_of(workspace)
    before = load_version(workspace, "s", config).hash
    write(tmp_path, "templates/unused.md", "changed")
    write(tmp_path, "templates/law.md", "{{ sender.postal_address }}\r\n")
    assert load_version(workspace, "s", config).hash == before
    for path in ("templates/law.md", "templates/s/one.es.md", "sequences/s.yaml"):
        text = (tmp_path / path).read_text()
        write(tmp_path, path, text + "\n")
        assert load_version(workspace, "s", config).hash != before
        write(tmp_path, path, text)


def test_a_later_edit_changes_nothing_in_a_pinned_version(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, **FILES)
    version = load_version(workspace, "s", config_of(workspace))
    write(tmp_path, "templates/s/two.md", "Changed\n")
    assert version_from_texts(version.texts, "s").templates["s/two"].body == "And now?\n"


def test_damaged_stored_texts_are_said_to_be_damaged() -> None:
    with pytest.raises(SequencerError, match="cannot be read"):
        version_from_texts({"templates/a.md": "x"}, "s")
    with pytest.raises(SequencerError, match="cannot be read"):
        version_from_texts({"sequences/s.yaml": "steps: ["}, "s")


def test_an_unknown_sequence_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    workspace = a_fresh_workspace(tmp_path)
    with pytest.raises(InputError) as caught:
        load_version(workspace, "mailgroup", config_of(workspace))
    assert caught.value.hint == "did you mean 'mail-group'?"


def test_a_step_renamed_without_was_is_a_fault(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, **FILES)
    config = config_of(workspace)
    earlier = load_version(workspace, "s", config).sequence
    renamed = SEQUENCE.replace("id: two", "id: third")
    write(tmp_path, "sequences/s.yaml", renamed)
    with pytest.raises(FaultyInput) as caught:
        load_version(workspace, "s", config, earlier=earlier)
    assert str(caught.value) == "sequences/s.yaml:12: the step 'two' is now called 'third' (add `was: two`)"
    write(tmp_path, "sequences/s.yaml", renamed.replace("was: second", "was: two"))
    assert load_version(workspace, "s", config, earlier=earlier).sequence.steps[2].was == "two"


def test_faults_of_all_files_of_a_sequence_come_at_once(tmp_path: Path) -> None:
    files = FILES | {
        "sequences__s": SEQUENCE.replace("window: buyer", "window: seller"),
        "templates__s__two": "{{ contact.nam }}\n",
        "templates__law": "{{ sender.adress }}\n",
    }
    workspace = a_workspace(tmp_path, **files)
    with pytest.raises(FaultyInput) as caught:
        load_version(workspace, "s", config_of(workspace))
    assert [fault.where for fault in caught.value.faults] == [
        "sequences/s.yaml:2",
        "templates/law.md:1",
        "templates/s/two.md:1",
    ]


def test_yaml_means_what_it_says(tmp_path: Path) -> None:
    steps_text = "  - {id: on, template: s/one}\n  - {id: no, wait: 017d, template: s/two}\n"
    text = f"sequence: s\nwindow: buyer\nsteps:\n{steps_text}"
    workspace = a_workspace(tmp_path, **(FILES | {"sequences__s": text}))
    steps = load_version(workspace, "s", config_of(workspace)).sequence.steps
    assert [(step.id, str(step.wait)) for step in steps] == [("on", "0m"), ("no", "17d")]


def test_a_yaml_bomb_is_a_fault_and_not_a_bang(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    workspace = a_workspace(tmp_path, sequences__s="\n".join(lines))
    with pytest.raises(FaultyInput, match="more than 20,000 values"):
        load_version(workspace, "s", config_of(workspace))
