"""What an import did, as JSON and as lines."""

from pathlib import Path
from typing import Any

from sequencer.cli.output import note, say, say_json
from sequencer.cli.zone_report import say_zones, zones_json
from sequencer.core.contact_import import Decision, Outcome
from sequencer.core.contact_list import ContactList
from sequencer.core.zone_tally import ZoneTally
from sequencer.errors import Attention
from sequencer.flows.import_contacts import ImportReport

_SHOWN = 10


def import_json(
    contact_list: ContactList, report: ImportReport, rejects: Path | None, zones: ZoneTally
) -> dict[str, Any]:
    """One file's report; the five outcomes add up to `rows`."""
    pairs = zip(contact_list.header, contact_list.columns, strict=True)
    return {
        "file": report.path,
        "lines": report.lines,
        "rows": len(report.decisions),
        **{outcome.value: report.count(outcome) for outcome in Outcome},
        "rejects_file": str(rejects) if rejects else None,
        "zones": zones_json(zones),
        "guesses": list(contact_list.guesses),
        "columns": [{"header": header, "field": field} for header, field in pairs],
        "details": [_detail(one) for one in report.decisions if one.reason or one.notes],
    }


def _detail(one: Decision) -> dict[str, Any]:
    return {
        "line": one.row.line,
        "address": one.address,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "notes": list(one.notes),
    }


def say_end(documents: list[dict[str, Any]], *, as_json: bool, is_dry_run: bool) -> None:
    """The JSON document of all files, if asked for; Attention (exit code 3) when rows were rejected."""
    if as_json:
        say_json(_totals(documents, is_dry_run=is_dry_run))
    _tell_of_rejects(documents)


def _totals(documents: list[dict[str, Any]], *, is_dry_run: bool) -> dict[str, Any]:
    sums = {name: sum(one[name] for one in documents) for name in ("lines", "rows", *map(str, Outcome))}
    return {"dry_run": is_dry_run, **sums, "files": documents}


def say_report(report: ImportReport, rejects: Path | None, zones: ZoneTally, *, quiet: bool) -> None:
    """The counts on stdout, with their reasons; what rows want looking at on stderr."""
    say(f"{report.path}: {_rows(report)}{' (dry run: nothing was changed)' if report.is_dry_run else ''}")
    for outcome in Outcome:
        reasons = ", ".join(f"{count} {reason}" for reason, count in _common(report, outcome))
        say(f"  {outcome.value:<9} {report.count(outcome):>6}{'  ' + reasons if reasons else ''}")
    say_zones(zones, quiet=quiet)
    rejected = report.of(Outcome.REJECTED)
    noted = [one for one in report.decisions if one.notes and one.outcome is not Outcome.REJECTED]
    for decisions, words in ((rejected, "rejected"), (noted, "noted")):
        for one in decisions[:_SHOWN]:
            what = "; ".join(part for part in (one.reason, *one.notes) if part)
            note(f"{report.path}:{one.row.line}: {what}", quiet=quiet)
        if len(decisions) > _SHOWN:
            note(f"… and {len(decisions) - _SHOWN} more rows {words}", quiet=quiet)
    if rejects is not None:
        note(f"the rejected rows are in {rejects}", quiet=quiet)


def _rows(report: ImportReport) -> str:
    rows = len(report.decisions)
    if rows == report.lines:
        return f"{rows} row{'' if rows == 1 else 's'}"
    return f"{rows} rows from {report.lines} lines (some lines hold several addresses)"


def _common(report: ImportReport, outcome: Outcome) -> list[tuple[str, int]]:
    """Reasons that several rows share; a row's own words are shown with the row."""
    if outcome is not Outcome.SKIPPED:
        return []
    return list(report.reasons(outcome).items())[:5]


def _tell_of_rejects(documents: list[dict[str, Any]]) -> None:
    count = sum(one["rejected"] for one in documents)
    if not count:
        return
    files = ", ".join(one["rejects_file"] for one in documents if one["rejects_file"])
    hint = f"mend them in {files} and import that" if files else None
    raise Attention(f"{count} row{' was' if count == 1 else 's were'} rejected", hint=hint)
