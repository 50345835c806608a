"""Several recipients of one report: what it says of each, and of all of them together."""

from collections.abc import Sequence
from dataclasses import replace

from sequencer.core.classify.bounce_reason import Failure, diagnose
from sequencer.core.classify.bounce_stage import stage_of
from sequencer.core.inbound import BounceClass, RecipientFailure, VerdictKind

MAX_DIAGNOSED = 12
"""Recipients judged one by one; a report about a crowd is about no message of ours."""


def gravest_common(diagnoses: Sequence[Failure]) -> Failure:
    """Of several recipients the first that is not hard: nobody is suppressed for a neighbour."""
    return next((one for one in diagnoses if not one.is_hard), diagnoses[0])


def failures_of(
    addresses: Sequence[str], diagnoses: Sequence[Failure], failed: int
) -> tuple[RecipientFailure, ...]:
    """One for each of several addresses; those behind the first `failed` are still retried."""
    if len(addresses) < 2:
        return ()
    return tuple(
        RecipientFailure(
            address=address,
            kind=VerdictKind.BOUNCE if place < failed else VerdictKind.DELAY,
            bounce_class=one.bounce_class if place < failed or not one.is_hard else BounceClass.SOFT,
            permanence="permanent" if one.is_permanent and place < failed else "temporary",
            hard=one.is_hard and place < failed,
            reason=one.reason,
        )
        for place, (address, one) in enumerate(zip(addresses, diagnoses, strict=True))
    )


def diagnose_each(said: str, recipients: Sequence[str], status: str = "") -> dict[str, Failure]:
    """By address what stands after it, where that tells something: greetings and advice around it mislead."""
    stage = stage_of(said)
    starts = sorted((at, one) for one in recipients[:MAX_DIAGNOSED] if (at := said.find(one)) >= 0)
    ends = [at for at, _ in starts[1:]] + [len(said)] * bool(starts)
    found = {
        one: diagnose(said[at + len(one) : end][:1500], status, is_final_by_text=True, stage=stage)
        for (at, one), end in zip(starts, ends, strict=True)
    }
    return {one: failure for one, failure in found.items() if failure.reason != "undefined"}


def spoken_for(told: dict[str, Failure], said: str, recipients: Sequence[str], status: str = "") -> Failure:
    """One failure for all: of what is told of each the first that is not dead, else what the text says."""
    if not told:
        return diagnose(said, status, is_final_by_text=True, stage=stage_of(said))
    first = gravest_common(list(told.values()))
    is_crowd = len(recipients) > MAX_DIAGNOSED
    return replace(first, bounce_class=BounceClass.SOFT) if is_crowd and first.is_hard else first


def diagnose_text(said: str, recipients: Sequence[str], status: str = "") -> Failure:
    """The failure that a text tells of these recipients together."""
    return spoken_for(diagnose_each(said, recipients, status), said, recipients, status)
