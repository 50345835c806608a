"""Plain requests to be written to no more, in the sender's own words and many languages."""

import re
from itertools import chain

from sequencer.core.accents import without_accents
from sequencer.core.classify.opt_out_mentions import (
    FOOTER,
    GOODS,
    MENTIONS,
    NOT_YET,
    SELF_AND_LIST,
    UNSUBSCRIBING,
)
from sequencer.core.classify.opt_out_words import JOINED_REQUESTS, REQUESTS, WHOLE_MESSAGES
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind

NAME = "unsubscribe_words"
MAX_OWN = 4_000
MAX_SENTENCE = 300

_CLAUSE_END = re.compile(r"[.!?,;\n\u3002\uff01\uff1f\uff0c\u060c]")
_POLITE = re.compile(
    without_accents(
        r"\b(?:please|pls|plz|hi|hello|dear|sir|madam|thanks?(?: you)?|thx|kindly|me|us|bitte|danke|merci|"
        r"s'il vous pla[iî]t|svp|por favor|gracias|grazie|per favore|obrigad[oa]|alsjeblieft|aub|graag|"
        r"tack|vänligen|tak|takk|venligst|vennligst|proszę|dziękuję|prosím|děkuji|пожалуйста|спасибо|"
        r"lütfen|teşekkürler|"
        r"regards|best|mvg|mfg|cordialement|saludos)\b|请|請|谢谢|謝謝|您好|你好|お願いします|ください|"
        r"감사합니다|[\s.,!;:\-–—'\"\u3002\uff01\uff0c*_]"
    ),
    re.IGNORECASE,
)


def check(reading: Reading) -> Verdict | None:
    """The whole message is the word, or a sentence is a request; a question or a mention is neither."""
    written = reading.own[:MAX_OWN]
    own = without_accents(written)
    if not own and _is_only_the_word(reading.mail.subject):
        return _verdict("subject", reading.mail.subject)
    if own and len(own) < MAX_SENTENCE and _is_only_the_word(own.split("\n\n")[0]):
        return _verdict("text", written)
    joined = () if own.isascii() else JOINED_REQUESTS.finditer(own)
    for match in chain(REQUESTS.finditer(own), joined):
        sentence = _around(own, match)
        is_mention = MENTIONS.search(sentence) or FOOTER.search(sentence)
        if not is_mention and not _is_about_goods(own, match):
            return _verdict("text", _around(written, match) if len(written) == len(own) else sentence)
    return None


def _is_only_the_word(text: str) -> bool:
    return bool(WHOLE_MESSAGES.fullmatch(_POLITE.sub("", without_accents(text))))


def _is_about_goods(own: str, match: re.Match[str]) -> bool:
    """Goods stand within a few words of the request, in its own clause."""
    if SELF_AND_LIST.search(match[0]) or UNSUBSCRIBING.search(match[0]):
        return False
    before = _CLAUSE_END.split(own[max(match.start() - 24, 0) : match.start()])[-1]
    after = _CLAUSE_END.split(own[match.end() : match.end() + 24])[0]
    near = f"{before}{match[0]}{after}"
    return bool(GOODS.search(near) or NOT_YET.search(near))


def _around(own: str, match: re.Match[str]) -> str:
    """The sentence the request stands in."""
    start = max((own.rfind(stop, 0, match.start()) for stop in ".!?\n。！？"), default=-1) + 1
    ends = [end for stop in ".!?\n。！？" if (end := own.find(stop, match.end())) >= 0]
    return own[
        max(start, match.start() - MAX_SENTENCE) : min([*ends, match.end() + MAX_SENTENCE]) + 1
    ].strip()


def _verdict(where: str, span: str) -> Verdict:
    return Verdict(kind=VerdictKind.UNSUBSCRIBE, evidence=evidence(NAME, where, span))


RULE = Rule(NAME, "The sender asks in plain words not to be written to again.", check)
