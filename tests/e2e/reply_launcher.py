"""Runs the real `inbox reply` with a clock that a test moves, stopping at named instants.

python -m tests.e2e.reply_launcher WORKSPACE --clock FILE --control PORT ID TEXT
"""

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy import event

from sequencer.cli import post
from sequencer.cli.inbox_reply import reply
from sequencer.cli.session import Session
from tests.e2e.launcher import Control, MovedClock, couriers


def stop_at_commits(engine: Any, control: Control) -> None:
    """Name each commit that touches an answer by the state it writes."""
    writes: dict[int, str] = {}

    def on_execute(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO replies"):
            writes[id(connection)] = "claimed"
        elif statement.startswith("UPDATE replies SET state="):
            writes[id(connection)] = str(parameters[0])

    def on_commit(connection: Any) -> None:
        if id(connection) in writes:
            control.instant(f"before commit {writes[id(connection)]}")
            connection.connection.info["written"] = writes.pop(id(connection))

    def on_checkin(_dbapi: Any, record: Any) -> None:
        written = record.info.pop("written", None)
        if written:
            control.instant(f"after commit {written}")

    event.listen(engine, "before_cursor_execute", on_execute)
    event.listen(engine, "commit", on_commit)
    event.listen(engine, "checkin", on_checkin)


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
    stop_at_commits(session.store._engine, control)
    post.open_courier = lambda session: couriers(session, control)
    reply.main([options.id, "--text", options.text, "--yes"], obj=session, standalone_mode=False)


if __name__ == "__main__":
    main()
