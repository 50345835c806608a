"""`outbox approve`: let messages go that wait for a person."""

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session


@click.command(
    epilog=examples(
        "sequencer outbox approve 12 13",
        "sequencer outbox approve --all --sequence bd",
        about="IDs are those of `sequencer outbox list`.",
    )
)
@click.argument("messages", metavar="[ID]…", nargs=-1, type=ROW_ID)
@click.option("--all", "everything", is_flag=True, help="Every message that waits for approval.")
@click.option("--sequence", metavar="NAME", help="With --all: only this sequence's.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@click.pass_obj
def approve(
    session: Session, messages: tuple[int, ...], everything: bool, sequence: str | None, yes: bool
) -> None:
    """Approve messages as they stand: they leave when due, and are never rendered again by themselves."""
    from sequencer.cli.output import note, say, say_table
    from sequencer.errors import InputError
    from sequencer.flows import approve as flow

    if bool(messages) == everything or (sequence and not everything):
        raise InputError("say which: ids, or --all (with --sequence, if you like)")
    if messages:
        rows = flow.messages_by_id(session.engine, messages)
    else:
        rows = flow.waiting_for_approval(session.engine, sequence)
        if not rows:
            say("No message waits for approval.")
            return
        if not yes:
            say_table(
                ("id", "contact", "step", "subject"),
                ((r.id, r.address, f"{r.sequence}/{r.step}", r.content.subject or "") for r in rows),
            )
            click.confirm(f"Approve {len(rows)} message(s)?", abort=True, err=True)
    done = flow.approve(session.engine, rows, session.rep.name)
    say(f"{len(done.approved)} approved.")
    _tell_left(done)
    if done.approved and not messages:
        note("They leave when they are due: `sequencer outbox list`", quiet=session.quiet)


def _tell_left(done: object) -> None:
    from sequencer.cli.output import note
    from sequencer.core.outbox import OutboxState
    from sequencer.errors import Attention, SequencerError
    from sequencer.flows.approve import Approved

    if not isinstance(done, Approved) or not done.left:
        return
    for row in done.left:
        if row.state is OutboxState.AWAITING_APPROVAL:
            note(f"message {row.id} was changed meanwhile: look at it again, then approve it")
        else:
            note(f"message {row.id} is {row.state.value.replace('_', ' ')}: it waits for no approval")
    kind = Attention if done.approved else SequencerError
    raise kind(f"{len(done.left)} message(s) were not approved")
