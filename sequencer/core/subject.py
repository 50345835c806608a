"""Rules for subjects: a first mail never pretends to be an answer."""

import re

_ANSWER_MARK = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|sv|vs|vb|antw|tr|rv|res|enc|rif|odp|pd|ynt|ilt|回复|回覆|回復|答复|答覆|转发|轉寄|轉發)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)


def answer_mark(subject: str) -> str | None:
    """The `Re:` or `Fwd:` (of any language) that `subject` begins with; None for an honest subject.

    A subject of one's own starts a thread, so such a mark on it claims an exchange that never was. A step
    without a subject goes in the thread and gets a real `Re:`.
    """
    match = _ANSWER_MARK.match(subject)
    return match[0].strip() if match else None
