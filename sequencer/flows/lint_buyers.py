"""Invented buyers of whom little is known, and what keeps a mail to them from being made."""

import re
from dataclasses import dataclass, replace

from sequencer.config import Rep, Sender
from sequencer.core.condition import parse_condition
from sequencer.core.contact import Contact
from sequencer.core.lint.mail import Buyer, Missing
from sequencer.core.render import Draft, render_step
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import SequenceVersion, Step

_EMPTY = re.compile(r"(contact\.(?:extra\.)?(.+?)) is empty for ")
_MOST_FIELDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What mails are rendered from, and by whom they are written."""

    version: SequenceVersion
    rep: Rep
    sender: Sender

    def draft(self, step: Step, arm: str, contact: Contact) -> Draft:
        """One mail for one contact; RenderFault when it cannot be made."""
        return render_step(self.version, step, contact, self.rep, self.sender, arm=arm)


def fewer_known(full: Contact, step: Step) -> dict[Buyer, Contact]:
    """Those buyers of whom less is known that `step` is written to, by its condition."""
    no_person = replace(full, name="", first_name="", last_name="", title="", phone="")
    firm = replace(no_person, is_role=True, is_key_account=True)
    no_firm = replace(no_person, external_id=None, company="", website="", state="", city="", zone="")
    bare = replace(no_firm, source="", note="", tags=(), extra={})
    when = parse_condition(step.when) if step.when else None
    known = {Buyer.BARE: bare, Buyer.FIRM: firm}
    return {kind: one for kind, one in known.items() if when is None or when.holds(one)}


def render_bare(
    rendering: Rendering, step: Step, arm: str, bare: Contact, full: Contact
) -> tuple[Contact | None, tuple[Missing, ...]]:
    """`bare` with every field that the mail cannot do without, and what was missing.

    None when even the fields do not help.
    """
    missing: list[Missing] = []
    contact = bare
    for _ in range(_MOST_FIELDS):
        try:
            rendering.draft(step, arm, contact)
        except RenderFault as fault:
            empty = _EMPTY.match(fault.message)
            if empty is None:
                message = fault.message.removesuffix(f" (for {contact.address})")
                return None, (*missing, Missing(fault.where or "", message))
            missing.append(Missing(fault.where or "", "", empty[1]))
            contact = _with_field(contact, empty[1], full)
        else:
            return contact, tuple(missing)
    return None, tuple(missing)


def _with_field(contact: Contact, field: str, full: Contact) -> Contact:
    name = field.removeprefix("contact.")
    if name.startswith("extra."):
        column = name.removeprefix("extra.")
        return replace(contact, extra={**contact.extra, column: full.extra.get(column, f"[{column}]")})
    changes: dict[str, object] = {name: getattr(full, name)}
    return replace(contact, **changes)  # type: ignore[arg-type]
