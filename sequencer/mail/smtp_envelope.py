"""A message's envelope over SMTP: MAIL, RCPT and, where the server pipelines, DATA in the same write."""

import re
from collections.abc import Sequence

from sequencer.core.ports import Answer, Outgoing
from sequencer.mail.smtp_outcome import read_answer
from sequencer.mail.smtp_wire import Wire

PIPELINE = "MAIL RCPT DATA"
"""What `Wire.say` is told for the three in one write."""
REPLIES = len(PIPELINE.split())

Commands = Sequence[tuple[str, bytes]]

_ONE_MAILBOX = re.compile(
    r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"|[^\s"(),:;<>@\\\x00-\x1f\x7f]+)@[^\s"(),;<>@\\\x00-\x1f\x7f]+'
)
"""A Mailbox as it stands between angle brackets (RFC 5321 §4.1.2): a list or a name is none."""


class LostAt(Exception):
    """The connection broke at `verb`, before any content."""

    def __init__(self, verb: str, error: OSError) -> None:
        super().__init__(verb)
        self.verb = verb
        self.error = error


def is_sayable(address: str) -> bool:
    """Whether it is one mailbox and nothing else, such as a second command."""
    return _ONE_MAILBOX.fullmatch(address) is not None


def commands(wire: Wire, outgoing: Outgoing) -> Commands:
    """MAIL and RCPT for addresses that are sayable.

    SIZE lets a server refuse before the content (RFC 1870); SMTPUTF8 brings 8-bit header fields.
    """
    size = f" SIZE={sum(map(len, outgoing.pieces))}" if "size" in wire.offers else ""
    more = " SMTPUTF8 BODY=8BITMIME" if outgoing.needs_smtputf8 else ""
    return (
        ("MAIL", f"MAIL FROM:<{outgoing.sender}>{size}{more}\r\n".encode()),
        ("RCPT", f"RCPT TO:<{outgoing.recipient}>\r\n".encode()),
    )


def open_transaction(wire: Wire, said: Commands) -> Answer | None:
    """Say them; None when all were accepted, else the first refusal. Raises LostAt.

    Afterwards `wire.awaits_content` tells whether DATA went with them and was answered with 354.
    """
    wire.transactions += 1
    if does_pipeline(wire):
        return _pipelined(wire, said)
    for verb, line in said:
        try:
            wire.say(verb, line)
            code, text = wire.hear(verb)
        except OSError as error:
            raise LostAt(verb, error) from error
        if not 200 <= code < 300:
            return read_answer(code, text, verb)
    return None


def does_pipeline(wire: Wire) -> bool:
    """Whether the server takes several commands in one write (RFC 2920)."""
    return "pipelining" in wire.offers


def ahead(wire: Wire, said: Commands) -> bytes:
    """The same for `Wire.end`: RFC 2920 §3.1 lets a transaction follow the content of the one before."""
    wire.transactions += 1
    return _written(said)


def _written(said: Commands) -> bytes:
    return b"".join(line for _, line in said) + b"DATA\r\n"


def _pipelined(wire: Wire, said: Commands) -> Answer | None:
    try:
        wire.say(PIPELINE, _written(said))
    except OSError as error:
        raise LostAt("MAIL", error) from error
    return heard(wire)


def heard(wire: Wire) -> Answer | None:
    """What `open_transaction` returns, once the three commands were written.

    Every reply is heard in order, whatever the first of them says (RFC 2920 §3.1). A server that refused
    MAIL or RCPT may answer DATA with 354 all the same.
    """
    refusal: Answer | None = None
    for verb in PIPELINE.split():
        try:
            code, text = wire.hear(verb)
        except OSError as error:
            if refusal is None:
                raise LostAt(verb, error) from error
            wire.is_broken = True
            return refusal
        if verb == "DATA" and code == 354:
            wire.awaits_content = True
        elif refusal is None and (verb == "DATA" or not 200 <= code < 300):
            refusal = read_answer(code, text, verb)
        if code == 421:
            wire.is_broken = True
            break
    return refusal
