"""Rules for subjects: a first mail never pretends to be an answer."""

import re
import unicodedata

_REPLIES = (
    "re|aw|sv|vs|vá|antw|rv|res|rif|odp|ynt|bls|απ|отв|ответ|回复|回覆|回復|答复|答覆|返信|답장|회신|رد|השב"
)
_FORWARDS = "fwd?|wg|vb|vl|doorst|tr|enc|pd|ilt|i̇lt|trs|πρθ|转发|轉寄|轉發|転送|전달|إعادة توجيه|הועבר"
_NUMBER = r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"
_ANSWER_MARK = re.compile(rf"^\s*(?:{_REPLIES}|{_FORWARDS}){_NUMBER}", re.IGNORECASE)
_REPLY_MARKS = re.compile(rf"^(?:\s*(?:{_REPLIES}){_NUMBER})+\s*", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))


def answer_mark(subject: str) -> str | None:
    """The `Re:` or `Fwd:` (of any language) that `subject` begins with; None for an honest subject.

    A subject of one's own starts a thread, so such a mark on it claims an exchange that never was. A step
    without a subject goes in the thread and gets a real `Re:`.
    """
    disguised = unicodedata.normalize("NFKC", subject.translate(_INVISIBLE))  # full-width Ｒｅ： reads as Re:
    match = _ANSWER_MARK.match(subject) or _ANSWER_MARK.match(disguised)
    return match[0].strip() if match else None


def without_reply_marks(subject: str) -> str:
    """The subject without every `Re:` (of any language) in front; a `Fwd:` stays, since it says something."""
    return _REPLY_MARKS.sub("", subject).strip()
