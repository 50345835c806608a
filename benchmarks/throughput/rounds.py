"""Rounds: every contestant in turn, so that a busy moment of the machine falls on all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from types import ModuleType

from benchmarks.throughput.contestants import merge, nodemailer, product, source, stdlib
from benchmarks.throughput.load import Load
from benchmarks.throughput.measure import Absent, Job, Result
from benchmarks.throughput.sinks import Sink

CONTESTANTS: tuple[ModuleType, ...] = (source, product, nodemailer, merge, stdlib)
WARM_UP_MESSAGES = 20


@dataclass(slots=True)
class Table:
    """One load against one sink: each contestant's results, a round each."""

    sink: str
    load: Load
    results: dict[str, list[Result]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        """Messages per second, the median of the rounds."""
        return median(one.rate for one in self.results[name])

    def ratio(self, name: str, to: str) -> float | None:
        """How many times faster than `to`: within each round, then the median; None when one is absent."""
        if name not in self.results or to not in self.results:
            return None
        pairs = zip(self.results[name], self.results[to], strict=True)
        return median(one.rate / other.rate for one, other in pairs)

    def peak_mb(self, name: str) -> float:
        """The most it held in any round."""
        return max(one.peak_mb for one in self.results[name])

    def cpu_percent(self, name: str) -> float:
        """Of one core, while it sent."""
        return median(one.cpu_seconds / one.seconds for one in self.results[name]) * 100

    def cpu_ms(self, name: str) -> float:
        """CPU a message, in milliseconds."""
        return median(one.cpu_seconds / one.messages for one in self.results[name]) * 1000


def play(sink: Sink, job: Job, load: Load, rounds: int, say: Callable[[str], None]) -> Table:
    """Everyone warms up with a few messages, then `rounds` times A B C …"""
    table = Table(sink=sink.name, load=load)
    players = list(CONTESTANTS)
    for player in CONTESTANTS:
        # The product sends to everyone who is enrolled or to nobody: it starts afresh in each round anyway.
        little = job if player is product else replace(job, messages=min(WARM_UP_MESSAGES, job.messages))
        try:
            if player is not product:
                player.send(little)
        except Absent as absent:
            table.absent[player.NAME] = str(absent)
            players.remove(player)
    for number in range(rounds):
        _round(sink, job, players, table)
        rates = ", ".join(f"{player.NAME} {table.results[player.NAME][-1].rate:,.0f}" for player in players)
        say(f"{load.name} against {sink.name}, round {number + 1}: {rates} messages/s")
    return table


def _round(sink: Sink, job: Job, players: Sequence[ModuleType], table: Table) -> None:
    for player in players:
        before = sink.taken()
        result = player.send(job)
        after = sink.taken()
        if before is not None and after is not None:
            taken = after["messages"] - before["messages"]
            assert taken == job.messages, f"{player.NAME}: the sink took {taken} of {job.messages}"
            assert after["broken"] == before["broken"], f"{player.NAME} broke off inside a message"
        table.results.setdefault(player.NAME, []).append(result)


def job_of(load: Load, sink: Sink, workspace: Path, message_bytes: int, **places: object) -> Job:
    """What is asked of everyone at this sink."""
    from benchmarks.throughput.workspace import ATTACHMENT

    attachment = workspace / "assets" / ATTACHMENT if load.attachment_bytes else None
    return Job(
        port=sink.port,
        messages=load.messages,
        message_bytes=message_bytes,
        attachment=attachment,
        workspace=workspace,
        **places,  # type: ignore[arg-type]
    )
