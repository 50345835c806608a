"""Runs the real `inbox reply` with a clock that a test moves, stopping at named instants.

python -m tests.e2e.reply_launcher WORKSPACE --clock FILE --control PORT ID TEXT
"""

import argparse
from pathlib import Path
from typing import Any

from sequencer.cli import post
from sequencer.cli.inbox_reply import reply
from sequencer.cli.session import Session
from tests.e2e.launcher import Control, MovedClock, couriers, stop_at_commits


def reply_state(statement: str, parameters: Any) -> str | None:
    """The state that a statement gives an answer."""
    if statement.startswith("INSERT INTO replies"):
        return "claimed"
    return str(parameters[0]) if statement.startswith("UPDATE replies SET state=") else None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace")
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("id")
    parser.add_argument("text")
    options = parser.parse_args()
    session = Session(workspace=options.workspace, acting=None, quiet=False, debug=True)
    session.__dict__["clock"] = MovedClock(options.clock)
    control = Control(options.control)
    stop_at_commits(session.store._engine, control, reply_state)
    post.open_courier = lambda session: couriers(session, control)
    reply.main([options.id, "--text", options.text, "--yes"], obj=session, standalone_mode=False)


if __name__ == "__main__":
    main()
