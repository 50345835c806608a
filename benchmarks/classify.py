"""Messages a second that are parsed, keyed and classified, beside the standard library's parsing alone."""

import sys
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.matching import keys_of
from sequencer.core.mime import parse_mail
from tests import golden_messages as golden

TARGET = 1_500
ROUNDS = 9


def chain(message: bytes) -> None:
    """All that the reading of a message does between its bytes and the database."""
    mail = parse_mail(message)
    keys = keys_of(mail, golden.MAKE)
    context = ClassifyContext(
        received_at=golden.RECEIVED_AT,
        own_addresses=frozenset(golden.WORLD["own_addresses"]),
        is_ours=lambda message_id: message_id.lower() in golden.INDEX.sent,
        has_our_token=any(token in golden.INDEX.tokens for token in keys.tokens),
        sender_is_contact=keys.sender_key in golden.INDEX.contacts,
        sender_is_company=keys.domain in golden.INDEX.companies,
    )
    classify(mail, context)


def standard_library(message: bytes) -> None:
    """Parsing with the modern policy: no text, no ids, no verdict."""
    message_from_bytes(message, policy=default)


def rate(read: Callable[[bytes], None], messages: list[bytes]) -> float:
    """Messages a second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for message in messages:
            read(message)
        best = min(best, time.process_time() - started)
    return len(messages) / best


def main() -> int:
    """Measure both over tests/messages; 1 when ours is under the target."""
    messages = [golden.raw(name) for name in golden.NAMES]
    ours, theirs = (rate(read, messages) for read in (chain, standard_library))
    verdict = "within" if ours >= TARGET else "UNDER"
    print(
        f"classify: {ours:,.0f} messages a second over {len(messages)} (email.policy.default parses "
        f"{theirs:,.0f}, ratio {ours / theirs:.2f}), {verdict} the target of {TARGET:,}"
    )
    return 0 if ours >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
