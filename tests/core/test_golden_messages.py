"""Every message of tests/messages reads as its .json says; adding a case is adding two files."""

from typing import Any

import pytest

from sequencer.core.effects import case_of
from sequencer.core.matching import match_recipients
from sequencer.core.own_failure import of_ours
from tests import golden_messages as golden


def _facts(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    wanted = golden.expected(name)
    found = golden.outcome(golden.raw(name), wanted.get("folder", "inbox"))
    verdict, match = found.verdict, found.match
    facts: dict[str, Any] = {
        "kind": verdict.kind.value,
        "subtype": verdict.subtype and verdict.subtype.value,
        "class": verdict.bounce_class and verdict.bounce_class.value,
        "hard": verdict.hard,
        "permanence": verdict.permanence,
        "recipients": list(verdict.recipients),
        "original_ids": list(verdict.original_ids),
        "return_date": verdict.return_at and verdict.return_at.date().isoformat(),
        "intent": verdict.intent and verdict.intent.value,
        "successor": verdict.successor,
        "own_text": verdict.own_text,
        "case": match and case_of(of_ours(verdict, match, golden.MAKE.address_key), match).value,
        "match": match
        and {"via": match.via.value, "outbox_id": match.outbox_id, "contact_id": match.contact_id},
        "match_recipients": [one.contact_id for one in match_recipients(found.keys, golden.INDEX)],
        "folder": wanted.get("folder"),
    }
    if verdict.kind.value == "hand_written":
        facts["case"] = case_of(verdict, None).value
    if isinstance(wanted.get("match"), dict):
        facts["match"] = facts["match"] and {key: facts["match"][key] for key in wanted["match"]}
    return wanted, {key: facts[key] for key in wanted}


@pytest.mark.parametrize("name", golden.NAMES)
def test_a_golden_message_reads_as_its_file_says(name: str) -> None:
    wanted, found = _facts(name)
    assert found == wanted


def test_every_verdict_carries_evidence() -> None:
    for name in golden.NAMES:
        assert golden.outcome(golden.raw(name)).verdict.evidence, name


def test_only_dead_bounces_are_hard() -> None:
    for name in golden.NAMES:
        verdict = golden.outcome(golden.raw(name)).verdict
        classes = {verdict.bounce_class, *(one.bounce_class for one in verdict.failures)}
        assert not verdict.hard or (verdict.kind.value == "bounce" and "dead" in classes), name


def test_the_collection_is_as_broad_as_promised() -> None:
    assert len(golden.NAMES) >= 750
    assert 2 * len([name for name in golden.NAMES if name.startswith("human-")]) >= len(golden.NAMES)
    assert len([name for name in golden.NAMES if name.startswith("ooo-")]) >= 80
    assert len([name for name in golden.NAMES if name.startswith("optout-")]) >= 75
