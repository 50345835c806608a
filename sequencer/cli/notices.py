"""`notices`: what reps were told, what could not be told, and a sample to try a channel with."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli import Noun
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.notices import Channel
    from sequencer.store.notices import Queued


@click.group(cls=Noun)
def notices() -> None:
    """See what reps were told of replies, holds and paused mailboxes, and try the channels."""


@notices.command("list", epilog=examples("sequencer notices list", "sequencer notices list --failed"))
@click.option("--failed", is_flag=True, help="Only those that could not be told.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="At most so many."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(session: Session, failed: bool, limit: int, as_json: bool) -> None:
    """List the last notices, newest first, with the reason where one failed."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_json, say_table
    from sequencer.store import notices as stored

    with session.store.read() as tx:
        found = stored.listed(tx, failed_only=failed, limit=limit)
    if as_json:
        say_json({"notices": [_json(one) for one in found], "count": len(found)})
        return
    zone = session.config.default_zone
    say_table(
        ("id", f"happened ({zone})", "what", "to", "about", "state"),
        (
            (one.id, shown(one.created_at, zone), one.kind, one.channel, _about(one), _state(one, zone))
            for one in found
        ),
    )


@notices.command(epilog=examples("sequencer notices test sales-room", "sequencer notices test --mail"))
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--mail", "by_mail", is_flag=True, help="The acting rep's own mail (see --as).")
@click.pass_obj
def test(session: Session, name: str | None, by_mail: bool) -> None:
    """Send a sample now, to the webhook NAME or to the acting rep's mail."""
    from sequencer.cli.output import say
    from sequencer.cli.post import open_courier
    from sequencer.errors import SequencerError
    from sequencer.flows.errand import NotSent
    from sequencer.flows.notify import send_sample

    channel = _channel(session, name, by_mail=by_mail)
    try:
        send_sample(session.engine, open_courier(session), channel)
    except NotSent as failure:
        raise SequencerError(f"{channel}: {failure}") from None
    say(f"{channel}: a sample was taken; see whether it arrived")


def _channel(session: Session, name: str | None, *, by_mail: bool) -> "Channel":
    from sequencer.core.near_words import mend_for_typo
    from sequencer.core.notices import HOOK, MAIL, Channel
    from sequencer.errors import InputError

    if bool(name) == by_mail:
        raise InputError("say which: the NAME of a webhook, or --mail")
    if name is None:
        return Channel(via=MAIL, name=session.rep.name)
    known = [hook.name for hook in session.config.webhooks]
    if name not in known:
        otherwise = f"there are: {', '.join(known)}" if known else "add [[webhooks]] to config.toml"
        hint = mend_for_typo(name, known, otherwise=otherwise)
        raise InputError(f"there is no webhook {name!r} in config.toml", hint=hint)
    return Channel(via=HOOK, name=name)


def _about(one: "Queued") -> str:
    about = [("message", one.inbox_id), ("enrollment", one.enrollment_id), ("contact", one.contact_id)]
    found = [f"{word} {value}" for word, value in about if value is not None]
    return ", ".join(found) or one.mailbox or str(one.data.get("day", ""))


def _state(one: "Queued", zone: str) -> str:
    from sequencer.cli.local_time import shown

    if one.done_at is not None:
        return f"given up: {one.failure}" if one.failure else f"done {shown(one.done_at, zone)}"
    if one.failure:
        return f"failed {one.tries} times, again {shown(one.due_at, zone)}: {one.failure}"
    return f"goes {shown(one.due_at, zone)}"


def _json(one: "Queued") -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "channel": str(one.channel),
        "rep": one.rep,
        "contact_id": one.contact_id,
        "enrollment_id": one.enrollment_id,
        "inbox_id": one.inbox_id,
        "mailbox": one.mailbox,
        "created_at": one.created_at,
        "due_at": one.due_at,
        "done_at": one.done_at,
        "tries": one.tries,
        "failure": one.failure,
    }
