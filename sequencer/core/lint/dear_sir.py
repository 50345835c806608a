"""A greeting to nobody, although the name is known."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Buyer, Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import shortened

_TO_NOBODY = re.compile(
    r"(?:(?:hello|hi|good (?:day|morning|afternoon))?\W*)?(?:"
    r"(?:my )?dears?(?: all)?(?: (?:sirs?|madams?|mesdames|messrs|ladies|gentlemen)"
    r"(?:\s*(?:/|or|and|&|,)\s*(?:sirs?|madams?|gentlemen))*)"
    r"|(?:my )?dear (?:valued |esteemed |potential |new )?"
    r"(?:friends?|customers?|clients?|partners?|buyers?|purchasers?|importers?|business partners?)"
    r"|ladies and gentlemen|to whom (?:it|this) may concern|sirs?(?: ?(?:or|/) ?madams?)?"
    r"|estimad[oa]s?(?:\(as?\)|/as?)? (?:señor(?:es|as?)?(?:\s*(?:/|o|y|,)?\s*(?:as?|señoras?))?|"
    r"clientes?|amig[oa]s?|compradores?)"
    r"|muy señores? (?:míos?|nuestros?)|a quien (?:pueda )?correspond[ae]|a quien (?:le )?interese"
    r"|sehr geehrte (?:damen und )?herren|(?:liebe|sehr geehrte)r? (?:kunden?|geschäftspartner)"
    r"|mesdames\s*,?\s*(?:et )?messieurs|messieurs|madame\s*(?:,|/|ou|et)?\s*monsieur|"
    r"chers? (?:clients?|amis?|partenaires?)|à qui de droit"
    r"|(?:egregi|gentili|spettabili) (?:signori|clienti)|gentile cliente|a chi di competenza|"
    r"spett(?:abi)?le\.? (?:ditta|azienda|società)"
    r"|(?:prezad|car|estimad)[oa]s?(?:\(as?\))? (?:senhor(?:es|as?)?(?:\(as?\))?(?: e senhoras)?|clientes?|"
    r"amig[oa]s?|parceir[oa]s?)|exmos?\.? senhores|a quem (?:possa )?interess(?:ar|e)"
    r"|geachte (?:heer\s*(?:/|of|,)?\s*mevrouw|dames en heren|heren|klant|relatie)"
    r"|уважаемые (?:господа|дамы и господа|коллеги|партнёры|партнеры|клиенты)|szanowni państwo"
    r"|sayın (?:yetkili|ilgili|müşterimiz)|ilgili makama|αξιότιμοι κύριοι"
    r"|(?:尊敬|敬爱|敬愛|亲爱|親愛)的?(?:客户|客戶|顾客|顧客|先生(?:[/、或和]?女士)?|女士(?:[/、或和]?先生)?|"
    r"朋友们?|采购经理|买家|买手|合作伙伴)(?:们|們)?|敬启者|敬啟者|致(?:相关|有关)(?:负责人|人员|人士)|関係者各位|お客様各位"
    r"|السادة(?: الكرام| المحترم(?:ين|ون))?|إلى من يهمه الأمر|عزيزي العميل"
    r")",
    re.IGNORECASE,
)
_END = " \t,.:;!،，。：！、-–—"


def check(mail: Mail) -> Iterator[Finding]:
    """Even a buyer whose name is known is greeted as anybody."""
    if mail.buyer is Buyer.FULL and _TO_NOBODY.fullmatch(mail.greeting.strip(_END)):
        what = f"“{shortened(mail.greeting.strip(_END))}” greets nobody, although the name is known"
        yield Finding(mail.at(mail.greeting), what, "greet by name: Hi {{ contact.first_name or 'there' }},")


RULE = Rule(
    "dear-sir",
    "“Dear Sir or Madam” and its like in any language, for a buyer whose name is known",
    "A mail to anybody is read by nobody, and filters know these greetings from mass mail.",
    check,
)
