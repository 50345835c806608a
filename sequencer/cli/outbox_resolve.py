"""`outbox resolve`: say what became of a message whose outcome could not be known."""

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session


@click.command(epilog=examples("sequencer outbox resolve 12 --sent"))
@click.argument("message", metavar="ID", type=ROW_ID)
@click.option("--sent", is_flag=True, help="It arrived (it is in Sent, or the buyer has it).")
@click.option("--resend", is_flag=True, help="It did not arrive: send the same message once more.")
@click.option("--not-sent", is_flag=True, help="It did not arrive: go on without it.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@click.pass_obj
def resolve(session: Session, message: int, sent: bool, resend: bool, not_sent: bool, yes: bool) -> None:
    """Settle message ID, which may have left or not; its enrollment goes on."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import note, say
    from sequencer.core.enrollment import EnrollmentState
    from sequencer.errors import InputError
    from sequencer.flows import resolve as flow
    from sequencer.flows.approve import messages_by_id

    said = {
        flow.Resolution.SENT: sent,
        flow.Resolution.RESEND: resend,
        flow.Resolution.NOT_SENT: not_sent,
    }
    chosen = [resolution for resolution, is_said in said.items() if is_said]
    if len(chosen) != 1:
        raise InputError(
            f"say {'only one' if chosen else 'what became of it'}: --sent, --resend or --not-sent",
            hint="look for it in the mailbox's Sent folder, or ask the buyer",
        )
    [resolution] = chosen
    row = messages_by_id(session.engine, [message])[0]
    flow.require_resolvable(session.engine, row, resolution)
    zone = session.config.default_zone
    left_at = f"{shown(row.sending_at, zone)} ({zone})"
    consequence = flow.CONSEQUENCES[resolution].format(left_at=left_at, address=row.address)
    note(f"Message {row.id} to {row.address} ({row.sequence}/{row.step}): {consequence}.")
    if not yes:
        click.confirm("Go on?", abort=True, err=True)
    done = flow.resolve(session.engine, row, resolution, session.rep.name)
    say(f"Message {row.id} is {done.row.state.value} now.")
    hold = done.enrollment.hold
    if done.enrollment.state is EnrollmentState.HELD and hold is not None:
        note(f"enrollment {done.enrollment.id} is still held: {hold.reason}", quiet=session.quiet)
