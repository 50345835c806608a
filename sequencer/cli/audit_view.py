"""How an audit is shown: a summary that a lead reads, what was found, and one message's chain."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sequencer.cli.local_time import shown
from sequencer.cli.output import say, say_fields, say_table

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sequencer.core.audit import Happened
    from sequencer.core.audit_message import Judged
    from sequencer.flows.audit import Audit
    from sequencer.flows.audit_sent import AgainstSent, LookedAt

_NAMED = 20
"""Missing copies named one by one; all of them are in --json."""


def say_audit(found: "Audit", zone: str) -> None:
    """The summary, then every finding, then the messages that were asked for."""
    from sequencer.core.audit import QUESTIONS, Result

    say(_headline(found, zone))
    say()
    say_table(
        ("check", "asks for", "passed", "not needed", "not known", "FOUND"),
        (
            (check, QUESTIONS[check], *(results.get(one, 0) for one in Result))
            for check, results in found.results.items()
        ),
    )
    say()
    for line in (_residual(found), *_clocks(found)):
        say(line)
    for finding in found.findings:
        words = f"message {finding.message} (contact {finding.contact}): {finding.words}"
        say(f"FOUND {finding.check}: {words}")
    if found.shown:
        say()
        say_table(_COLUMNS, (_row(one, zone) for one in found.shown))


def say_chain(found: "Audit", zone: str) -> None:
    """One message from claim to outcome, and every gate it passed."""
    from sequencer.core.audit import Result

    for judged in found.shown:
        message = judged.message
        say_fields(
            (
                ("message", f"{message.id} {message.state}"),
                ("contact", f"{message.contact_id} {message.address}"),
                ("step", f"{message.sequence}/{message.step}, round {message.round}"),
                ("mailbox", message.mailbox),
                ("version", message.version_hash[:12]),
                ("Message-ID", message.message_id or "none"),
                *((("wire id", message.wire_id),) if message.wire_id else ()),
            )
        )
        say()
        say(f"chain ({zone})")
        for event in judged.chain.events:
            say(f"  {_exactly(event.at, zone)}  {event.kind}{_data(event)}")
        say()
        say("gates")
        marks = {Result.PASSED: "ok", Result.FOUND: "FOUND", Result.NOT_KNOWN: "?", Result.NOT_NEEDED: "-"}
        say_fields((f"  {marks[one.result]:<5}  {one.check}", one.words) for one in judged.answers)
    for finding in found.findings:
        say(f"FOUND {finding.check}: message {finding.message}: {finding.words}")


def say_sent(found: "AgainstSent") -> None:
    """What the Sent folders said."""
    from sequencer.flows.audit_sent import SENT_QUESTIONS

    say_table(
        ("mailbox", "lies in Sent since", "messages", "ours", "not there", "could not be read"),
        (
            (
                *(one.mailbox, f"{one.since:%Y-%m-%d}", one.heads, one.ours, len(one.missing)),
                one.failure or "",
            )
            for one in found.mailboxes
        ),
    )
    for check, question in SENT_QUESTIONS.items():
        count = sum(1 for one in found.findings if one.check is check)
        say(f"{check}: {question}: {count} found")
    for finding in found.findings:
        say(f"FOUND {finding.check}: message {finding.message} (contact {finding.contact}): {finding.words}")
    for one in found.mailboxes:
        if one.missing:
            say(f"not in Sent of {one.mailbox} (people delete and move mail): {_named(one)}")


def _headline(found: "Audit", zone: str) -> str:
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in found.states.items())
    since = f" since {shown(found.which.since, zone)} ({zone})" if found.which.since else ""
    many = "1 message was" if found.messages == 1 else f"{found.messages:,} messages were"
    attempts = "1 attempt" if found.attempts == 1 else f"{found.attempts:,} attempts"
    resends = f", {found.resends} of them ordered by a person" if found.resends else ""
    return f"{many} handed over{since}{f' ({states})' if states else ''} in {attempts}{resends}."


def _residual(found: "Audit") -> str:
    residual = found.residual
    limit = _span(found.limits.max_inbox_age_in)
    if not residual.messages:
        return f"Residual window: no follow-up has left yet (an inbox read may be {limit} old)."
    return (
        f"Residual window, from the start of the inbox read to the mark `sending`, of {residual.messages:,} "
        f"follow-ups: median {_span(residual.median_in)}, 99 % within {_span(residual.p99_in)}, "
        f"at most {_span(residual.max_in)} (limit {limit})."
    )


def _clocks(found: "Audit") -> Iterator[str]:
    for name, clock in found.clocks.items():
        if clock.ahead_in is None:
            yield f"Clock of {name}'s mail server: not known ({clock.copies} copies seen); taken for ours."
        else:
            seconds = clock.ahead_in.total_seconds()
            way = "ahead of" if seconds >= 0 else "behind"
            yield (
                f"Clock of {name}'s mail server: {abs(seconds):.1f} s {way} ours (median of {clock.copies} "
                "copies); subtracted."
            )
    if not found.clocks:
        yield "Clocks of the mail servers: not known (no copies that they filed); taken for ours."


_COLUMNS = (
    *("id", "contact", "step", "mailbox", "state", "attempts", "claimed", "sending", "sent"),
    *("window", "cap", "inbox read before", "version", "found"),
)


def _row(judged: "Judged", zone: str) -> tuple[object, ...]:
    message = judged.message
    until = f" until {shown(message.window_until, zone)}" if message.window_until else ""
    is_counted = message.cap_limit is not None and message.cap_count is not None
    return (
        *(message.id, message.address, f"{message.sequence}/{message.step}", message.mailbox, message.state),
        *(judged.chain.attempts, _exactly(message.claimed_at, zone), _exactly(message.sending_at, zone)),
        _exactly(message.sent_at, zone),
        f"{message.window}{until}" if message.window else "not known",
        f"{message.cap_count}/{message.cap_limit}" if is_counted else "not known",
        _span(judged.residual_in) if judged.residual_in is not None else "-",
        message.version_hash[:12],
        ", ".join(dict.fromkeys(one.check.value for one in judged.findings)),
    )


def _named(one: "LookedAt") -> str:
    more = len(one.missing) - _NAMED
    return ", ".join(str(row_id) for row_id in one.missing[:_NAMED]) + (
        f" and {more} more" if more > 0 else ""
    )


def _data(event: "Happened") -> str:
    return "".join(f" {key}={value}" for key, value in sorted(event.data.items()))


def _exactly(at: "datetime | None", zone: str) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" if at else ""


def _span(span: "timedelta | None") -> str:
    from sequencer.core.audit import seconds

    return seconds(span) if span is not None else "not known"
