"""`inbox reply`: answer a buyer in their thread, from an editor, seen before it goes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.reply import Reply
    from sequencer.flows.reply_question import Question


def _list_snippets(session: Session) -> None:
    from sequencer.cli.output import note, say_table
    from sequencer.files.snippets import first_line, snippet_names, without_siblings

    found = without_siblings(snippet_names(session.workspace))
    if not found:
        note("There is no snippet yet: each is a file snippets/NAME.md.", quiet=session.quiet)
    rows = [(name, " ".join(tags), first_line(session.workspace, name)) for name, tags in found.items()]
    say_table(("snippet", "languages", "begins"), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What was typed."""

    snippets: tuple[str, ...]
    text: str | None
    files: tuple[str, ...]
    again: bool
    yes: bool
    is_dry_run: bool
    as_json: bool


@click.command(
    epilog="""ID is that of `sequencer inbox list`. The answer is Markdown: with no --text an editor
(VISUAL, EDITOR) opens on a draft with the snippets, your signature, and what you answer in lines
that begin with #| and are not sent. An empty draft sends nothing; one that could not be sent is
offered again.

\b
Examples:
  sequencer inbox reply 12
  sequencer inbox reply 12 --snippet thanks --attach price-list.xlsx
  sequencer inbox reply 12 --text mine.md --dry-run
  sequencer inbox reply --snippets"""
)
@click.argument("answer_id", metavar="ID", type=ROW_ID, required=False)
@click.option("--snippet", "snippets", multiple=True, metavar="NAME", help="Begin with it; may be repeated.")
@click.option("--text", metavar="FILE", help="Markdown to send instead of opening an editor; - is stdin.")
@click.option(
    "--attach", "files", multiple=True, metavar="FILE", help="A path, or a name under assets/; repeatable."
)
@click.option("--again", is_flag=True, help="Although an answer left already, or may have.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@click.option("--dry-run", is_flag=True, help="Show the mail; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--snippets", "is_list", is_flag=True, help="List the snippets; no ID is needed.")
@click.pass_obj
def reply(
    session: Session,
    answer_id: int | None,
    snippets: tuple[str, ...],
    text: str | None,
    files: tuple[str, ...],
    again: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    is_list: bool,
) -> None:
    """Answer message ID in its thread, as the mailbox that wrote to them; you see it before it goes."""
    from sequencer.errors import InputError

    if is_list:
        _list_snippets(session)
        return
    if answer_id is None:
        raise InputError("name the message to answer", hint="`sequencer inbox list` shows who waits")
    wish = _Wish(
        snippets=snippets,
        text=text,
        files=files,
        again=again,
        yes=yes,
        is_dry_run=dry_run,
        as_json=as_json,
    )
    _answer(session, answer_id, wish)


def _answer(session: Session, answer_id: int, wish: _Wish) -> None:
    from sequencer.cli.output import note
    from sequencer.files.loose_files import loose_file
    from sequencer.flows.reply_question import question

    asked = question(session.engine, answer_id, session.rep)
    if not wish.is_dry_run:
        asked = _require_new(session, asked, again=wish.again)
    attachments = tuple(loose_file(session.workspace, one) for one in wish.files)
    words, kept = _words(session, asked, wish.snippets, wish.text)
    if words is None:
        note("Nothing was written, nothing was sent.")
        return
    try:
        _go(session, asked, _made(session, asked, words, attachments), wish)
    except BaseException:
        _keep(session, answer_id, words, kept, wish.text)
        raise
    if not wish.is_dry_run:
        _drop(session, answer_id)
    elif kept is not None:
        note(f"Your draft is kept in {kept}.", quiet=session.quiet)


def _go(session: Session, asked: "Question", made: "Reply", wish: _Wish) -> None:
    """Show it, ask, send it, and say so."""
    from sequencer.cli.output import say, say_json

    document = _document(made, asked, is_dry_run=wish.is_dry_run)
    if not wish.as_json:
        _show(document, made)
    if wish.is_dry_run:
        if wish.as_json:
            say_json(document)
        return
    if not wish.yes:
        click.confirm("Send it?", abort=True, err=True)
    sent = _sent(session, asked, made)
    if wish.as_json:
        say_json(document | {"reply": sent.id, "state": sent.state.value})
    else:
        say(f"Sent to {sent.address} from {sent.mailbox}.")


def _require_new(session: Session, asked: "Question", *, again: bool) -> "Question":
    """What is known of earlier answers is said; nothing is sent a second time without being asked for."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import note
    from sequencer.cli.post import dial_sent
    from sequencer.errors import SequencerError
    from sequencer.flows.reply_known import look_for_earlier, refuse_a_second

    asked, trouble = look_for_earlier(session.engine, asked, dial_sent(session))
    if trouble:
        note(trouble)
    try:
        refuse_a_second(asked)
    except SequencerError as known:
        if not again:
            raise
        note(f"{known}")
    if asked.answer.answered_at is not None and not asked.standing:
        at = shown(asked.answer.answered_at, session.config.default_zone)
        note(f"{asked.contact.address} was written to by hand at {at}, as Sent shows.", quiet=session.quiet)
    return asked


def _words(
    session: Session, asked: "Question", snippets: tuple[str, ...], text: str | None
) -> tuple[str | None, Path | None]:
    """The rep's Markdown, and the draft file that holds it; None when there is nothing to send."""
    from sequencer.core.reply_text import is_empty, own_words, signed
    from sequencer.core.template_values import signature_of

    signature = signature_of(session.rep)
    if text is not None:
        filled = _filled(session, asked, snippets)
        written = own_words("\n\n".join([*filled, _read(text)]))
        return (None if is_empty(written, signature) else signed(written, signature)), None
    path = _edited(session, asked, snippets)
    from sequencer.files.text_file import read_text

    written = own_words(read_text(path, str(path)))
    if is_empty(written, signature):
        _drop(session, asked.answer.id)
        return None, None
    return written, path


def _edited(session: Session, asked: "Question", snippets: tuple[str, ...]) -> Path:
    """The draft after the editor: a new one, or one that was begun before."""
    from sequencer.cli.output import note
    from sequencer.core.reply import ReplyState
    from sequencer.core.reply_text import new_draft, own_words
    from sequencer.core.template_values import signature_of
    from sequencer.files.reply_drafts import draft_of, write_draft
    from sequencer.files.text_file import read_text

    path = draft_of(session.workspace, asked.answer.id)
    left_already = {one.own_text for one in asked.standing if one.state is ReplyState.SENT}
    if path.is_file() and own_words(read_text(path, str(path))) not in left_already:
        left = " (without --snippet)" if snippets else ""
        note(f"Your draft in {path} is opened again{left}; remove the file to begin anew.")
    else:
        filled = _filled(session, asked, snippets)
        draft = new_draft(filled, signature_of(session.rep), asked.before, asked.said)
        path = write_draft(session.workspace, asked.answer.id, draft)
    click.edit(filename=str(path), require_save=False)
    return path


def _filled(session: Session, asked: "Question", snippets: tuple[str, ...]) -> list[str]:
    from sequencer.core.snippet import fill_snippet
    from sequencer.files.snippets import read_snippet

    language, sender = asked.contact.language, session.config.sender
    found = [read_snippet(session.workspace, name, language) for name in snippets]
    return [fill_snippet(one, asked.contact, session.rep, sender) for one in found]


def _read(text: str) -> str:
    from sequencer.files.text_file import read_text

    return sys.stdin.read() if text == "-" else read_text(Path(text), text)


def _made(session: Session, asked: "Question", words: str, attachments: tuple[Any, ...]) -> "Reply":
    from sequencer.core.reply_text import reply_parts
    from sequencer.errors import InputError
    from sequencer.flows.reply_bytes import bytes_of
    from sequencer.flows.reply_send import Words, drafted

    try:
        plain, rich = reply_parts(words, asked.said, asked.before, asked.language)
    except ValueError as error:
        raise InputError(f"in the answer: {error}") from None
    made = drafted(
        session.engine, asked, Words(own_text=words, text=plain, html=rich, attachments=attachments)
    )
    bytes_of(session.engine, asked.mailbox, made)  # what can't be sent is said before the question
    return made


def _sent(session: Session, asked: "Question", made: "Reply") -> "Reply":
    """The answer, sent; Attention when nobody knows, SequencerError when it did not leave."""
    from sequencer.cli.post import open_courier
    from sequencer.core.reply import ReplyState
    from sequencer.errors import Attention, SequencerError
    from sequencer.flows.reply_send import send_reply

    courier = open_courier(session)(asked.mailbox)
    try:
        sent = send_reply(session.engine, asked, made, courier)
    finally:
        courier.close()
    if sent.state is ReplyState.UNSURE:
        raise Attention(
            f"the answer to {sent.address} may have left or not: {sent.reason}",
            hint=f"it is looked for in Sent; `sequencer inbox reply {asked.answer.id}` says what is known",
        )
    if sent.state is not ReplyState.SENT:
        word = "was refused" if sent.state is ReplyState.REFUSED else "did not leave"
        raise SequencerError(f"the answer to {sent.address} {word}: {sent.reason}")
    return sent


def _keep(session: Session, answer_id: int, words: str, kept: Path | None, text: str | None) -> None:
    """The rep's words are not lost: in the draft, in their own file, or written down now."""
    from sequencer.cli.output import note
    from sequencer.files.reply_drafts import write_draft

    if text is not None and text != "-":
        return
    path = kept or write_draft(session.workspace, answer_id, f"{words}\n")
    note(f"Your text is kept in {path}; `sequencer inbox reply {answer_id}` opens it again.")


def _drop(session: Session, answer_id: int) -> None:
    from sequencer.files.reply_drafts import remove_draft

    remove_draft(session.workspace, answer_id)


def _document(made: "Reply", asked: "Question", *, is_dry_run: bool) -> dict[str, Any]:
    return {
        "answers": asked.answer.id,
        "reply": None,
        "state": "dry_run" if is_dry_run else "not_sent",
        "from": asked.mailbox.address,
        "to": made.address,
        "subject": made.subject,
        "message_id": None if is_dry_run else made.message_id,
        "in_reply_to": made.in_reply_to,
        "text": made.text,
        "attachments": [{"name": one.name, "bytes": one.size} for one in made.attachments],
    }


def _show(document: dict[str, Any], made: "Reply") -> None:
    from sequencer.cli.output import say, say_fields

    fields = [(name.capitalize(), document[name]) for name in ("from", "to", "subject")]
    fields += [("Attached", f"{one.name} ({one.size:,} bytes)") for one in made.attachments]
    say_fields(fields)
    say()
    say(made.text.rstrip("\n"))
    say()


def replies_json(session: Session, answer_id: int) -> list[dict[str, Any]]:
    """What reps answered to a message from the command line, for `inbox show --json`."""
    from sequencer.store import replies

    with session.store.read() as tx:
        found = replies.of_answer(tx, answer_id)
    return [
        {
            "id": one.id,
            "state": one.state.value,
            "rep": one.rep,
            "to": one.address,
            "message_id": one.message_id,
            "begun_at": one.created_at,
            "sent_at": one.sent_at,
            "reason": one.reason,
            "text": one.own_text,
        }
        for one in found
    ]


def say_replies(session: Session, answer_id: int) -> None:
    """The same below `inbox show`."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say

    zone = session.config.default_zone
    for one in replies_json(session, answer_id):
        why = f": {one['reason']}" if one["reason"] else ""
        say()
        say(f"answer {one['id']} by {one['rep']}, {shown(one['begun_at'], zone)}, {one['state']}{why}")
        say()
        say(one["text"])
