"""What is written of messages at each moment of their delivery, by each way: the matrix rests on it."""

from pathlib import Path

import pytest

from sequencer.core.outbox import OutboxState
from tests.flows.moments import Moment, Way
from tests.flows.race_office import ANA, BEN, CARO, RaceOffice

S = OutboxState
M = Moment
Course = dict[Moment, tuple[OutboxState, ...]]
ONE_BY_ONE: Course = {
    M.CHOSEN: (S.READY, S.READY),
    M.GATED: (S.READY, S.READY),
    M.CLAIMED: (S.CLAIMED, S.READY),
    M.DIALLED: (S.CLAIMED, S.READY),
    M.ACCEPTED: (S.CLAIMED, S.READY),
    M.MARKED: (S.SENDING, S.READY),
    M.HANDED_OVER: (S.SENDING, S.READY),
    M.ANSWERED: (S.SENDING, S.READY),
    M.SETTLED: (S.SENT, S.READY),
}
IN_A_BATCH: Course = {
    M.CHOSEN: (S.READY, S.READY, S.READY),
    M.GATED: (S.READY, S.READY, S.READY),
    M.CLAIMED: (S.CLAIMED, S.CLAIMED, S.CLAIMED),
    M.AHEAD_DIALLED: (S.CLAIMED, S.CLAIMED, S.CLAIMED),
    M.AHEAD_ACCEPTED: (S.CLAIMED, S.CLAIMED, S.CLAIMED),
    M.AHEAD_MARKED: (S.SENDING, S.CLAIMED, S.CLAIMED),
    M.AHEAD_HANDED_OVER: (S.SENDING, S.CLAIMED, S.CLAIMED),
    M.AHEAD_ANSWERED: (S.SENDING, S.CLAIMED, S.CLAIMED),
    M.AHEAD_SETTLED: (S.SENT, S.CLAIMED, S.CLAIMED),
    M.DIALLED: (S.SENT, S.CLAIMED, S.CLAIMED),
    M.ACCEPTED: (S.SENT, S.CLAIMED, S.CLAIMED),
    M.MARKED: (S.SENT, S.SENDING, S.CLAIMED),
    M.HANDED_OVER: (S.SENT, S.SENDING, S.CLAIMED),
    M.ANSWERED: (S.SENT, S.SENDING, S.CLAIMED),
    M.SETTLED: (S.SENT, S.SENT, S.CLAIMED),
}
ENVELOPES_AHEAD: Course = (
    dict(list(IN_A_BATCH.items())[:7])
    | dict.fromkeys((M.DIALLED, M.ACCEPTED), (S.SENDING, S.CLAIMED, S.CLAIMED))
    | {M.AHEAD_SETTLED: (S.SENT, S.SENDING, S.CLAIMED)}
    | dict.fromkeys((M.MARKED, M.HANDED_OVER, M.ANSWERED), (S.SENT, S.SENDING, S.CLAIMED))
    | {M.SETTLED: (S.SENT, S.SENT, S.SENDING)}
)
"""What became of one is written with the mark of the next."""
AFTER_A_BATCH: Course = {
    M.GATED: (S.READY, S.READY),
    M.CLAIMED: (S.CLAIMED, S.READY),
    M.AHEAD_DIALLED: (S.CLAIMED, S.READY),
    M.AHEAD_ACCEPTED: (S.CLAIMED, S.READY),
    M.AHEAD_MARKED: (S.SENDING, S.READY),
    M.AHEAD_HANDED_OVER: (S.SENDING, S.READY),
    M.AHEAD_ANSWERED: (S.SENDING, S.READY),
    M.AHEAD_SETTLED: (S.SENT, S.READY),
    M.DIALLED: (S.SENT, S.CLAIMED),
    M.MARKED: (S.SENT, S.SENDING),
    M.SETTLED: (S.SENT, S.SENT),
}


@pytest.mark.parametrize(
    ("way", "people", "course"),
    [
        (Way.GAP, (ANA, BEN), ONE_BY_ONE),
        (Way.BATCH, (CARO, ANA, BEN), IN_A_BATCH),
        (Way.PIPED, (CARO, ANA, BEN), ENVELOPES_AHEAD),
        (Way.AFTER, (CARO, ANA), AFTER_A_BATCH),
    ],
    ids=[way.name.lower() for way in Way],
)
def test_the_moments_of_a_delivery_come_in_their_order(
    tmp_path: Path, way: Way, people: tuple[str, ...], course: Course
) -> None:
    office = RaceOffice(tmp_path / "ws", way=way)
    waiting, seen = list(course), {}

    def look(_office: RaceOffice) -> None:
        newest = {row.address: row.state for row in office.rows()}
        seen[waiting.pop(0)] = tuple(newest[one] for one in people)
        if waiting:
            office.at(waiting[0], look)

    office.at(waiting[0], look)
    office.tick()
    assert seen == course
