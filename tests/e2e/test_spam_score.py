"""What SpamAssassin says of each mail of the starter library, and that docs/deliverability.md says so too."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from sequencer.flows.engine import Engine
from tests.docs.page import IS_UPDATING
from tests.docs.tables import Row, tables_of, with_rows
from tests.e2e.letters import SEQUENCES, Letter, a_library, letters
from tests.files.workspaces import write
from tests.servers.spamassassin import Score, SpamAssassin, spamassassin
from tests.structure.sources import ROOT

__all__ = ["spamassassin"]  # a fixture

DOCUMENT = ROOT / "docs" / "deliverability.md"
HEADING = "What SpamAssassin says"
MAX_POINTS = 1.0
"""Ours; SpamAssassin takes a mail for spam from 5 on."""
EVERY_MAIL = "every mail"
NO_RULE: Row = ("none", "0", "no mail")
SHORT_SEQUENCE = """\
sequence: short
description: One line
window: buyer
steps:
  - id: one
    template: short
"""
SHORT = "LIST_PARTIAL_SHORT_MSG"

_VERSION = re.compile(r"(?<=SpamAssassin )\d+(?:\.\d+)+")

Opinion = tuple[Letter, Score]
Judge = Callable[[str], list[Opinion]]
"""Sequence → what is said of each of its mails."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return a_library(tmp_path_factory.mktemp("library") / "workspace")


@pytest.fixture(scope="module")
def judge(library: Engine, spamassassin: SpamAssassin) -> Judge:
    """Each sequence is judged once, by the first test that asks."""
    return cache(
        lambda sequence: [
            (letter, spamassassin.score(letter.received())) for letter in letters(library, sequence)
        ]
    )


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_no_mail_of_the_library_comes_near_to_spam(judge: Judge, sequence: str) -> None:
    opinions = judge(sequence)
    assert len(opinions) >= 4  # two mails to two buyers
    assert [f"{letter}: {score}" for letter, score in opinions if score.points >= MAX_POINTS] == []


def test_a_mail_that_is_spam_gets_the_points_for_it(judge: Judge, spamassassin: SpamAssassin) -> None:
    """The mails above pass because of what they are, not because nobody looks."""
    letter, _ = judge("mail-group")[0]
    claim = b"Subject: YOU WON $1,000,000 USD !!! CLAIM IT NOW\r\nX-Before:"
    rules = spamassassin.score(letter.received().replace(b"Subject:", claim, 1)).rules
    assert {"SUBJ_ALL_CAPS", "US_DOLLARS_3"} <= rules.keys()
    test_string = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    assert spamassassin.score(letter.received().replace(b"Hi Ana,", test_string, 1)).points > 900


def test_dates_are_compared_with_those_of_the_servers(judge: Judge, spamassassin: SpamAssassin) -> None:
    """Else the score would change with the day of the test."""
    letter, _ = judge("mail-group")[0]
    late = letter.received().replace(b"Date: Tue, 15 Sep", b"Date: Fri, 11 Sep", 1)
    assert "DATE_IN_PAST_96_XX" in spamassassin.score(late).rules


def test_a_mail_of_a_few_lines_needs_a_providers_signature(
    library: Engine, spamassassin: SpamAssassin
) -> None:
    """What the page says of DKIM; the library's own mails are longer, or signed in the tests above."""
    write(library.workspace.root, "sequences/short.yaml", SHORT_SEQUENCE)
    write(library.workspace.root, "templates/short.md", "---\nsubject: Tools\n---\nDo you still buy rakes?\n")
    letter = next(letters(library, "short"))
    assert SHORT not in spamassassin.score(letter.received()).rules
    assert spamassassin.score(letter.received(is_signed=False)).rules[SHORT] >= MAX_POINTS
    assert SHORT in DOCUMENT.read_text("utf-8")


def test_the_page_lists_the_rules_that_fire(judge: Judge, spamassassin: SpamAssassin) -> None:
    fired = rows([opinion for sequence in SEQUENCES for opinion in judge(sequence)])
    text, told = DOCUMENT.read_text("utf-8"), tables_of(DOCUMENT)[HEADING]
    if IS_UPDATING:
        meanings = {row[0]: row[3] for row in told}
        text = with_rows(text, HEADING, [(*row, meanings.get(row[0], "")) for row in fired])
        DOCUMENT.write_text(_VERSION.sub(spamassassin.version, text), "utf-8")
        return
    if _VERSION.findall(text) != [spamassassin.version]:
        pytest.skip(f"the page tells of another SpamAssassin than {spamassassin.version} (UPDATE_DOCS=1)")
    assert [row[:3] for row in told] == fired, (
        "UPDATE_DOCS=1 writes the table anew; what a rule means you write"
    )


def test_the_page_says_what_each_rule_means() -> None:
    assert [row[0] for row in tables_of(DOCUMENT)[HEADING] if len(row[3]) < 20] == []


def rows(opinions: list[Opinion]) -> list[Row]:
    """Rule, its points, and the templates it fires on, by name."""
    points: dict[str, float] = {}
    templates: dict[str, set[str]] = {}
    for letter, score in opinions:
        points |= score.rules
        for rule in score.rules:
            templates.setdefault(rule, set()).add(letter.source)
    every = {letter.source for letter, _ in opinions}
    names = {
        rule: EVERY_MAIL if found == every else ", ".join(sorted(found)) for rule, found in templates.items()
    }
    return [(rule, f"{points[rule]:g}", names[rule]) for rule in sorted(names)] or [NO_RULE]
