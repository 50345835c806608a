"""Countries as users write them: a name in any common language, or a code, to ISO 3166-1 alpha-2."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from sequencer.core.near_words import near_word

LANGUAGES = ("en", "zh", "es", "fr", "de", "pt", "ru", "ar", "ja")
"""Languages in which `country_name` can say a country; others are answered in English."""

_LONG_FORMS = re.compile(
    r"^(?:(?:federal|federative|islamic|arab|socialist|united|co operative|plurinational) )*"
    r"(?:republic|kingdom|state|sultanate|principality|grand duchy|commonwealth|union) of (?:the )?"
)


@dataclass(frozen=True, slots=True)
class _Country:
    code: str
    names: tuple[str, ...]
    spellings: tuple[str, ...]


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a country's name or code, or "" when it is not known.

    Takes alpha-2 and alpha-3 codes, names in the languages of the table and in the country's own, and
    usual short forms (`UAE`, `P.R. China`, `韩国`, `Korea, Republic of`); case, accents, points and
    brackets do not matter. `XK` is Kosovo (a user-assigned code, as in CLDR).
    """
    if text in _alpha2():
        return text
    for reading in _readings(text):
        code = _codes().get(reading)
        if code:
            return code
    return ""


def country_name(code: str, language: str = "en") -> str:
    """The country's name in `language` (a tag such as `pt-BR`), else in English; the code when unknown."""
    country = _table().get(code.upper())
    if country is None:
        return code
    primary = re.split("[-_]", language.lower())[0]
    return country.names[LANGUAGES.index(primary) if primary in LANGUAGES else 0]


@lru_cache(maxsize=1024)
def near_country(text: str) -> str:
    """The country's English name that a mistyped one may mean, or ""."""
    word = folded(text)
    if len(word) < 4:
        return ""
    # Comparing with all 5,000 spellings takes a list of unknown names minutes.
    alike = [
        one
        for one in _codes()
        if abs(len(one) - len(word)) <= 2 and (one[0] == word[0] or one[-3:] == word[-3:])
    ]
    near = near_word(word, alike)
    return country_name(_codes()[near]) if near else ""


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A place's name as it is compared: no case, accents, points, brackets; simplified; `St` is `saint`."""
    text = text.casefold().translate(_PLAIN_LETTERS)
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in letters).split()
    joined = " ".join("saint" if word in ("st", "ste") else word for word in words)
    return joined.removeprefix("the ")


# What places are written with: a simplified character stands below its traditional one.
_TRADITIONAL = (
    "亞羅蘭爾維華紐約達聖賓馬諾內倫鳳鹽烏蘇裡魯勞貝濱溫頓歐黃島廣東門灣臺薩納遼奧縣區邊別國凱費邁傑雲漢寶"
    "畢樂義錫衛麥錄關剛蓋幾賴賽贊閩愛葉韓陽單來盧條時豐濟緬馮裏聯邦領獨烈"
)
_SIMPLIFIED = (
    "亚罗兰尔维华纽约达圣宾马诺内伦凤盐乌苏里鲁劳贝滨温顿欧黄岛广东门湾台萨纳辽奥县区边别国凯费迈杰云汉宝"
    "毕乐义锡卫麦录关刚盖几赖赛赞闽爱叶韩阳单来卢条时丰济缅冯里联邦领独烈"
)
# NFKD leaves these letters whole.
_PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ø": "o", "&": " and "} | dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
)


def _readings(text: str) -> Iterator[str]:
    """The ways `text` may be meant, the literal one first."""
    # "U.S.A." is one word; the points of "St. Lucia" only part words.
    joined = re.sub(r"(?<=\b\w)\.(?=\w\b|$|\s|[),])", "", text)
    for reading in (joined, text):
        yield folded(reading)
    without = re.sub(r"[(\[（【][^)\]）】]*[)\]）】]", " ", joined)
    yield folded(without)
    head, comma, tail = without.partition(",")
    if comma:
        yield folded(f"{tail} {head}")
    yield _LONG_FORMS.sub("", folded(without))
    if comma:
        yield _LONG_FORMS.sub("", folded(f"{tail} {head}"))


def _lines() -> Iterator[str]:
    data = resources.files("sequencer.core").joinpath("data/countries.tsv").read_text("utf-8")
    return (line for line in data.splitlines() if not line.startswith("#"))


@lru_cache(maxsize=1)
def _alpha2() -> frozenset[str]:
    """What is stored of a contact is a code already: folding every spelling takes 3 MB and 40 ms."""
    return frozenset(line.partition("\t")[0] for line in _lines())


@lru_cache(maxsize=1)
def _table() -> dict[str, _Country]:
    countries = {}
    for line in _lines():
        code, iso3, *names, others = line.split("\t")
        spellings = (code, iso3, *names, *others.split("|"))
        countries[code] = _Country(code, tuple(names), spellings)
    return countries


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Folded spelling → code. A test holds that no spelling means two countries."""
    return {
        folded(spelling): country.code
        for country in _table().values()
        for spelling in country.spellings
        if spelling
    }
