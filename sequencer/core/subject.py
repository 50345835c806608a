"""Rules for subjects: a first mail never pretends to be an answer."""

import re
import unicodedata

_MARKS = (
    "re|fwd?|aw|wg|sv|vs|vb|vl|vá|antw|doorst|tr|rv|res|enc|rif|odp|pd|ynt|ilt|i̇lt|bls|trs|απ|πρθ|отв|ответ|"
    "回复|回覆|回復|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|رد|إعادة توجيه|השב|הועבר"
)
_ANSWER_MARK = re.compile(rf"^\s*(?:{_MARKS})\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))


def answer_mark(subject: str) -> str | None:
    """The `Re:` or `Fwd:` (of any language) that `subject` begins with; None for an honest subject.

    A subject of one's own starts a thread, so such a mark on it claims an exchange that never was. A step
    without a subject goes in the thread and gets a real `Re:`.
    """
    disguised = unicodedata.normalize("NFKC", subject.translate(_INVISIBLE))  # full-width Ｒｅ： reads as Re:
    match = _ANSWER_MARK.match(subject) or _ANSWER_MARK.match(disguised)
    return match[0].strip() if match else None
