"""What a cell of the country's column says: the country, a state named with it, and what was guessed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sequencer.core.countries import country_name, folded, near_country
from sequencer.core.place_table import places_of
from sequencer.core.place_words import parts
from sequencer.core.zones import is_state

_SCRIPTS_MEET = re.compile(r"(?<=[\u3400-\u9fff])\s*(?=[A-Za-z])|(?<=[A-Za-z.])\s*(?=[\u3400-\u9fff])")
_HAVE_STATES = ("US", "CA", "AU", "BR", "MX", "RU", "ID")
"""Whose states people put into the country's column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCell:
    """A country as a list gives it."""

    code: str
    """ISO 3166-1 alpha-2; empty when unknown."""
    state: str = ""
    """A state that the cell names as well."""
    note: str = ""
    """What people should check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Namesake:
    """One of several places that a country's name may mean."""

    code: str
    said: str
    write: str
    """What names it without doubt."""
    cities: str
    dial: str
    """Digits after the + of its telephone numbers."""
    state: str = ""


_GEORGIA = (
    _Namesake(
        code="GE",
        said="the country",
        write="GE",
        cities="Tbilisi|Batumi|Kutaisi|Rustavi|Poti|Тбилиси|თბილისი|第比利斯",
        dial="995",
    ),
    _Namesake(
        code="US", said="the state of the US", write="'Georgia, USA'", cities="", dial="1", state="Georgia"
    ),
)
_CONGO = (
    _Namesake(
        code="CG",
        said="the Republic of the Congo",
        write="CG",
        cities="Brazzaville|Pointe-Noire|布拉柴维尔|黑角",
        dial="242",
    ),
    _Namesake(code="CD", said="the DR Congo", write="'DR Congo'", cities="", dial="243"),
)
_VIRGIN_ISLANDS = (
    _Namesake(
        code="VI",
        said="the US Virgin Islands",
        write="VI",
        cities="St. Thomas|Charlotte Amalie|St. Croix|Christiansted|Saint John",
        dial="1340",
    ),
    _Namesake(
        code="VG",
        said="the British Virgin Islands",
        write="VG",
        cities="Tortola|Road Town|Virgin Gorda",
        dial="1284",
    ),
)
_SAINT_MARTIN = (
    _Namesake(code="MF", said="the French part", write="MF", cities="Marigot", dial="590"),
    _Namesake(code="SX", said="the Dutch part", write="SX", cities="Philipsburg|Simpson Bay", dial="1721"),
)
_SAME_NAMED = {
    folded(name): namesakes
    for names, namesakes in (
        ("Georgia|Géorgie", _GEORGIA),
        ("Congo|Kongo|刚果|Конго", _CONGO),
        ("Virgin Islands|Islas Vírgenes|维尔京群岛", _VIRGIN_ISLANDS),
        ("Saint Martin|St. Martin|圣马丁", _SAINT_MARTIN),
    )
    for name in names.split("|")
}


def read_country(
    text: str, country_code: Callable[[str], str], *, state: str = "", city: str = "", phone: str = ""
) -> CountryCell:
    """The country that `text` means, given what else the row says of the place.

    `Texas, USA` and `德国 Germany` are understood; of two places of one name (`Georgia`, `Congo`) the
    city, state or telephone number decides, else the likelier one is taken and `note` says so.
    """
    namesakes = _SAME_NAMED.get(folded(text))
    if namesakes:
        return _chosen(text, namesakes, state, city, phone)
    code = country_code(text)
    if code:
        pieces = _pieces(text) if parts(text) else ()
        return CountryCell(code=code, state=next((one for one in pieces if is_state(code, one)), ""))
    return _from_parts(text, country_code) or _from_state(text) or _unknown(text)


def _chosen(text: str, namesakes: tuple[_Namesake, ...], state: str, city: str, phone: str) -> CountryCell:
    fitting = [one for one in namesakes if _fits(one, state, city, phone)]
    one = fitting[0] if len(fitting) == 1 else namesakes[0]
    note = ""
    if len(fitting) != 1:
        other = next(each for each in namesakes if each is not one)
        note = f"country {text!r} is taken for {one.said} ({one.code}); {other.said} is written {other.write}"
    elif one is not namesakes[0]:
        note = f"country {text!r} is taken for {one.said} ({one.code})"
    return CountryCell(code=one.code, state=one.state, note=note)


def _fits(one: _Namesake, state: str, city: str, phone: str) -> bool:
    names = {folded(name) for name in (state, city) if name}
    if names & {folded(name) for name in one.cities.split("|")}:
        return True
    places = places_of(one.code)
    if places is not None and one.state:
        home = places.states[folded(one.state)]
        if any(places.states.get(name) == home or (home.code, name) in places.within for name in names):
            return True
    elif places is not None and names & (places.states.keys() | places.cities.keys()):
        return True
    digits = re.sub(r"^\s*00|[^\d+]", "", phone)
    return phone.strip().startswith(("+", "00")) and digits.lstrip("+").startswith(one.dial)


def _from_parts(text: str, country_code: Callable[[str], str]) -> CountryCell | None:
    """`Georgia, USA`, `德国Germany`: one country, and what else is named is a place in it."""
    pieces = list(_pieces(text))
    known = [(piece, code) for piece in reversed(pieces) if (code := country_code(piece))]
    for _, code in known:
        others = [piece for piece in pieces if country_code(piece) != code]
        states = [piece for piece in others if is_state(code, piece)]
        if len({one for _, one in known}) == 1 or len(states) == len(others):
            return CountryCell(code=code, state=states[0] if states else "")
    return None


def _pieces(text: str) -> Iterator[str]:
    for piece in parts(text) or [text]:
        yield from (half for half in _SCRIPTS_MEET.split(piece) if half.strip())


def _from_state(text: str) -> CountryCell | None:
    if len(text.strip()) < 4 and text.isascii():
        return None
    found = [code for code in _HAVE_STATES if is_state(code, text)]
    if len(found) != 1:
        return None
    note = f"country {text!r} is taken for a state: the country is {country_name(found[0])} ({found[0]})"
    return CountryCell(code=found[0], state=text.strip(), note=note)


def _unknown(text: str) -> CountryCell:
    near = near_country(text)
    meant = f"; did you mean {near}?" if near else ""
    return CountryCell(code="", note=f"country {text!r} is not known; kept as extra.country{meant}")
