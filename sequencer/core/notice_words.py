"""What a notice says of a reply, of a hold that waits for a person, and of a paused mailbox."""

from dataclasses import dataclass

from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment, HoldReason
from sequencer.core.notices import NoticeKind, Told
from sequencer.core.one_line import one_line

_HOLDS: dict[HoldReason, tuple[str, str]] = {
    HoldReason.SOFT_BOUNCE: ("their mailbox was full or failed twice", "check the address"),
    HoldReason.BOUNCE_REFUSED: ("their server refused our mail (policy or content)", "mend what it names"),
    HoldReason.ADDRESS_CHANGED: ("they have a new address", "edit the contact"),
    HoldReason.CHALLENGE: ("their mail filter asks who we are", "answer its question"),
    HoldReason.AMBIGUOUS: ("a mail of theirs can be read in two ways", "read it"),
    HoldReason.RENDER_FAILED: ("the next mail cannot be made", "mend what is missing"),
    HoldReason.UNSURE: ("a mail may have left or not", "look for it in Sent"),
}
_FROM_THEM = frozenset(
    {HoldReason.ADDRESS_CHANGED, HoldReason.CHALLENGE, HoldReason.AMBIGUOUS, HoldReason.BOUNCE_REFUSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a reply notice is made of."""

    inbox_id: int
    subject: str
    text: str
    intent: str = ""
    place: str = ""
    """`sequence/step` it answers; empty when no message of ours is known."""
    address: str = ""
    """Who wrote; may be somebody else than the contact."""
    is_stranger: bool = False
    """Somebody at the contact's company whom we never wrote to."""


def who(contact: Contact) -> str:
    """`Ana Silva (Luso Tools)`: one line, the address where there is no name."""
    name = one_line(contact.name)[0] or contact.address
    company = one_line(contact.company)[0]
    return f"{name} ({company})" if company else name


def reply_words(contact: Contact, reply: Reply) -> Told:
    """A person at the buyer's wrote."""
    facts = [f"Country: {contact.country}"] if contact.country else []
    facts += [f"Answers: {reply.place}"] if reply.place else []
    facts += [f"It reads like: {reply.intent.replace('_', ' ')}"] if reply.intent else []
    other = reply.address and reply.address.lower() != contact.address.lower()
    headline, so = f"{who(contact)} answered", "the sequence has stopped"
    if reply.is_stranger:
        headline = f"Somebody at {one_line(contact.company)[0] or contact.domain} wrote"
        so = "the company's sequences wait five business days, or have stopped"
    return Told(
        kind=NoticeKind.REPLY,
        headline=headline,
        facts=tuple(facts),
        next_step=f"Answer it from your mail program, or: sequencer inbox reply {reply.inbox_id}; {so}. "
        f"The whole text: sequencer inbox show {reply.inbox_id}",
        subject=one_line(reply.subject)[0],
        private=f"Written by: {reply.address}" if other else "",
        text=reply.text.strip().encode("utf-8", "replace").decode(),
        data={"inbox_id": reply.inbox_id, "contact_id": contact.id, "step": reply.place or None},
    )


def hold_words(
    contact: Contact, enrollment: Enrollment, *, inbox_id: int | None, message_id: int | None
) -> Told:
    """An enrollment goes on only when a person acts. `message_id`: the row whose outcome is unknown."""
    reason = enrollment.hold.reason if enrollment.hold else HoldReason.PAUSED
    why, mend = _HOLDS.get(reason, (reason.value.replace("_", " "), "look at it"))
    if reason is HoldReason.UNSURE and message_id is not None:
        step = f"{mend}, then: sequencer outbox resolve {message_id} --sent | --resend"
    else:
        step = f"{mend}, then: sequencer enrollments resume {enrollment.id} --force {reason.value}"
    place = f"{enrollment.sequence}/{enrollment.step}" if enrollment.step else enrollment.sequence
    facts = [f"Stands at: {place} (enrollment {enrollment.id})"]
    if reason in _FROM_THEM and inbox_id is not None:
        facts.append(f"Their mail: sequencer inbox show {inbox_id}")
    note = enrollment.hold.note if enrollment.hold else ""
    return Told(
        kind=NoticeKind.HOLD,
        headline=f"{who(contact)} waits for you: {why}",
        facts=tuple(facts),
        next_step=step[:1].upper() + step[1:],
        private=f"In detail: {one_line(note)[0]}" if note else "",
        data={"enrollment_id": enrollment.id, "contact_id": contact.id, "reason": reason.value},
    )


def paused_words(mailbox: str, reason: str) -> Told:
    """A mailbox sends nothing more until it is mended."""
    return Told(
        kind=NoticeKind.PAUSED,
        headline=f"Mailbox {mailbox} is paused: nothing leaves it",
        facts=(f"Why: {one_line(reason)[0]}",),
        next_step=f"Mend that, then: sequencer mailboxes resume {mailbox}",
        data={"mailbox": mailbox},
    )


def unread_words(mailbox: str, reason: str) -> Told:
    """An inbox that cannot be read keeps every follow-up back that depends on it."""
    return Told(
        kind=NoticeKind.PAUSED,
        headline=f"Mailbox {mailbox} cannot be read: its follow-ups wait",
        facts=(f"Why: {one_line(reason)[0]}",),
        next_step=f"Mend that; it goes on by itself. To try it: sequencer mailboxes test {mailbox}",
        data={"mailbox": mailbox},
    )


def silent_words(mailbox: str, since: str) -> Told:
    """A mailbox that used to receive is read without trouble, and nothing comes."""
    return Told(
        kind=NoticeKind.PAUSED,
        headline=f"Mailbox {mailbox} has received nothing since {since}",
        facts=("It can be read, but no mail comes any more, from anybody; it used to",),
        next_step="Send it a mail from outside. If that does not come either, look at forwarding rules, "
        f"quota, MX records and the address in webmail. Its folders: sequencer mailboxes test {mailbox}",
        data={"mailbox": mailbox},
    )


def sample_words() -> Told:
    """What `notices test` sends."""
    return Told(
        kind=NoticeKind.REPLY,
        headline="A test: this is where you hear of answers",
        next_step="Nothing to do. It was asked for with: sequencer notices test",
    )
