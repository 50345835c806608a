"""States and cities as lists write them: `State of São Paulo`, `加利福尼亚州`, `Austin TX 78701`, `US-CA`."""

import re
from collections.abc import Iterator

from sequencer.core.countries import folded

_BETWEEN = re.compile(
    r"\s*[,，、;；|/\\()（）\[\]\n]+\s*|\s+[-–—]\s+|(?<=[省州国])(?=[\u4e00-\u9fff]{2})|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
)
_KINDS = (
    "state province region county district department territory municipality prefecture governorate "
    "estado edo cd provincia pcia prov departamento región município municipio província provinsi kabupaten "
    "kota comunidad autónoma commonwealth republic city ciudad cidade ville "
    "greater metro metropolitan area oblast obl krai kray okrug respublika gorod autonomous "
    "область обл край округ автономный автономная республика г гор город муниципальный ао "
    "облысы қаласы аймаг хот"
)
_KIND = frozenset(folded(word) for word in _KINDS.split())
_OF = frozenset("of de del do da dos das la las los el du des d".split())  # noqa: SIM905  (little words)
_HAN_KINDS = re.compile(
    r"(?:首都)?(?:特别行政区|自治区|边疆区|共和国|联邦区|特区|地区|领地|群岛区|省|州|市|县)$"
)
_POSTCODE = re.compile(r"\b[\w-]*\d[\w-]*\b")


def readings(text: str, country: str) -> Iterator[str]:
    """The folded names that `text` may be meant as, the literal one first; `country` is ISO alpha-2."""
    seen: set[str] = set()
    for part in (text, *parts(text)):
        whole = folded(part)
        for name in (whole, whole.removeprefix(f"{country.lower()} "), _bare(whole), _bare_han(whole)):
            if name and name not in seen:
                seen.add(name)
                yield name


def parts(text: str) -> list[str]:
    """`New York, NY` in its parts; nothing when it has one only."""
    found = [part for part in _BETWEEN.split(text) if part.strip()]
    return found if len(found) > 1 else []


def with_state_behind(text: str) -> Iterator[tuple[str, str]]:
    """The ways in which `text` is a city with its state set off behind it: (city, state)."""
    several = parts(text)
    for part in several[1:]:
        yield several[0], _POSTCODE.sub(" ", part).strip() or part


def with_last_words(text: str) -> Iterator[tuple[str, str]]:
    """The ways in which the last words of `text` may be a state: `Austin TX`, but `Port Washington` too."""
    words = _POSTCODE.sub(" ", (parts(text) or [text])[0]).split()
    for count in (1, 2):
        if len(words) > count:
            yield " ".join(words[:-count]), " ".join(words[-count:])


def _bare(name: str) -> str:
    """Without what only says what kind of place it is: `state of sao paulo`, `омская область`."""
    words = name.split()
    while len(words) > 1 and words[-1] in _KIND:
        words.pop()
    start = 0
    while start < len(words) - 1 and words[start] in _KIND:
        start += 1
        while start < len(words) - 1 and words[start] in _OF:
            start += 1
    return " ".join(words[start:])


def _bare_han(name: str) -> str:
    return _HAN_KINDS.sub("", name)
