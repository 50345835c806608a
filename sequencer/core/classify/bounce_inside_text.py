"""Reports whose RFC 3464 fields stand in a mail system's text instead of a part of their own."""

from sequencer.core.classify.bounce_report import verdict_of
from sequencer.core.classify.bounce_text import machine_proof
from sequencer.core.classify.rule import Reading, Rule
from sequencer.core.inbound import Verdict
from sequencer.core.mime_headers import Fields, split_block

NAME = "bounce_inside_text"
MAX_TEXT = 30_000


def check(reading: Reading) -> Verdict | None:
    """Believed only from a mail system: a person who pastes such a report writes about somebody else."""
    lowered = reading.mail.text[:MAX_TEXT].lower()
    if "final-recipient:" not in lowered or "\naction:" not in lowered:
        return None
    if machine_proof(reading) is None:
        return None
    blocks = [
        Fields(tuple(fields))
        for fields in map(_fields, reading.mail.text[:MAX_TEXT].split("\n\n")[:200])
        if any(name == "final-recipient" for name, _ in fields)
    ]
    return verdict_of(reading, blocks, "text")


def _fields(paragraph: str) -> list[tuple[str, str]]:
    lines = [line for line in paragraph.split("\n") if ":" in line or line[:1] in (" ", "\t")]
    block = "\n".join(lines).encode("utf-8", "replace")
    return split_block(block, 0, len(block))[0]


RULE = Rule(NAME, "A delivery status report written into a mail system's text.", check)
