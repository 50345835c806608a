"""Starts the real daemon with a clock that a test moves, stopping at named instants to ask the test.

    python -m tests.e2e.launcher WORKSPACE --clock FILE [--control PORT] [--once]

At each instant (before and after every commit of the ledger, every SMTP verb, the content and the final
dot) the process writes the instant's name to the control socket and waits for one byte; the test may copy
the database, look at what its server holds, let it go on, or kill it there. Nothing of this stands in
production code.
"""

import argparse
import smtplib
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from sequencer.cli.log_format import set_up_logging
from sequencer.cli.post import open_reader
from sequencer.cli.session import Session
from sequencer.clock import SystemClock
from sequencer.config import Mailbox
from sequencer.daemon import Daemon
from sequencer.files.secret import resolve_secret
from sequencer.mail.smtp import SmtpCourier
from sequencer.mail.smtp_envelope import PIPELINE
from sequencer.mail.smtp_wire import Wire
from sequencer.store import engine as store_engine
from sequencer.store.engine import Marks, MarkTx


class MovedClock(SystemClock):
    """The machine's clock, moved by as many seconds as a file says."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._file.read_text()))


class Control:
    """The line to the test."""

    def __init__(self, port: int | None) -> None:
        self._line = socket.create_connection(("127.0.0.1", port)) if port else None
        self._one_at_a_time = threading.Lock()

    def instant(self, name: str) -> None:
        """Say where the process stands, and wait."""
        if self._line is None:
            return
        with self._one_at_a_time:
            self._line.sendall(name.encode() + b"\n")
            if not self._line.recv(1):
                raise SystemExit("the test has gone")


def outbox_state(statement: str, parameters: Any) -> str | None:
    """The state that a statement gives a message; of several rows in one statement, the first."""
    if not statement.startswith("UPDATE outbox SET state="):
        return None
    return str(parameters[0] if isinstance(parameters, tuple) else parameters[0][0])


def stop_at_commits(
    engine: Any, control: Control, state_of: Callable[[str, Any], str | None] = outbox_state
) -> None:
    """Name commits by the state they write."""
    writes: dict[int, str] = {}

    def on_execute(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        state = state_of(statement, parameters)
        if state is not None:
            writes[id(connection)] = state

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


def stop_at_marks(control: Control) -> None:
    """Name the small commits of a batch likewise."""

    class NamingTx(MarkTx):
        written = ""

        def exec_driver_sql(self, statement: str, values: tuple[object, ...]) -> Any:
            if statement.startswith("UPDATE outbox SET state="):
                self.written = str(values[0])
            return super().exec_driver_sql(statement, values)

    class StoppingMarks(Marks):
        def __init__(self, of: Any) -> None:
            super().__init__(of)
            self._tx: NamingTx = NamingTx(self._connection.cursor(), of.dialect)

        def commit(self) -> None:
            written, self._tx.written = self._tx.written, ""
            if written:
                control.instant(f"before commit {written}")
            super().commit()
            if written:
                control.instant(f"after commit {written}")

    store_engine.Marks = StoppingMarks  # type: ignore[misc]


def stopping_smtp(control: Control) -> type[smtplib.SMTP]:
    """An SMTP client that stops before each verb of opening and leaving, and after its answer came."""

    class StoppingSmtp(smtplib.SMTP):
        verb = "connect"

        def putcmd(self, cmd: str, args: str = "") -> None:
            self.verb = cmd.split(" ")[0].lower() or self.verb
            control.instant(f"before {self.verb}")
            super().putcmd(cmd, args)

        def getreply(self) -> Any:
            answer = super().getreply()
            control.instant(f"after {self.verb}")
            return answer

    return StoppingSmtp


def stopping_wire(control: Control) -> type[Wire]:
    """A wire that stops before and after each verb, the content and the dot.

    Where the server pipelines, `before envelope` stands for the one write and `after 354` for DATA's reply.
    """

    class StoppingWire(Wire):
        is_piped = False

        def say(self, verb: str, lines: bytes) -> None:
            self.is_piped = verb == PIPELINE
            control.instant("before envelope" if self.is_piped else f"before {verb.lower()}")
            super().say(verb, lines)

        def hear(self, verb: str, seconds: float | None = None) -> tuple[int, bytes]:
            reply = super().hear(verb, seconds)
            if verb == "DATA" and self.is_piped:
                control.instant(f"after {reply[0]}")
            else:
                control.instant("after dot" if verb == "CONTENT" else f"after {verb.lower()}")
            return reply

        def give(self, content: bytes) -> None:
            control.instant("before content")
            super().give(content)
            control.instant("after content")

        def end(self, content: bytes, then: bytes = b"") -> None:
            # Two writes in place of one: the bytes are the same, and there is a moment between them.
            self.give(content)
            control.instant("before dot")
            super().end(b"", then)
            self.is_piped = self.is_piped or bool(then)
            control.instant("dot written")

    return StoppingWire


def couriers(session: Session, control: Control) -> Callable[[Mailbox], SmtpCourier]:
    """Real couriers over the stopping client."""

    def opened(mailbox: Mailbox) -> SmtpCourier:
        secret = mailbox.smtp.password
        return SmtpCourier(
            mailbox.smtp,
            lambda: resolve_secret(secret, session.workspace.root) if secret else "",
            mailbox.name,
            smtp_class=stopping_smtp(control),
            wire_class=stopping_wire(control),
        )

    return opened


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace")
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--control", type=int)
    parser.add_argument("--once", action="store_true", help="`run --once`")
    options = parser.parse_args()
    set_up_logging("text")
    session = Session(workspace=options.workspace, acting=None, quiet=False, debug=True)
    session.__dict__["clock"] = MovedClock(options.clock)
    control = Control(options.control)
    stop_at_commits(session.store._engine, control)
    stop_at_marks(control)
    daemon = Daemon(session.engine, open_courier=couriers(session, control), open_reader=open_reader(session))
    daemon.handle_signals()
    if options.once:
        daemon.run_once()
    else:
        daemon.run()


if __name__ == "__main__":
    main()
