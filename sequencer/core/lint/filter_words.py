"""Words in subjects that filters know from advertising."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

_WORDS = re.compile(
    r"(?<![\w-])(?:"
    # English; `lead-free` and `free from rust` are properties of goods
    r"(?<!rust )(?<!lead )(?<!duty )(?<!tax )(?<!hands )"
    r"free(?! (?:from|of(?! charge)|on board|trade))(?![\w-])|"
    r"guaranteed?|act now|order now|buy now|click (?:here|now|below)|call now|urgent(?:ly)?|"
    r"(?:best|lowest|cheapest|unbeatable) (?:prices?|offers?|deals?|rates?)|limited[- ](?:time|offer)|"
    r"offer expires|last chance|don't miss|winners?|cash|bonus|cheap(?:est)?|risk[- ]free|no obligation|"
    r"amazing|incredible|once in a lifetime|special promotion|big sale|hot sale|"
    # Deutsch, Nederlands
    r"gratis|kostenlos(?:e[rsn]?)?|garantiert|dringend|bester? preise?|billigst?|nur heute|jetzt kaufen|"
    r"hier klicken|spoed|goedkoopst?e?|beste prijs|"
    # Français, Español, Português, Italiano
    r"gratuit(?:e?s?|ement)|garantis?|satisfaction garantie|"
    r"urgente?|meilleurs? prix|cliquez ici|offre limitée|"
    r"dernière chance|"
    r"garantizad[oa]s?|mejor(?:es)? precios?|haga clic|oferta limitada|última oportunidad|barat[oa]s?|"
    r"grátis|gratuit[oai]|garantid[oa]s?|melhor(?:es)? preços?|clique aqui|imperdível|"
    r"garantit[oai]|miglior[ei]? prezz[oi]|clicca qui|offerta limitata|"
    # Русский, Polski, Türkçe
    r"бесплатн\w*|срочно|гарантированн?\w*|лучш\w+ цен\w+|только сегодня|дёшево|дешево|"
    r"darmow\w+|za darmo|pilne|najlepsza cena|gwarantowan\w+|ücretsiz|bedava|acil|en iyi fiyat|en ucuz"
    r")(?![\w-])"
    r"|100\s?%|\${2,}|€{2,}|\d\s?% (?:off|discount)"
    r"|免费|免費|最低价|最低價|超低价|特价|特價|紧急|緊急|点击|點擊|百分百|限时|限時|抢购|搶購|無料|激安|至急|최저가|무료|긴급"
    r"|مجان[يا]|عاجل|أفضل سعر|חינם",
    re.IGNORECASE,
)


def check(mail: Mail) -> Iterator[Finding]:
    """The first such word of the subject."""
    found = _WORDS.search(mail.subject or "")
    if found is not None:
        hint = "say what it is: the item, the quantity, the date"
        yield Finding(mail.at_subject(), f"“{found[0]}” in a subject is a word of advertising", hint)


RULE = Rule(
    "filter-words",
    "free, guarantee, urgent, best price, act now, 100 % and their like in a subject",
    "Filters weigh the subject most, and buyers delete advertising unread.",
    check,
)
