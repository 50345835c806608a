"""Plain requests to be written to no more, in the sender's own words and many languages."""

import re

from sequencer.core.classify.opt_out_words import MENTIONS, REQUESTS, WHOLE_MESSAGES
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind

NAME = "unsubscribe_words"
MAX_OWN = 4_000
MAX_SENTENCE = 300

_SENTENCE = re.compile(
    r"[^.!?\n\u3002\uff01\uff1f\uff0c,;]{1,400}(?:[.!?\u3002\uff01\uff1f]|\n|$|[\uff0c,;])"
)
_POLITE = re.compile(
    r"\b(?:please|pls|plz|hi|hello|dear|sir|madam|thanks?(?: you)?|thx|kindly|me|us|bitte|danke|merci|"
    r"s'il vous pla[iî]t|svp|por favor|gracias|grazie|per favore|obrigad[oa]|alsjeblieft|aub|graag|"
    r"tack|vänligen|tak|takk|venligst|vennligst|proszę|dziękuję|prosím|děkuji|пожалуйста|спасибо|"
    r"lütfen|teşekkürler|"
    r"regards|best|mvg|mfg|cordialement|saludos)\b|请|請|谢谢|謝謝|您好|你好|お願いします|ください|"
    r"감사합니다|[\s.,!;:\-–—'\"\u3002\uff01\uff0c*_]",
    re.IGNORECASE,
)


def check(reading: Reading) -> Verdict | None:
    """The whole message is the word, or a sentence is a request; a question or a mention is neither."""
    own = reading.own[:MAX_OWN]
    if not own and WHOLE_MESSAGES.fullmatch(_POLITE.sub("", reading.mail.subject)):
        return _verdict("subject", reading.mail.subject)
    if own and len(own) < MAX_SENTENCE and WHOLE_MESSAGES.fullmatch(_POLITE.sub("", own.split("\n\n")[0])):
        return _verdict("text", own)
    for match in REQUESTS.finditer(own):
        sentence = _around(own, match)
        if not MENTIONS.search(sentence):
            return _verdict("text", sentence)
    return None


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
