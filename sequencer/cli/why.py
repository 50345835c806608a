"""`why`: what keeps a contact's next message, gate by gate, and the one that binds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.why import GateLine
    from sequencer.flows.cause import Cause
    from sequencer.flows.why import Told, Why


@click.command(
    epilog=examples(
        "sequencer why ana@lusotools.example",
        "sequencer why C-117 --json",
        about="CONTACT is your own id, an address (a former one too), or #NUMBER. The marked gate is the one"
        " that keeps the message longest: one that only a person opens, else the one that opens last.",
    )
)
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def why(session: Session, contact: str, as_json: bool) -> None:
    """Tell why CONTACT is written to or not: every gate, what it measured, and which one binds."""
    from sequencer.cli.output import say, say_json
    from sequencer.cli.why_json import why_json
    from sequencer.flows.why import why as ask

    found = ask(session.engine, contact, session.rep)
    if as_json:
        say_json(why_json(found))
        return
    zone = session.config.default_zone
    _say_contact(found, zone)
    for told in found.enrollments:
        say()
        _say_enrollment(found, told, zone)
    if not found.enrollments:
        _say_offers(found, zone)


def _say_contact(found: "Why", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_fields

    contact, marks = found.contact, found.marks
    guessed = f" ({found.place.grounds})" if found.place.grounds else ""
    known = [
        ("contact", contact.address),
        ("owner", contact.owner or "nobody"),
        ("stage", contact.stage.value),
        ("zone", f"{found.place.zone}{guessed}"),
        (
            "mail check",
            f"{marks.mail_check}, {shown(marks.mail_checked_at, zone)}" if marks.mail_check else "",
        ),
        ("note", contact.note),
        ("erased", shown(marks.erased_at, zone)),
    ]
    if found.suppression is not None:
        known.append(("suppressed", f"{found.suppression.reason}, by {found.suppression.pattern}"))
    say_fields((label, value) for label, value in known if value)


def _say_enrollment(found: "Why", told: "Told", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say, say_table

    one = told.enrollment
    round_ = f", round {one.round}" if one.round > 1 else ""
    say(f"{one.sequence}{round_} (enrollment {one.id}, {one.rep} from {one.mailbox}): {_state(told, zone)}")
    if told.cause is not None:
        say(f"  because of {_cause(told.cause, zone)}")
    for skip in told.skipped:
        say(f"  skipped: step {skip.step}, {shown(skip.at, zone)}: {skip.words}")
    for line in _next_words(found, told):
        say(f"  {line}")
    if told.gates:
        say_table(
            ("", "gate", "", "measured", f"opens ({zone})", "mend"),
            (_cells(told, line, zone) for line in told.gates),
        )
        say(f"  {_verdict(told, zone)}")


def _cells(told: "Told", line: "GateLine", zone: str) -> tuple[object, ...]:
    from sequencer.cli.local_time import shown

    mark = "→" if line is told.binding else ""
    state = "ok" if line.is_open else "SHUT"
    return mark, line.gate.value, state, line.measured, shown(line.opens_at, zone), line.mend


def _state(told: "Told", zone: str) -> str:
    from sequencer.cli.local_time import shown

    one = told.enrollment
    if one.finish_reason is not None:
        return f"finished ({one.finish_reason}) {shown(one.finished_at, zone)}"
    if one.hold is None:
        return f"active, at step {one.step}"
    until = f" until {shown(one.hold.until, zone)}" if one.hold.until else " until a person resumes it"
    note = f": {one.hold.note}" if one.hold.note else ""
    return f"held at step {one.step} ({one.hold.reason}){until}{note}"


def _cause(cause: "Cause", zone: str) -> str:
    from sequencer.cli.local_time import shown

    at = shown(cause.at, zone)
    if cause.answer is not None:
        answer = cause.answer
        if cause.said is not None:
            return f"answer {answer.id} from {answer.from_address}: {cause.said}, says {cause.by}, {at}"
        return f"answer {answer.id} ({answer.kind}) from {answer.from_address}, read {at}"
    if cause.kind == "person":
        return f"{cause.by}, {at}"
    if cause.message_id is not None:
        return f"message {cause.message_id}, {at} (sequencer outbox show {cause.message_id})"
    return f"what the program did by itself, {at}"


def _next_words(found: "Why", told: "Told") -> Iterator[str]:
    from sequencer.cli.local_time import shown

    message = told.message
    if message is None or message.is_last_skipped:
        return
    row = message.row
    if message.is_prepared:
        state = f"message {row.id} is {row.state.replace('_', ' ')}"
    elif message.step.is_task:
        state = "a task"
    else:
        state = "not prepared yet"
    yield f"next: step {message.step.id}, {state}"
    guessed = " (guessed)" if found.place.is_guessed else ""
    yield (
        f"due {shown(row.due_at, found.place.zone)} {found.place.zone}{guessed} (buyer)"
        f" = {shown(row.due_at, told.mailbox_zone)} {told.mailbox_zone} (mailbox)"
        f" = {shown(row.due_at, 'UTC')} UTC"
    )


def _verdict(told: "Told", zone: str) -> str:
    from sequencer.cli.local_time import shown

    binds = told.binding
    if binds is None:
        return "nothing keeps it: it leaves at its mailbox's next turn"
    if binds.needs_person:
        return f"→ {binds.gate} keeps it until a person acts{f': {binds.mend}' if binds.mend else ''}"
    if binds.opens_at is not None:
        return f"→ {binds.gate} keeps it until {shown(binds.opens_at, zone)}"
    return f"→ {binds.gate} keeps it, and opens by itself"


def _say_offers(found: "Why", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say, say_table

    say()
    say("was never enrolled:")
    rows = [
        (
            *(one.sequence, "no" if one.refusal else "could be enrolled"),
            one.refusal or f"first step {shown(one.first_at, zone)} from {one.mailbox}",
        )
        for one in found.offers
    ]
    say_table(("sequence", "", f"why ({zone})"), rows)
