"""People: how many may be written to, where their clocks stand, and how mail to them fares."""

from collections.abc import Iterator
from datetime import timedelta

from sequencer.core.checkup import Check, bad, fine, warning
from sequencer.core.statistics import Rate
from sequencer.core.zones import zone_of
from sequencer.flows.checkup.ground import Ground
from sequencer.store import checkup
from sequencer.store.checkup import Fate

LOOKED_BACK = timedelta(days=30)
LEAST_SENT = 20
"""Below this many mails a rate says nothing."""
BOUNCED_WARN, BOUNCED_BAD = 0.03, 0.08
COMPLAINED_WARN, COMPLAINED_BAD = 0.001, 0.003
"""Gmail and Yahoo ask senders to stay below 0.1 % and never to reach 0.3 % (their rules of February 2024)."""
SUPPRESSED_WARN = 0.25
GUESSED_WARN = 0.2


def suppressed(ground: Ground) -> Iterator[Check]:
    """The share of contacts who are never written to again: a list that ages, or was bought."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        rate = checkup.suppressed_share(tx)
    if not rate.trials:
        return
    said = f"{rate.successes} of {rate.trials} contacts are suppressed"
    if (rate.share or 0) > SUPPRESSED_WARN and rate.trials >= LEAST_SENT:
        yield warning("contacts", said, "see where they came from: sequencer suppressions list")
    else:
        yield fine("contacts", said)


def zones(ground: Ground) -> Iterator[Check]:
    """Buyers whose clock is guessed get mail at a wrong hour."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        groups = checkup.places(tx)
    total = sum(group.count for group in groups)
    found = [(group, zone_of(group.country, group.state, group.city)) for group in groups if not group.zone]
    guessed = sum(group.count for group, guess in found if guess.is_guess and guess.zone)
    nowhere = sum(group.count for group, guess in found if not guess.zone)
    if not total:
        return
    said = f"of {total} contacts {guessed} in a country with several, {nowhere} without a country"
    if (guessed + nowhere) / total > GUESSED_WARN:
        mend = "fill in the columns country, state or zone, and import the list again"
        yield warning("zones", f"guessed: {said}", mend)
    else:
        yield fine("zones", f"guessed: {said}")


def fates(ground: Ground) -> Iterator[Check]:
    """Bounces and complaints of each mailbox in 30 days, of the mails it sent in them."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        found = checkup.fates(tx, ground.now - LOOKED_BACK)
    for fate in found:
        yield _judged(fate)


def _judged(fate: Fate) -> Check:
    bounced = Rate(min(fate.bounced, fate.sent), fate.sent)
    complained = Rate(min(fate.complained, fate.sent), fate.sent)
    name = f"mail of {fate.mailbox}"
    said = f"30 days: bounced {bounced}, complained {complained}"
    if fate.sent < LEAST_SENT:
        return fine(name, said)
    bounces, complaints = bounced.share or 0.0, complained.share or 0.0
    mend = "pause it and look at the list's source: providers block senders like this"
    if bounces >= BOUNCED_BAD or complaints >= COMPLAINED_BAD:
        return bad(name, said, mend)
    if bounces >= BOUNCED_WARN or complaints >= COMPLAINED_WARN:
        return warning(name, said, mend)
    return fine(name, said)
