"""Of a report about several recipients, what it says of the address that we wrote to."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sequencer.core.inbound import Verdict, VerdictKind

if TYPE_CHECKING:
    from sequencer.core.matching import Match  # which loads the parsers of mail


def of_ours(verdict: Verdict, match: "Match | None", address_key: Callable[[str], str]) -> Verdict:
    """The verdict as it concerns the contact it was matched to: what is done and recorded follows from it.

    The report as a whole is `hard` when anyone is dead. Our contact is when the report says so of their
    address; where it names others (an alias that was expanded) only when it says so of everyone.
    """
    if verdict.kind is not VerdictKind.BOUNCE or not verdict.failures:
        return verdict
    ours = match.address_key if match is not None else None
    for one in verdict.failures:
        if ours and _key(one.address, address_key) == ours:
            is_dead = one.hard and one.kind is VerdictKind.BOUNCE
            return replace(
                verdict,
                kind=one.kind,
                bounce_class=one.bounce_class,
                permanence=one.permanence,
                hard=is_dead,
                reason=one.reason,
                failures=(),
            )
    return replace(verdict, hard=all(one.hard for one in verdict.failures), failures=())


def _key(address: str, address_key: Callable[[str], str]) -> str:
    try:
        return address_key(address) if address else ""
    except ValueError:
        return ""
