"""Suppressions: addresses, or patterns of addresses, that are never written to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.address import matches_pattern
from sequencer.core.erasure import ERASED_TEXT, HASHED

OPTED_OUT = "opted_out"
COMPLAINED = "complained"
BOUNCED = "bounced"
MANUAL = "manual"
ERASED = "erased"
"""Reasons the program itself gives; a person may give any other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One row of `suppressions`."""

    id: int
    pattern: str
    """An address_key, or one with `*` wildcards."""
    like_pattern: str | None
    """The pattern for `LIKE … ESCAPE '\\'`; None for a plain address."""
    reason: str
    source: str = ""
    contact_id: int | None = None
    """The contact it covers whatever their address becomes; None: only what the pattern says."""
    created_at: datetime

    @property
    def is_opt_out(self) -> bool:
        """The buyer asked for it: removing it needs the buyer's word, not ours."""
        return is_opt_out(self.reason)

    @property
    def shown_pattern(self) -> str:
        """The pattern as people read it: of an erased address only a hash is left."""
        return ERASED_TEXT if self.pattern.startswith(HASHED) else self.pattern


def is_opt_out(reason: str) -> bool:
    """Whether the reason is the buyer's own word, which no other reason replaces."""
    return reason in (OPTED_OUT, COMPLAINED, ERASED)


_WORDS = {
    OPTED_OUT: "opt-out optout opted-out unsubscribe unsubscribed 退订 拒收",
    COMPLAINED: "complaint complained spam abuse 投诉",
    BOUNCED: "bounce bounced hard-bounce hardbounce hard invalid dead 退信",
}


def reason_word(text: str) -> str:
    """The program's own word for a reason that other programs and people spell variously; else the text."""
    plain = text.strip().casefold().replace(" ", "-").replace("_", "-")
    return next((word for word, others in _WORDS.items() if plain in others.split()), text.strip() or MANUAL)


class Wildcards:
    """Many wildcard suppressions, asked about many addresses: whole domains are looked up, not tried."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._by_domain: dict[str, Suppression] = {}
        self._others: list[Suppression] = []
        for suppression in suppressions:
            local, _, domain = suppression.pattern.rpartition("@")
            if local == "*" and "*" not in domain:
                self._by_domain[domain] = suppression
            else:
                self._others.append(suppression)

    def covering(self, key: str) -> Suppression | None:
        """The suppression that covers this address_key, if one does."""
        whole = self._by_domain.get(key.rpartition("@")[2])
        if whole is not None:
            return whole
        return next((one for one in self._others if matches_pattern(key, one.pattern)), None)
