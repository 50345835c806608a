"""What a person's answer wants, only where the words leave no doubt."""

import re

from sequencer.core.inbound import Intent
from sequencer.core.word_starts import quick

_NOT_INTERESTED = quick(
    r"\b(?:not|n't|no longer) (?:really |currently |be )?interested\b|\bno interest\b|\bno,? thanks?(?: "
    r"you)?\b|\bwe (?:do not|don't) need\b"
    r"|\bkein(?:en)? (?:interesse|bedarf)\b|\bnicht interessiert\b|\bpas int[ée]ress[ée]|\bno (?:nos |me "
    r")?(?:interesa|estamos interesados|estoy interesad[oa])\b"
    r"|\bnon (?:siamo|sono) interessat[io]\b|\bnão (?:temos|tenho) interesse\b|\bgeen (?:interesse|"
    r"belangstelling)\b"
    r"|\bинтересн?о? ?нет\b|\bне интересует\b|\bне интересно\b|\bnie (?:jesteśmy|jestem) zainteresowan|"
    r"\bilgilenmiyoru[mz]\b"
    r"|不需要|没有兴趣|沒有興趣|不感兴趣|暂无需求|必要(?:あり|ござい)ません|필요 ?없습니다|관심 ?없습니다",
)
_REFERRAL = quick(
    r"\b(?:please )?(?:contact|write to|get in touch with|reach out to|speak (?:to|with)|e-?mail) (?:my|"
    r"our|the) (?:colleague|purchas|buyer|manager|team|procurement)"
    r"|\b(?:is|are) (?:responsible|in charge)\b[\s\S]{0,120}@|\bi (?:have|'ve) (?:forwarded|copied|"
    r"cc'?d)\b|\bforwarded (?:your|this) (?:mail|e-?mail|message)? ?to\b"
    r"|\b(?:wenden|richten) sie sich\b[\s\S]{0,20}\ban\b|\bcontacte[rz]? (?:avec )?(?:mon|ma|notre|mi|"
    r"nuestro) |请联系|請聯繫|已转(?:发)?给",
)
_LATER = quick(
    r"\b(?:contact|write|call|ask|try|come back to|get back to|check) (?:me|us|back)?\s?(?:again "
    r")?(?:later|next (?:week|month|year|quarter)|in (?:a few|\d+) (?:weeks|months)|after|in q["
    r"1-4])\b"
    r"|\bnot (?:right )?now\b|\bmaybe (?:later|next)\b|\bmelden sie sich (?:bitte )?(?:im|nächste|später|"
    r"wieder)|\bspäter (?:noch einmal|wieder)\b"
    r"|\brecontacte[rz]|\bmás adelante\b|\bmais tarde\b|\bpiù avanti\b|\bпозже\b|以后再|以後再|明年再|"
    r"下个月再|稍后再",
)
_INTERESTED = quick(
    r"\b(?:we|i) (?:are|am|'re|'m|would be) (?:very |quite )?interested\b|\b(?:send|share|provide|"
    r"quote)\b[^.?!\n]{0,60}\b(?:price|quot|catalog|sample|offer|moq|pi\b)"
    r"|\b(?:d[ií]game|ind[ií]que(?:me|nos)|necesit(?:o|amos))\b[^.\n]{0,40}\b(?:precio|cotizaci)"
    r"|\bplease quote\b|\blet'?s (?:talk|schedule|have a call)\b|\b(?:senden|schicken) sie\b[^.\n]{0,"
    r"60}\b(?:angebot|katalog|preis|muster)"
    r"|\benvoyez[^.\n]{0,60}(?:catalogue|prix|devis|offre|échantillon)|\benv[ií]e(?:n|me|nos)?\b[^.\n]{0,"
    r"60}(?:cat[aá]logo|precio|cotizaci|muestra)"
    r"|\b(?:mandi|invii|inviateci|mandateci)\b[^.\n]{0,60}(?:catalogo|prezz|preventivo|campion)|пришлите["
    r"^.\n]{0,60}(?:прайс|каталог|цен|образ)"
    r"|请(?:发|报|提供|寄)[^。\n]{0,20}(?:报价|价格|目录|样品|价)|請(?:發|報|提供)[^。\n]{0,20}(?:報價|"
    r"價格|目錄|樣品)|報価|見積|견적",
)
_QUESTION = re.compile(r"[?\uff1f؟]\s*(?:$|\n|[A-Z\u4e00-\u9fff])")

_TABLE: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (Intent.NOT_INTERESTED, _NOT_INTERESTED),
    (Intent.REFERRAL, _REFERRAL),
    (Intent.LATER, _LATER),
    (Intent.INTERESTED, _INTERESTED),
    (Intent.QUESTION, _QUESTION),
)


def intent_of(own: str) -> Intent | None:
    """The first intent whose words stand in the sender's own text (4,000 characters), else None."""
    text = own[:4000]
    return next((intent for intent, words in _TABLE if words.search(text)), None)
