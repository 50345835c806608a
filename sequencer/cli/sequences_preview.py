"""`sequencer sequences preview`: the mails as a buyer would read them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.complete import sequences
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.contact import Contact
    from sequencer.core.sequence import SequenceVersion
    from sequencer.flows.preview import Preview


@click.command(
    "preview",
    epilog="""NAME is that of a file sequences/NAME.yaml.

\b
Examples:
  sequencer sequences preview mail-group
  sequencer sequences preview mail-group --contact ana@luso-jardim.example --step quote
  sequencer sequences preview bd --step offer --html offer.html""",
)
@click.argument("name", shell_complete=sequences)
@click.option("--contact", metavar="CONTACT", help="One of your contacts (default: an invented buyer).")
@click.option("--step", metavar="ID", help="Only this step.")
@click.option(
    "--html", "html_path", type=click.Path(path_type=Path), metavar="FILE", help="Write the HTML part."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def preview_command(
    session: Session, name: str, contact: str | None, step: str | None, html_path: Path | None, as_json: bool
) -> None:
    """Show what a sequence says, rendered as it would be sent; nothing is stored."""
    from sequencer.cli.output import say, say_json
    from sequencer.cli.sequence_json import preview_json
    from sequencer.errors import FaultyInput
    from sequencer.files.version import load_version
    from sequencer.flows.preview import Viewer, preview

    version = load_version(session.workspace, name, session.config)
    viewer = Viewer(
        workspace=session.workspace,
        config=session.config,
        contact=_contact(session, version, contact),
        rep=session.rep,
    )
    shown = _only(preview(version, viewer), step)
    if as_json:
        say_json(preview_json(name, viewer.contact, shown, is_invented=contact is None))
    else:
        say(f"To: {viewer.contact.address}" + (" (an invented buyer)" if contact is None else ""))
        for one in shown:
            _say_step(one)
    if html_path is not None:
        _write_html(html_path, shown)
    faults = list(dict.fromkeys(fault for one in shown for fault in one.faults))
    if faults:
        raise FaultyInput(faults)


def _contact(session: Session, version: "SequenceVersion", contact: str | None) -> "Contact":
    if contact is None:
        from sequencer.flows.invented_buyer import invented_buyer

        return invented_buyer(version)
    from sequencer.flows.find_contact import the_contact

    with session.store.read() as tx:
        found: Contact = the_contact(tx, contact)
    return found


def _only(shown: "list[Preview]", step: str | None) -> "list[Preview]":
    if step is None:
        return shown
    from sequencer.errors import InputError
    from sequencer.files.fault_list import mend_for_unknown

    found = [one for one in shown if one.step.id == step]
    if not found:
        hint = mend_for_unknown(step, [one.step.id for one in shown])
        raise InputError(f"there is no step {step!r}", hint=hint)
    return found


def _say_step(one: "Preview") -> None:
    from sequencer.cli.output import say
    from sequencer.core.timing import AT_ONCE

    step = one.step
    due = f" · {'after ' if step.wait.amount else ''}{step.timing}" if step.timing != AT_ONCE else ""
    say(f"\n=== {step.id} · {one.threading}{due}")
    if one.task is not None:
        say(f"Task: {one.task}")
    if one.draft is not None:
        say(f"Subject: {one.subject or 'Re: …'}")
        for attachment in one.attachments:
            say(f"Attachment: {attachment.path} ({attachment.size:,} bytes, {attachment.media_type})")
        for name in one.missing:
            say(f"Attachment: {name} is MISSING from assets/: this mail would wait for it")
        say(f"\n{one.draft.text.rstrip()}")


def _write_html(path: Path, shown: "list[Preview]") -> None:
    from sequencer.errors import InputError, SequencerError

    drafts = [one.draft for one in shown if one.draft is not None]
    if len(drafts) != 1:
        raise InputError(f"--html writes one mail, here are {len(drafts)}", hint="choose one with --step ID")
    try:
        path.write_text(drafts[0].html, encoding="utf-8")
    except OSError as error:
        raise SequencerError(f"the HTML cannot be written: {error.strerror}", where=str(path)) from None
