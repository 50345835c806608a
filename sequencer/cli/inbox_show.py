"""`inbox show` and `inbox explain`: one message, what was made of it, and the conversation around it."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.conversation import Turn
    from sequencer.store.inbox import Answer
    from sequencer.store.marks import Correction, Marked
    from sequencer.store.tasks import Task

_LINES = 12
"""Of each earlier message; `--json` has them whole."""


@click.command(epilog=examples("sequencer inbox show 12", about="ID is that of `sequencer inbox list`."))
@click.argument("answer_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(session: Session, answer_id: int, as_json: bool) -> None:
    """One message: what its sender wrote, what it did, what we answered, and the mails before it."""
    from sequencer.cli.inbox_reply import replies_json, say_replies
    from sequencer.cli.output import say, say_json
    from sequencer.flows.conversation import conversation
    from sequencer.flows.stored_answer import the_answer
    from sequencer.store import marks, tasks

    with session.store.read() as tx:
        answer = the_answer(tx, answer_id)
        marked = marks.mark_of(tx, answer_id)
        contact_id = answer.contact_id
        turns = conversation(tx, contact_id, without=answer_id) if contact_id is not None else []
        todo = tasks.listed(tx, contact_id=contact_id) if contact_id is not None else []
    if as_json:
        from sequencer.cli.inbox import document_of

        document = document_of(answer, session.clock.now())
        document |= {"tasks": [_task(one) for one in todo], "thread": [_turn(one) for one in turns]}
        document["marked"] = _marked(marked) if marked else None
        document["replies"] = replies_json(session, answer_id)
        say_json(document)
        return
    _say_head(session, answer, marked, todo)
    say()
    say(answer.own_text or "")
    say_replies(session, answer_id)
    for turn in turns:
        _say_turn(turn, session.config.default_zone)


def _say_head(session: Session, answer: "Answer", marked: "Marked | None", todo: "list[Task]") -> None:
    from sequencer.cli.inbox import doing, waits
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say

    zone = session.config.default_zone
    say(f"{answer.kind} from {answer.from_address or '(not kept)'} in {answer.mailbox}/{answer.folder}")
    say(f"contact: {answer.contact_address or 'nobody known'} (matched by {answer.match_via or 'nothing'})")
    say(f"received {shown(answer.received_at, zone)}, read {shown(answer.read_at, zone)} ({zone})")
    say(f"subject: {answer.subject or ''}")
    say(f"did: {doing(answer) or 'nothing'}")
    if marked is not None:
        said = " ".join(one for one in (marked.mark.value, marked.day, marked.address) if one)
        say(f"marked {said} by {marked.rep}, {shown(marked.marked_at, zone)}")
    for task in todo:
        say(f"task {task.id}, due {shown(task.due_at, zone)}, for {task.rep}: {task.title}")
    if answer.answered_at is not None:
        say(f"answered {shown(answer.answered_at, zone)}")
    elif by_now := waits(answer, session.clock.now()):
        say(f"waits for an answer; {by_now} by now")


def _say_turn(turn: "Turn", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say

    mark = f", marked {turn.mark}" if turn.mark else ""
    say()
    say(f"--- {shown(turn.at, zone)} {turn.who} ({turn.kind}{mark}): {turn.subject}")
    lines = turn.text.strip().splitlines()
    for line in lines[:_LINES]:
        say(f"  {line}".rstrip())
    if lines[_LINES:]:
        say(f"  … {len(lines) - _LINES} more lines")


def _task(task: "Task") -> dict[str, Any]:
    return {"id": task.id, "rep": task.rep, "title": task.title, "due_at": task.due_at}


def _turn(turn: "Turn") -> dict[str, Any]:
    return {
        "at": turn.at,
        "is_ours": turn.is_ours,
        "who": turn.who,
        "kind": turn.kind,
        "subject": turn.subject,
        "text": turn.text,
        "mark": turn.mark,
        "answer": turn.inbox_id,
        "message": turn.outbox_id,
    }


def _marked(marked: "Marked") -> dict[str, Any]:
    return {
        "mark": marked.mark.value,
        "day": marked.day,
        "address": marked.address,
        "by": marked.rep,
        "at": marked.marked_at,
        "task": marked.did.get("task"),
    }


@click.command(epilog=examples("sequencer inbox explain 12", about="ID is that of `sequencer inbox list`."))
@click.argument("answer_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def explain(session: Session, answer_id: int, as_json: bool) -> None:
    """Why a message was taken for what it is: each rule that spoke, and what it saw."""
    from sequencer.cli.inbox import document_of, doing
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say, say_json
    from sequencer.flows.stored_answer import the_answer
    from sequencer.store import marks

    with session.store.read() as tx:
        answer = the_answer(tx, answer_id)
        before = marks.corrections_of(tx, answer_id)
    if as_json:
        document = document_of(answer, session.clock.now())
        say_json(document | {"corrections": [_correction(one) for one in before]})
        return
    say(f"{answer.kind}, matched by {answer.match_via or 'nothing'}; it did: {doing(answer) or 'nothing'}")
    _say_verdict(answer.verdict)
    zone = session.config.default_zone
    for one in reversed(before):
        did = "; ".join(one.effects) or "nothing"
        say(f"until {shown(one.corrected_at, zone)}, when {one.rep} corrected it: {one.kind}; it did: {did}")
        _say_verdict(one.verdict)


def _say_verdict(verdict: dict[str, Any]) -> None:
    from sequencer.cli.output import say

    for name, value in verdict.items():
        if name != "evidence" and value:
            say(f"  {name}: {value}")
    for one in verdict.get("evidence", []):
        say(f"  rule {one['rule']} at {one['where']}: {one['span']}")


def _correction(one: "Correction") -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "verdict": one.verdict,
        "effects": one.effects,
        "by": one.rep,
        "corrected_at": one.corrected_at,
    }
