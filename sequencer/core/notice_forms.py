"""Notices as a mail, a chat message or a document: several things that are told at once are one."""

from collections.abc import Sequence
from typing import Any

from sequencer.config import Webhook
from sequencer.core.clipped import clipped
from sequencer.core.notices import NoticeKind, Told

MAIL_TEXT = 2000
CHAT_TEXT = 500
"""Characters of the buyer's own words."""
SHOWN = 20
"""Things told in full; of further ones only the number."""
_WECOM_BYTES = 2048
"""Of one text message (WeCom group robot manual)."""
_CHAT_CHARACTERS = 4000
_PLURALS = {
    NoticeKind.REPLY: ("reply", "replies"),
    NoticeKind.HOLD: ("contact waits for you", "contacts wait for you"),
    NoticeKind.PAUSED: ("mailbox paused", "mailboxes paused"),
    NoticeKind.DIGEST: ("digest", "digests"),
}


def mail_form(told: Sequence[Told], *, is_own_mailbox: bool) -> tuple[str, str]:
    """Subject and text. Through somebody else's mailbox nothing the buyer wrote goes along."""
    subject = told[0].headline if len(told) == 1 else summary(told)
    if len(told) == 1 and told[0].subject and is_own_mailbox:
        subject = f"{subject}: {told[0].subject}"
    parts = [_part(one, MAIL_TEXT if is_own_mailbox else 0, is_mail=is_own_mailbox) for one in told[:SHOWN]]
    return clipped(subject, 200), "\n\n---\n\n".join([*parts, *_rest(told)]) + "\n"


def chat_form(told: Sequence[Told], hook: Webhook) -> str:
    """The text of a chat message, at most as long as the room takes."""
    size = CHAT_TEXT if hook.with_text else 0
    parts = [_part(one, size, is_mail=False) for one in told[:SHOWN]]
    if len(told) > 1:
        parts.insert(0, summary(told))
    text = _harmless("\n\n".join([*parts, *_rest(told)]), hook.kind)
    if hook.kind == "wecom":
        return _clipped_bytes(text, _WECOM_BYTES)
    return clipped(text, _CHAT_CHARACTERS)


def document_form(told: Sequence[Told], hook: Webhook, delivery_id: str, sent_at: str) -> dict[str, Any]:
    """What a `json` webhook gets; keys are only ever added."""
    size = CHAT_TEXT if hook.with_text else 0
    return {
        "id": delivery_id,
        "sent_at": sent_at,
        "notices": [
            {
                "kind": one.kind.value,
                "headline": one.headline,
                "facts": list(one.facts),
                "next_step": one.next_step,
                "text": clipped(one.text, size) if size else None,
                **one.data,
            }
            for one in told
        ],
    }


def summary(told: Sequence[Told]) -> str:
    """`3 notices: 2 replies, 1 contact waits for you`."""
    counts = {kind: sum(one.kind is kind for one in told) for kind in NoticeKind}
    words = [f"{count} {_PLURALS[kind][count > 1]}" for kind, count in counts.items() if count]
    return f"{len(told)} notices: {', '.join(words)}"


def _part(one: Told, text_size: int, *, is_mail: bool) -> str:
    lines = [one.headline, *one.facts]
    if is_mail and one.private:
        lines.append(one.private)
    if text_size and one.text:
        lines += ["", *(f"| {line}" for line in clipped(one.text, text_size).splitlines())]
    if one.next_step:
        lines += ["", one.next_step] if is_mail else [one.next_step]
    return "\n".join(lines)


def _rest(told: Sequence[Told]) -> list[str]:
    more = len(told) - SHOWN
    return [f"… and {more} more: `sequencer status` shows what waits"] if more > 0 else []


def _harmless(text: str, kind: str) -> str:
    """A buyer's words must not call a whole room: markup for mentions becomes plain characters."""
    if kind == "slack":
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("<", "‹").replace(">", "›").replace("@all", "@ all")


def _clipped_bytes(text: str, size: int) -> str:
    raw = text.encode()
    if len(raw) <= size:
        return text
    return raw[: size - len("…".encode())].decode("utf-8", "ignore").rstrip() + "…"
