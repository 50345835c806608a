"""A mail without a way to stop them: most laws ask for one, and the spam button is the only other way."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sequencer.core.accents import without_accents
from sequencer.core.classify.opt_out_words import REQUESTS, WHOLE_MESSAGES
from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

_QUOTED = re.compile(
    r"[\"'“”„‘’‚«»‹›「『《]\s?([^\"'“”„‘’‚«»‹›「」『』《》\n]{1,40}?)\s?[\"'“”„‘’‚«»‹›」』》]"
)
_OFFERS = re.compile(
    r"\b(?:unsubscrib|opt(?:ing)?[- ]out|abmeld|abbestell|austrag|désabonn|désinscri|darse de baja|"
    r"dar(?:me|se|te|le)? de baja|cancelar (?:la|su) (?:suscripci|inscri)|disiscri|cancellarsi|descadastr|"
    r"uitschrij|afmeld|avregistrer|avprenumer|avmeld|wypis(?:ać|z)|rezygn|odhlás|leiratkoz|dezabon|"
    r"отпис|отказаться от|відпис|отпиш|abonelik|listeden çık|berhenti berlangganan|hủy đăng ký|διαγραφ)"
    r"|\b(?:(?:won't|will not|shall not|never|not) (?:hear from|write to|mail|e-?mail|contact|bother) "
    r"|(?:no|not any|without) (?:more|further) (?:e-?mails?|mails?|messages)|"
    r"(?:rather|prefer|wish|want) (?:not|that i (?:do not|don't|stop)|me (?:not )?to (?:stop|not))|"
    r"stop (?:writing|these (?:e-?mails?|mails?|messages)|my mails?)|"
    r"keine (?:weiteren )?(?:e-?mails?|mails?|nachrichten|post)|nicht (?:mehr|weiter) "
    r"(?:an)?(?:schreib|kontaktier|erhalten)|schreibe (?:ich )?ihnen nicht (?:mehr|wieder)|"
    r"ne (?:plus|pas) (?:recevoir|être contact)|n[e'’] ?(?:vous )?(?:écrirai|recevrez|enverrai) plus|"
    r"no (?:recibir|volver|volveré|le escribir|quiere|desea|escribirle)|no le (?:vuelva|escriba|escribo)|"
    r"non (?:ricever|scriver|riceverà|le scriver)|não (?:receber|voltar|volto|quer|deseja|escrev)|"
    r"geen (?:e-?mails?|mails?|berichten)|niet meer (?:mailen|schrijven|ontvangen)|"
    r"nie (?:chc|będ|otrzym|pisać)|не (?:получать|писать|буду писать|хотите получать)|"
    r"almak istemi|yazmam|göndermeyin)"
    r"|退订|退訂|取消订阅|取消訂閱|(?:不|别|別|勿)(?:想|愿|要|再|会|會|希望)[^。\n]{0,10}(?:收到|接收|打扰|打擾|"
    r"来信|发|發|写|寫|联系|聯繫|邮件|郵件)|配信(?:停止|不要)|登録解除|(?:ご)?不要(?:な|の)(?:場合|方)|"
    r"수신 ?거부|구독 ?(?:취소|해지)|إلغاء الاشتراك|(?:عدم|وقف) (?:تلقي|استلام|مراسلت|الرسائل)|"
    r"لن (?:أراسل|أكتب|تصلك)|להסיר|הסר|ยกเลิก|لغو اشتراک|सदस्यता",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)  # arms, languages and invented buyers share most lines
def offers_opt_out(text: str) -> bool:
    """Whether `text` says how to hear no more: a word to answer with, or that such an answer is heeded."""
    words = ("".join(without_accents(word).split()) for word in _QUOTED.findall(text))
    if any(WHOLE_MESSAGES.fullmatch(word) for word in words):
        return True
    return bool(_OFFERS.search(text) or REQUESTS.search(without_accents(text)))


def check(mail: Mail) -> Iterator[Finding]:
    """No sentence of the mail offers to stop."""
    if not offers_opt_out(mail.text):
        hint = 'add to its footer: If this is nothing for you, answer "unsubscribe"'
        yield Finding(mail.at(""), "the mail does not say how to stop hearing from you", hint)


RULE = Rule(
    "no-opt-out",
    "a mail that does not say how to stop them",
    "Most anti-spam laws ask for it, and a buyer who finds no way out presses the spam button.",
    check,
)
