"""How fast a mailbox writes: gaps with seeded jitter, a rolling cap, who goes first, and retries."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sequencer.core.wall_time import aware

ROLLING_DAY = timedelta(hours=24)
FIRST_RETRY_IN = timedelta(minutes=5)
LONGEST_RETRY_IN = timedelta(hours=4)
RETRY_JITTER_IN = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=24)

PickKey = tuple[bool, datetime, int]


def message_key(address_key: str, sequence: str, round: int, step: str) -> str:
    """What names one message for good, whatever row or attempt carries it."""
    return "\x1f".join((address_key, sequence, str(round), step))


def fraction(key: bytes, *words: str) -> float:
    """A number in [0, 1) that only the workspace's key and the words decide (HMAC-SHA256, 53 bits)."""
    digest = hmac.digest(key, "\x1e".join(words).encode(), "sha256")
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def gap(min_gap: timedelta, jitter: timedelta, key: bytes, mailbox: str, message_key: str) -> timedelta:
    """How long a mailbox is silent before this message: `min_gap` plus this message's share of `jitter`.

    Whole seconds, so that a stored instant and a computed one are equal.
    """
    extra = jitter * fraction(key, "gap", mailbox, message_key)
    return min_gap + timedelta(seconds=int(extra.total_seconds()))


def next_allowed(last_sending_at: datetime | None, gap: timedelta, now: datetime) -> datetime:
    """From when on the gap after the mailbox's last message is over: `now`, or later."""
    now = aware(now)
    return now if last_sending_at is None else max(now, aware(last_sending_at) + gap)


def cap_opens_at(sending_times: Sequence[datetime], cap: int, now: datetime) -> datetime:
    """From when on fewer than `cap` messages began in the 24 hours before: `now`, or later.

    `sending_times` are the mailbox's sent, sending and unsure messages, in any order; one that began
    exactly 24 hours ago no longer counts. ValueError when `cap` is below 1.
    """
    if cap < 1:
        raise ValueError(f"a cap is 1 or more, got {cap}")
    now = aware(now)
    recent = sorted(at for at in sending_times if at > now - ROLLING_DAY)
    return now if len(recent) < cap else aware(recent[len(recent) - cap] + ROLLING_DAY)


def pick_order(*, is_follow_up: bool, due_at: datetime, id: int) -> PickKey:
    """Sort key of what a mailbox sends first: follow-ups, then the longest waiting, then the lower id."""
    return (not is_follow_up, due_at, id)


def retry_at(
    deferred_at: datetime,
    tries: int,
    now: datetime,
    key: bytes,
    mailbox: str,
    message_key: str,
    give_up_after: timedelta = GIVE_UP_AFTER,
) -> datetime:
    """When a message answered with 4xx is tried again: after 5, 10, 20, 40 … minutes, at most 4 hours.

    `deferred_at` is the first 4xx, `tries` how many came so far (≥ 1), `now` the last one. Up to a minute
    of seeded jitter keeps messages deferred together from coming back together. The last try falls on
    the end of `give_up_after`; at or after it, see `is_given_up`.
    """
    if tries < 1:
        raise ValueError(f"a retry follows at least one try, got {tries}")
    wait = min(FIRST_RETRY_IN * (1 << min(tries - 1, 10)), LONGEST_RETRY_IN)
    share = fraction(key, "retry", mailbox, message_key, str(tries))
    wait += timedelta(seconds=int(RETRY_JITTER_IN.total_seconds() * share))
    now = aware(now)
    return max(now, min(now + wait, aware(deferred_at) + give_up_after))


def is_given_up(deferred_at: datetime, now: datetime, give_up_after: timedelta = GIVE_UP_AFTER) -> bool:
    """Whether 4xx answers have lasted so long that the message is refused."""
    return aware(now) >= aware(deferred_at) + give_up_after
