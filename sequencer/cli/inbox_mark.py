"""`inbox mark`: what an answer comes to, in a rep's words, or what it really is."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session
from sequencer.core.inbound import AutoReplyType, BounceClass, VerdictKind
from sequencer.core.marks import MARKS, OUR_OWN, Mark

if TYPE_CHECKING:
    from sequencer.flows.correct_verdict import Corrected
    from sequencer.flows.mark_answer import MarkResult

_TAKES = {Mark.LATER: " DAY", Mark.REFERRAL: " ADDRESS"}
_WIDTH = 17
_MARKS = "\n".join(
    f"  {mark.value + _TAKES.get(mark, ''):<{_WIDTH}} {effect.words}" for mark, effect in MARKS.items()
)
_KINDS = [kind.value for kind in VerdictKind if kind not in OUR_OWN]
_SUBTYPES = [one.value for one in (*AutoReplyType, *BounceClass)]
_EPILOG = f"""\b
ID is that of `sequencer inbox list`. The marks:
{_MARKS}
\b
An answer ends whatever still runs for the contact; ambiguous mail that is marked as one
counts as a reply. DAY is 2027-03-01, 10d, 3w or 2m (months). Another mark replaces the
one before. --verdict says that the program misread the mail: what it did is taken back
where that is safe, what it should have done is done, and the mail is kept in corpus/.
\b
Examples:
  sequencer inbox mark 12 interested
  sequencer inbox mark 12 later 3w --note "after their stocktaking"
  sequencer inbox mark 12 referral ben@lusotools.example
  sequencer inbox mark 12 --verdict auto_reply --subtype left_company"""


@click.command(epilog=_EPILOG)
@click.argument("answer_id", metavar="ID", type=ROW_ID)
@click.argument("mark", metavar="[MARK]", required=False, type=click.Choice([one.value for one in Mark]))
@click.argument("value", metavar="[DAY|ADDRESS]", nargs=-1)
@click.option("--note", "note_", default="", metavar="TEXT", help="Words for the contact's note, dated.")
@click.option(
    "--verdict",
    metavar="KIND",
    type=click.Choice(_KINDS),
    help=f"What the mail really is: {', '.join(_KINDS)}.",
)
@click.option(
    "--subtype",
    metavar="KIND",
    type=click.Choice(_SUBTYPES),
    help="Of an auto_reply (such as left_company) or a bounce (such as dead).",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def mark(
    session: Session,
    answer_id: int,
    mark: str | None,
    value: tuple[str, ...],
    note_: str,
    verdict: str | None,
    subtype: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say what an answer comes to (MARK), or what the mail really is (--verdict)."""
    from sequencer.errors import InputError

    if (mark is None) == (verdict is None):
        raise InputError("say one: a mark such as interested, or --verdict KIND")
    if subtype is not None and verdict is None:
        raise InputError("--subtype goes with --verdict auto_reply or --verdict bounce")
    if mark is not None:
        _mark(session, answer_id, Mark(mark), " ".join(value), note_, is_dry_run=dry_run, as_json=as_json)
        return
    if note_:
        raise InputError("--note goes with a mark", hint="`sequencer contacts note` writes one by itself")
    _correct(session, answer_id, str(verdict), subtype, is_dry_run=dry_run, as_json=as_json)


def _mark(
    session: Session, answer_id: int, mark: Mark, value: str, note_: str, *, is_dry_run: bool, as_json: bool
) -> None:
    from sequencer.cli.output import say_json
    from sequencer.flows.mark_answer import Saying, mark_answer

    saying = Saying(answer_id=answer_id, mark=mark, value=value, note=note_, by=session.rep.name)
    found = mark_answer(session.engine, saying, is_dry_run=is_dry_run)
    if as_json:
        say_json(_mark_document(found) | {"is_dry_run": is_dry_run})
        return
    _tell(_head(found), found.said.done, found.said.left, is_dry_run=is_dry_run, quiet=session.quiet)


def _head(found: "MarkResult") -> str:
    what = " ".join(one for one in (found.mark.value, found.day, found.address) if one)
    if not found.is_new:
        return f"message {found.answer_id} from {found.contact} is marked {what} already"
    was = f", no longer {found.was}" if found.was else ""
    return f"message {found.answer_id} from {found.contact}: {what}{was}"


def _mark_document(found: "MarkResult") -> dict[str, Any]:
    return {
        "id": found.answer_id,
        "contact": found.contact,
        "mark": found.mark.value,
        "day": found.day,
        "address": found.address,
        "was": found.was.value if found.was else None,
        "is_new": found.is_new,
        "task": found.task_id,
        "did": found.said.done,
        "left": found.said.left,
    }


def _correct(
    session: Session, answer_id: int, kind: str, subtype: str | None, *, is_dry_run: bool, as_json: bool
) -> None:
    from sequencer.cli.output import say_json
    from sequencer.cli.post import dial_finder
    from sequencer.flows.correct_verdict import Wanted, correct_verdict
    from sequencer.flows.keep_fixture import keep_as_fixture

    is_bounce = subtype in {one.value for one in BounceClass}
    wanted = Wanted(
        answer_id=answer_id,
        kind=VerdictKind(kind),
        subtype=AutoReplyType(subtype) if subtype and not is_bounce else None,
        bounce_class=BounceClass(subtype) if subtype and is_bounce else None,
        by=session.rep.name,
    )
    found = correct_verdict(session.engine, wanted, dial_finder(session), is_dry_run=is_dry_run)
    file = None
    if found.raw is not None and not is_dry_run:
        path = keep_as_fixture(session.engine, answer_id, found.raw)
        file = path.relative_to(session.workspace.root).as_posix()
    if as_json:
        say_json(_verdict_document(found, file) | {"is_dry_run": is_dry_run})
        return
    head = f"message {found.answer_id}: {found.kind}, no longer {found.was}"
    if not found.is_new:
        head = f"message {found.answer_id} is taken for {found.kind} already"
    left = [*found.said.left]
    if found.not_fetched is not None:
        left.append(f"not kept in corpus/: {found.not_fetched}")
    done = [*found.said.done, *([f"kept as {file}"] if file else [])]
    _tell(head, done, left, is_dry_run=is_dry_run, quiet=session.quiet)


def _verdict_document(found: "Corrected", file: str | None) -> dict[str, Any]:
    return {
        "id": found.answer_id,
        "kind": found.kind.value,
        "was": found.was.value,
        "is_new": found.is_new,
        "did": found.said.done,
        "left": found.said.left,
        "kept_as": file,
        "not_kept": found.not_fetched,
    }


def _tell(head: str, done: list[str], left: list[str], *, is_dry_run: bool, quiet: bool) -> None:
    from sequencer.cli.output import note, say

    say(f"would mark {head}" if is_dry_run else head)
    for words in done:
        say(f"  {words}")
    for words in left:
        note(words, quiet=quiet)
    if is_dry_run:
        note("nothing was changed", quiet=quiet)
