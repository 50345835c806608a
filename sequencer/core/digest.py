"""The daily digest: what a rep's day came to, and what waits for them today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sequencer.config import Config, Rep
from sequencer.core.notices import NoticeKind, Told
from sequencer.core.spans import span_in_words

NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RepDay:
    """One rep's numbers."""

    rep: str
    full_name: str
    sent: int = 0
    replies: tuple[str, ...] = ()
    """Who answered."""
    bounces: int = 0
    opt_outs: int = 0
    waiting: int = 0
    """People who wrote and have no answer yet."""
    longest_in: timedelta | None = None
    """How long the first of them has waited."""
    holds: int = 0
    """Enrollments that wait for a person now."""
    tasks: int = 0
    """Open tasks due by the end of today."""
    paused: tuple[str, ...] = ()
    """Mailboxes of theirs that are paused now."""

    @property
    def has_news(self) -> bool:
        return any(
            (self.sent, self.replies, self.bounces, self.opt_outs, self.holds, self.tasks, self.paused)
        )


def reps_of_digest(config: Config, rep: Rep) -> list[str]:
    """Whose numbers a rep's digest holds: their own, then those of the teams they lead."""
    led = [other.name for other in config.reps if other.team in rep.leads and other is not rep]
    return [rep.name, *led]


def digest_words(yesterday: date, days: Sequence[RepDay]) -> Told | None:
    """The digest of these reps; None when there is nothing to say of any."""
    told = [one for one in days if one.has_news]
    if not told:
        return None
    sent, replies = sum(one.sent for one in told), sum(len(one.replies) for one in told)
    facts: list[str] = []
    for one in told:
        facts += _lines(one, is_named=len(days) > 1)
    return Told(
        kind=NoticeKind.DIGEST,
        headline=f"{yesterday:%a} {yesterday.day} {yesterday:%b}: {sent} sent, "
        f"{_count(replies, 'reply', 'replies')}",
        facts=tuple(facts),
        next_step="More: sequencer status, sequencer tasks list, sequencer report",
        data={"day": yesterday.isoformat(), "sent": sent, "replies": replies},
    )


def _lines(one: RepDay, *, is_named: bool) -> list[str]:
    before = f"{one.full_name}: " if is_named else ""
    came = [f"{one.sent} sent", _count(len(one.replies), "reply", "replies")]
    came += [_count(one.bounces, "bounce", "bounces")] if one.bounces else []
    came += [_count(one.opt_outs, "opt-out", "opt-outs")] if one.opt_outs else []
    lines = [f"{before}{', '.join(came)}"]
    if one.replies:
        more = len(one.replies) - NAMES_SHOWN
        names = ", ".join(one.replies[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"  answered: {names}")
    waits = [_waiting(one)] if one.waiting else []
    waits += (
        [_count(one.holds, "contact waits for a person", "contacts wait for a person")] if one.holds else []
    )
    waits += [f"{_count(one.tasks, 'task', 'tasks')} due"] if one.tasks else []
    waits += [f"mailbox {name} is paused" for name in one.paused]
    return [*lines, *([f"  today: {', '.join(waits)}"] if waits else [])]


def _waiting(one: RepDay) -> str:
    longest = one.longest_in or timedelta(0)
    whose = _count(one.waiting, "buyer waits for your answer", "buyers wait for your answer")
    return f"{whose}, the first for {span_in_words(longest, least=2)}"


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
