"""Checks with the lint rules: arms, languages, invented buyers, places, and the starter library."""

from pathlib import Path

from sequencer.flows.check_sequences import check_sequences
from tests.files.workspaces import a_fresh_workspace, a_workspace, config_of, write

FOOTER = """\
Best regards,
{{ rep.signature }}

If this is nothing for you, answer "unsubscribe" and you will not hear from me again.
{{ sender.company }}, {{ sender.postal_address }}
"""
STEPS = """\
sequence: s
window: buyer
steps:
  - id: one
    template: one
  - id: call
    task: Call them
  - id: two
    template: two
"""
HELLO = "Hi {{ contact.first_name or 'there' }},\n\n"


def minded(root: Path, *, steps: str = STEPS, **templates: str) -> list[str]:
    """Where the rules find what, in the order told; `one__de` is templates/one.de.md."""
    texts = {"one": "which rake do you sell?", "two": "how many of them in May?", **templates}
    workspace = a_workspace(root, sequences__s=steps, templates___footer=FOOTER)
    for name, text in texts.items():
        head = "---\nsubject: Rakes\n---\n" if name.startswith("one") else ""
        body = text if text.startswith(("---", "Hi", "Hallo")) else f"{HELLO}{text}"
        write(root, f"templates/{name.replace('__', '.')}.md", f'{head}{body}\n\n{{% include "_footer" %}}\n')
    (found,) = check_sequences(workspace, config_of(workspace), ())
    assert found.faults == ()
    return [f"{warning.where} {warning.rule}" for warning in found.warnings]


def test_the_starter_library_is_clean(tmp_path: Path) -> None:
    workspace = a_fresh_workspace(tmp_path)
    found = check_sequences(workspace, config_of(workspace), ())
    assert found
    assert [str(fault) for one in found for fault in (*one.faults, *one.warnings)] == []


def test_a_small_good_sequence_is_clean(tmp_path: Path) -> None:
    assert minded(tmp_path) == []


def test_each_arm_and_each_language_is_looked_at(tmp_path: Path) -> None:
    steps = STEPS.replace("template: one", "template: one\n    variants: [one-b]")
    good = "which rake?"
    bad = "which rake? And when?"
    assert minded(tmp_path, steps=steps, one=good, one__de=bad, **{"one-b": good, "one-b__es": bad}) == [
        "templates/one-b.es.md:6 many-questions",
        "templates/one.de.md:6 many-questions",
    ]


def test_a_place_that_every_buyer_meets_is_told_once_and_a_branch_for_the_bare_one_is_met(
    tmp_path: Path,
) -> None:
    branches = "{% if contact.company %}\nHow? Why?\n{% else %}\nWho? What?\n{% endif %}\nWe ask BOLDLY."
    assert minded(tmp_path, two=branches) == [
        "templates/two.md:4 many-questions",
        "templates/two.md:6 many-questions",
        "templates/two.md:8 capitals",
    ]


def test_a_step_whose_condition_leaves_bare_contacts_out_may_use_their_fields(tmp_path: Path) -> None:
    personal = "Hi {{ contact.first_name }},\n\nhow many of them in May?"
    assert minded(tmp_path / "all", two=personal) == ["templates/two.md:1 bare-contact"]
    steps = STEPS + '    when: contact.first_name != ""\n'
    assert minded(tmp_path / "some", steps=steps, two=personal) == []


def test_footers_do_not_count_as_the_mails_own_text(tmp_path: Path) -> None:
    long = " ".join(["rake"] * 116)  # with the greeting 118 words; with the footer far more
    assert minded(tmp_path / "fits", one=long) == []
    assert minded(tmp_path / "long", one=f"{long} and one more") == ["templates/one.md:4 long-mail"]
    inline = f"{HELLO}{long}\n\n{FOOTER}\n\nP.S. {{# no footer file #}}"
    assert minded(tmp_path / "inline", one=inline) == []


def test_languages_are_compared_with_themselves_only(tmp_path: Path) -> None:
    same = "Each rake is bent ninety times."
    assert minded(tmp_path / "apart", one=same, one__de="Wir biegen.", two="More?", two__de=same) == []
    assert minded(tmp_path / "again", one="More?", one__de=same, two="Which?", two__de=f"Noch: {same}") == [
        "templates/two.de.md:3 same-sentence"
    ]


def test_arms_of_one_step_may_say_the_same(tmp_path: Path) -> None:
    steps = STEPS.replace("template: one", "template: one\n    variants: [one-b]")
    same = "Each rake is bent ninety times."
    assert minded(tmp_path, steps=steps, one=same, **{"one-b": same}) == []


def test_what_a_partial_says_is_told_in_the_partial(tmp_path: Path) -> None:
    write(tmp_path, "templates/_proof.md", "We bend each rake.\n\nOur steel is the TOUGHEST there is.\n")
    said = 'which rake do you sell?\n\n{% include "_proof" %}'
    assert minded(tmp_path, one=said) == ["templates/_proof.md:3 capitals"]


def test_a_long_dead_thread_is_told_at_the_step_that_goes_on(tmp_path: Path) -> None:
    more = [f"  - id: m{number}\n    template: m{number}\n" for number in range(5)]
    texts = {f"m{number}": f"how about {number} rakes?" for number in range(5)}
    assert minded(tmp_path / "five", steps=STEPS + "".join(more[:3]), **texts) == []
    assert minded(tmp_path / "six", steps=STEPS + "".join(more), **texts) == [
        "sequences/s.yaml:16 long-thread"
    ]


def test_attachments_are_weighed_with_each_mail(tmp_path: Path) -> None:
    steps = STEPS.replace("template: two", "template: two\n    attach: [list.pdf]")
    heavy = tmp_path / "assets" / "list.pdf"
    heavy.parent.mkdir()
    heavy.write_bytes(b"x" * 1_600_000)
    assert minded(tmp_path, steps=steps, two="the list of all rakes is attached; which one fits?") == [
        "sequences/s.yaml:10 heavy-attachments"
    ]
