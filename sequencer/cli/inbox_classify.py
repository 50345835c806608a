"""`inbox classify`: what raw messages are, from files, without a workspace."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples

if TYPE_CHECKING:
    from sequencer.core.corpus import Classified, Measure, Pair

_EXAMPLES = examples(
    "sequencer inbox classify bounce.eml",
    "sequencer inbox classify --jsonl --sent sent.jsonl Inbox.mbox",
    "sequencer inbox classify --check corpus",
)


@click.command(epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("--jsonl", "as_lines", is_flag=True, help="One JSON object a message.")
@click.option("--json", "as_json", is_flag=True, help="With --check: one JSON document.")
@click.option(
    "--sent",
    "sent_list",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lines of JSON: what was sent, to be matched.",
)
@click.option(
    "--check",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Score DIR: labels.jsonl, eml/ and, if there is one, sent.jsonl.",
)
def classify(
    paths: Sequence[Path], as_lines: bool, as_json: bool, sent_list: Path | None, folder: Path | None
) -> None:
    """Say what the messages in PATH… are: files, folders or mbox. Nothing is written and nothing sent."""
    from sequencer.errors import InputError

    if bool(paths) == bool(folder):
        raise InputError("name files to classify, or one folder with --check")
    if folder is not None and (as_lines or sent_list):
        raise InputError(
            "--check reads sent.jsonl of its folder, and has --json in place of --jsonl and --sent"
        )
    if as_json and folder is None:
        raise InputError("--json goes with --check", hint="for messages, --jsonl gives one object a line")
    if folder is not None:
        _check(folder, as_json=as_json)
        return
    for found in _classified(paths, sent_list):
        _say(found, as_line=as_lines)


def _classified(paths: Iterable[Path], sent_list: Path | None) -> "Iterator[Classified]":
    from sequencer.clock import SystemClock
    from sequencer.core.sent_list import SentList
    from sequencer.files.json_lines import read_sent_list
    from sequencer.files.mail_files import mail_files
    from sequencer.flows.classify_files import classify_files

    sent = SentList(read_sent_list(sent_list) if sent_list else ())
    return classify_files(mail_files(paths), sent, SystemClock())


def _say(found: "Classified", *, as_line: bool) -> None:
    from sequencer.cli.output import printable, safe_json, say

    if as_line:
        say(safe_json(json.dumps(_row(found), ensure_ascii=False)))
        return
    verdict = found.verdict
    details = [verdict.subtype, verdict.bounce_class, verdict.permanence, verdict.reason, verdict.intent]
    words = [verdict.kind.value, *(str(one) for one in details if one), *verdict.recipients]
    why = "; ".join(f"{one.rule} at {one.where}: {one.span}" for one in verdict.evidence)
    say(printable(f"{found.file}: {' '.join(words)}"))
    say(printable(f"    {found.error or why}"))


def _row(found: "Classified") -> dict[str, object]:
    verdict = found.verdict
    return {
        "file": found.file,
        "kind": verdict.kind.value,
        "recipients": list(verdict.recipients),
        "permanence": verdict.permanence,
        "hard": verdict.hard,
        "class": verdict.bounce_class.value if verdict.bounce_class else None,
        "reason": verdict.reason or None,
        "intent": verdict.intent.value if verdict.intent else None,
        "subtype": verdict.subtype.value if verdict.subtype else None,
        "return_date": verdict.return_at.date().isoformat() if verdict.return_at else None,
        "successor": verdict.successor,
        "reply_text": verdict.own_text,
        "orig_message_id": found.orig_message_id,
        "sent_id": found.sent_id,
        "match_via": found.match_via,
        "evidence": [{"rule": one.rule, "where": one.where, "span": one.span} for one in verdict.evidence],
        "ms": round(found.seconds * 1000, 3),
        "error": found.error,
    }


def _check(folder: Path, *, as_json: bool) -> None:
    from sequencer.cli.output import say_json
    from sequencer.clock import SystemClock
    from sequencer.core.corpus import score
    from sequencer.errors import Attention
    from sequencer.flows.classify_files import labelled_folder

    pairs = labelled_folder(folder, SystemClock())
    measures = score(pairs)
    missed = [one.name for one in measures if not one.is_met]
    if as_json:
        say_json({"messages": len(pairs), "measures": [_measure(one) for one in measures]})
    else:
        show_score(pairs, measures)
    if missed:
        raise Attention(f"{len(missed)} of {len(measures)} targets are missed: {', '.join(missed)}")


def show_score(pairs: "Sequence[Pair]", measures: "Sequence[Measure]") -> None:
    """The figures, then by verdict, source and provider, then what is wrong and how fast it went."""
    from sequencer.cli.output import printable, say, say_table
    from sequencer.core.corpus import by

    say_table(
        ("measure", "found", "of", "share", "target"),
        [
            (
                one.name,
                one.right,
                one.of,
                "" if one.at_least is None else f"{one.share:.1%}",
                "none" if one.at_least is None else f"{one.at_least:.1%}",
            )
            for one in measures
            if one.of
        ],
    )
    for title, counted in (
        ("by verdict", by(pairs, lambda label: label.kind.value)),
        ("by source", by(pairs, lambda label: label.source)),
        ("by provider", by(pairs, lambda label: label.provider or "(not known)")),
    ):
        say()
        say_table((title, "kind right", "of"), [(name, right, of) for name, (right, of) in counted.items()])
    for one in measures:
        if not one.is_met:
            say()
            say(printable(f"{one.name}: {', '.join(one.wrong[:20])}{' …' if one.wrong[20:] else ''}"))
    seconds = sorted(found.seconds for _label, found in pairs)
    say()
    if seconds:
        say(f"{len(seconds) / sum(seconds):,.0f} messages a second, the slowest {seconds[-1] * 1000:.0f} ms")


def _measure(one: "Measure") -> dict[str, object]:
    return {
        "name": one.name,
        "found": one.right,
        "of": one.of,
        "target": one.at_least,
        "is_met": one.is_met,
        "wrong": list(one.wrong),
    }
