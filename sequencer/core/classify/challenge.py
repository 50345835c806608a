"""Challenges: a filter asks the sender to prove they are a person before the mail goes through."""

import re

from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind

NAME = "challenge"

_WORDS = re.compile(
    r"(?:to (?:be|get) (?:delivered|released|read)|before (?:your|this) (?:message|e-?mail|mail) (?:can|"
    r"will|is)|"
    r"your (?:message|e-?mail|mail) (?:is being held|has been (?:held|quarantined)|is (?:waiting|on hold|"
    r"held|pending)|"
    r"will (?:not )?be (?:delivered|released)))[\s\S]{0,400}"
    r"(?:confirm|verify|click|reply to this|respond to this|follow (?:this|the) link|prove|authori[sz]e "
    r"yourself|approve)"
    r"|(?:please |you must )?(?:confirm|verify) that you are (?:a|an actual|the) (?:real )?(?:live "
    r")?(?:human|real person|person|sender)"
    r"|(?:one[- ]time|sender) (?:verification|confirmation|authentication)[\s\S]{0,200}(?:click|reply|"
    r"link|request)"
    r"|(?:simply |just |please )?(?:reply|respond|click|hit reply)[\s\S]{0,120}(?:your (?:original "
    r")?(?:message|e-?mail|mail) will (?:then )?be delivered|"
    r"release (?:your|the) (?:message|mail|e-?mail)|(?:be )?added to (?:my|the|our|his|her) (?:white|"
    r"safe|approved|allow))"
    r"|bestätigen sie[\s\S]{0,80}(?:absender|mensch|zustell)|anti-?spam[\s\S]{0,120}(?:подтверд|confirm|"
    r"bestätig|确认)"
    r"|(?:为确保|请点击)[\s\S]{0,60}(?:验证|确认)[\s\S]{0,40}(?:发件人|投递|送达)"
    r"|подтвердите,? что вы (?:не робот|человек)|confirme(?:z)? que vous (?:êtes|n'êtes pas)[\s\S]{0,"
    r"40}(?:robot|humain|expéditeur)"
    r"|confirme que (?:usted )?(?:no es un robot|es una persona)"
    r"|protecting myself from (?:receiving )?junk|so (?:that )?(?:i|we) can receive your (?:e-?mail|mail|"
    r"message)s?"
    r"|to my guest ?list|was waitlisted|(?:nachricht|mail) wurde zurückgehalten|damit (?:sie|ihre "
    r"(?:nachricht|"
    r"e-?mail)) zugestellt wird|merci de vous authentifier|votre (?:message|mail) est en attente"
    r"|para que (?:ela|ele|sua mensagem|a mensagem|su mensaje|el mensaje|sea) (?:seja )?entregue?"
    r"|precisa de confirma|邮件已被暂(?:时拦截|存)|确认您是真实|確認您是"
    r"|(?:письмо|сообщение) (?:задержано|ожидает)[\s\S]{0,120}подтвер",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:please confirm (?:your|the) (?:message|e-?mail|mail)|sender (?:address )?verification|action "
    r"required to deliver"
    r"|verify your (?:message|e-?mail) to|confirmation (?:required|needed) (?:for|to deliver)|your "
    r"(?:message|e-?mail|mail) .{0,60}"
    r"(?:requires|awaits|needs) (?:verification|confirmation)|challenge[- ]response)",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"boxbe|mail ?in ?black|antispam ?uol|spamarrest|spam ?arrest|tmda|qurb|mailblocks|sanebox|cleanmail|"
    r"bluebottle|0spam",
    re.IGNORECASE,
)


def check(reading: Reading) -> Verdict | None:
    """The filter's own headers or sender, or its wording in a mail that bears a machine's mark."""
    mail = reading.mail
    text = reading.own[:6000]
    for name in (
        "x-tmda-confirm",
        "x-boxtrapper",
        "x-boxbe-challenge",
        "x-challenge",
        "x-spamarrest",
        "x-asrg-cri",
        "x-boxbe",
        "x-mailinblack",
    ):
        if name in mail.headers:
            return _verdict(f"header:{name}", mail.header(name))
    words = _WORDS.search(text)
    subject = _SUBJECT.search(mail.subject)
    machine = _MACHINE.search(f"{mail.from_address} {mail.from_name} {mail.header('x-mailer')}")
    is_automatic = bool(reading.auto_submitted) or mail.header("return-path").strip() == "<>"
    if words and (machine or subject or is_automatic):
        return _verdict("text", words[0])
    if subject and (machine or is_automatic):
        return _verdict("subject", subject[0])
    return None


def _verdict(where: str, span: str) -> Verdict:
    return Verdict(kind=VerdictKind.CHALLENGE, evidence=evidence(NAME, where, span))


RULE = Rule(NAME, "A filter asks for a confirmation before it delivers.", check)
