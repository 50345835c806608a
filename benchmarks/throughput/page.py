"""What is printed: a table per load and sink, and one line per target that says whether it is met."""

from dataclasses import dataclass

from benchmarks.throughput.contestants import nodemailer, product, source
from benchmarks.throughput.load import Load
from benchmarks.throughput.rounds import Table

OF_SOURCE_SMALL, OF_SOURCE_LARGE, OF_NODEMAILER = 0.45, 0.9, 3.0
PEAK_MB, PEAK_PER_ATTACHMENT = 60.0, 1.4
PACED_PERCENT = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One target."""

    target: str
    found: str
    is_met: bool | None
    """None: not measured."""

    def line(self, *, is_busy: bool) -> str:
        """A miss is always said; that a target is met is not claimed of a machine that is busy."""
        if self.is_met is None:
            word = "NOT MEASURED"
        elif self.is_met:
            word = "not claimed, the machine is busy" if is_busy else "met"
        else:
            word = "MISSED"
        return f"{word}: {self.target}: {self.found}"


def table_lines(table: Table) -> list[str]:
    """Who sent how fast, at what price."""
    load = table.load
    lines = [
        f"{load.messages:,} × {load.name} against {table.sink} (median of "
        f"{len(table.results[product.NAME])} rounds; ratios within each round)",
        f"  {'':24}{'messages/s':>11}{'÷ source':>10}{'÷ nodem.':>10}{'peak MB':>9}{'CPU %':>7}"
        f"{'CPU ms/msg':>12}",
    ]
    for name in table.results:
        ratios = [table.ratio(name, to) for to in (source.NAME, nodemailer.NAME)]
        of_source, of_node = (f"{ratio:.2f}" if ratio is not None else "-" for ratio in ratios)
        lines.append(
            f"  {name:24}{table.rate(name):>11,.0f}{of_source:>10}{of_node:>10}{table.peak_mb(name):>9.0f}"
            f"{table.cpu_percent(name):>7.0f}{table.cpu_ms(name):>12.3f}"
        )
    lines += [f"  {name:24} absent: {why}" for name, why in table.absent.items()]
    last = table.results[product.NAME][-1].more["parts"]
    parts = ", ".join(f"{name} {last[name]:.2f} s" for name in ("read", "prepare", "deliver_due"))
    imported = table.results[product.NAME][-1].more["imported_mb"]
    return [*lines, f"  the product's last round: {parts}; {imported:.0f} MB were its code alone"]


def sink_line(tables: list[Table]) -> str:
    """Whether our own sink is the limit: how much it takes from smtp-source beside smtp-sink."""
    if len(tables) < 2 or any(source.NAME not in table.results for table in tables):
        return "  the two sinks were not compared: smtp-source or smtp-sink is not installed"
    theirs, ours = (table.rate(source.NAME) for table in tables)
    verdict = "it is not the limit" if ours >= theirs else "it IS the limit: read its ratios with care"
    return f"  our sink takes {ours / theirs:.2f} × what smtp-sink takes from smtp-source: {verdict}"


def verdicts(table: Table) -> list[Verdict]:
    """The targets that one table answers."""
    load, where = table.load, f"{table.load.name} on {table.sink}"
    found = []
    if not load.attachment_bytes:
        found.append(_ratio(table, source.NAME, OF_SOURCE_SMALL, where))
        found.append(_ratio(table, nodemailer.NAME, OF_NODEMAILER, where))
    elif table.sink == "smtp-sink":
        found.append(_ratio(table, source.NAME, OF_SOURCE_LARGE, where))
    return [*found, _peak(table, load, where)]


def paced(percent: float, per_second: float, mailboxes: int) -> Verdict:
    """What many slow mailboxes cost together."""
    return Verdict(
        target=f"{mailboxes} paced mailboxes below {PACED_PERCENT:.0f} % of a core at one message a second",
        found=f"{percent:.1f} % at {per_second:.2f} messages/s",
        is_met=percent < PACED_PERCENT if per_second >= 0.9 else None,
    )


def _ratio(table: Table, to: str, least: float, where: str) -> Verdict:
    ratio = table.ratio(product.NAME, to)
    return Verdict(
        target=f"{where}: at least {least:g} × {to}",
        found=f"{ratio:.2f} ×" if ratio is not None else f"{to} is absent: {table.absent.get(to, '')}",
        is_met=None if ratio is None else ratio >= least,
    )


def _peak(table: Table, load: Load, where: str) -> Verdict:
    most, peak = PEAK_MB + PEAK_PER_ATTACHMENT * load.attachments_mb, table.peak_mb(product.NAME)
    return Verdict(
        target=f"{where}: peak at most {most:.1f} MB", found=f"{peak:.1f} MB", is_met=0 < peak <= most
    )
