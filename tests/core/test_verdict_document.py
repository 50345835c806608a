"""What the database keeps of a verdict is the verdict."""

import json
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.inbound import AutoReplyType, BounceClass, Evidence, Intent, Verdict, VerdictKind
from sequencer.core.verdict_document import document_of, verdict_from

WORDS = st.text(max_size=20)
NAMES = st.lists(st.text(min_size=1, max_size=20), max_size=3).map(tuple)
VERDICTS = st.builds(
    Verdict,
    kind=st.sampled_from(VerdictKind),
    evidence=st.lists(st.builds(Evidence, rule=WORDS, where=WORDS, span=WORDS), max_size=3).map(tuple),
    subtype=st.none() | st.sampled_from(AutoReplyType),
    bounce_class=st.none() | st.sampled_from(BounceClass),
    permanence=st.sampled_from([None, "permanent", "temporary"]),
    hard=st.booleans(),
    reason=WORDS,
    recipients=NAMES,
    original_ids=NAMES,
    return_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    intent=st.none() | st.sampled_from(Intent),
    successor=st.none() | st.text(min_size=1, max_size=20),
    own_text=WORDS,
)


@given(VERDICTS)
def test_a_verdict_comes_back_as_it_was(verdict: Verdict) -> None:
    kept = json.loads(json.dumps(document_of(verdict)))
    assert verdict_from(verdict.kind, kept, verdict.own_text) == verdict


@given(VERDICTS)
def test_what_is_empty_is_not_written_down(verdict: Verdict) -> None:
    assert all(value not in (None, "", [], (), False) for value in document_of(verdict).values())


def test_an_erased_verdict_can_still_be_read() -> None:
    assert verdict_from(VerdictKind.BOUNCE, {"hard": True}).hard
    assert verdict_from(VerdictKind.REPLY, {}) == Verdict(kind=VerdictKind.REPLY)
