"""`doctor`: what is wrong with this installation, one line each."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.checkup import Check
    from sequencer.flows.checkup.online import Outside


@click.command(epilog=examples("sequencer doctor", "sequencer doctor --offline --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--offline", is_flag=True, help="Leave out what asks DNS or mail servers.")
@click.pass_obj
def doctor(session: Session, as_json: bool, offline: bool) -> None:
    """Look everything over: files, database, clock, daemon, mailboxes, contacts; exit code 3 if it is bad.

    Works beside `run`, and on a workspace that cannot run. Nothing is changed.
    """
    from sequencer.cli.output import say, say_json
    from sequencer.core.checkup import CheckState, worst
    from sequencer.errors import Attention
    from sequencer.flows import doctor as flow
    from sequencer.flows.checkup.online import looks_outside

    ground = flow.lay_ground(
        session.workspace, session.clock.now(), lambda: session.config, lambda: session.store
    )
    looks = flow.LOCAL if offline else (*flow.LOCAL, *looks_outside(_outside(session)))
    found = []
    for check in flow.examine(ground, looks):
        found.append(check)
        if not as_json:
            say(_line(check))
    state = worst(found)
    if as_json:
        say_json(doctor_json(found))
    count = sum(check.state is CheckState.BAD for check in found)
    if state is CheckState.BAD:
        raise Attention(
            f"{count} of {len(found)} checks found something bad", hint="see the lines marked BAD"
        )


def _outside(session: Session) -> "Outside":
    from sequencer.cli.post import open_courier, open_reader
    from sequencer.flows.checkup.online import Outside

    return Outside(
        open_dns=lambda: session.dns, open_courier=open_courier(session), open_reader=open_reader(session)
    )


def doctor_json(found: "list[Check]") -> dict[str, Any]:
    """The document of `doctor --json`; keys are only ever added. `state` is ok, warn, bad or unknown."""
    from sequencer.core.checkup import worst

    checks = [
        {"name": one.name, "state": one.state.value, "what": one.what, "mend": one.mend} for one in found
    ]
    return {"state": worst(found).value, "checks": checks}


def _line(check: "Check") -> str:
    from sequencer.core.checkup import CheckState

    mark = {
        CheckState.OK: "ok  ",
        CheckState.WARN: "warn",
        CheckState.BAD: "BAD ",
        CheckState.UNKNOWN: "?   ",
    }
    mend = f" → {check.mend}" if check.mend else ""
    return f"{mark[check.state]}  {check.name}: {check.what}{mend}"
