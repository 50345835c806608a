"""Time zones as users write them: IANA names, Windows names and the usual abbreviations."""

import re
from functools import lru_cache
from importlib import resources

from sequencer.core.near_words import near_word

_OFFSET = re.compile(r"^\(?(?:utc|gmt|z|etc/gmt)?\s*[+±−-]\s*\d{1,2}(?:[:.]?\d{2})?(?!\d)")

_SPOKEN = {
    "America/New_York": "eastern time|us eastern|et|est/edt|est5edt|美东时间|美国东部时间|北美东部时间",
    "America/Chicago": "central time|us central|cst/cdt|cst6cdt|美中时间|美国中部时间",
    "America/Denver": "mountain time|us mountain|mst/mdt|mst7mdt|美国山地时间",
    "America/Los_Angeles": "pacific time|us pacific|pt|pst/pdt|pst8pdt|美西时间|美国西部时间|太平洋时间",
    "Asia/Shanghai": "beijing time|china time|peking time|北京时间|北京時間|中国时间",
    "Europe/Moscow": "moscow time|msk|莫斯科时间|московское время|мск",
    "Europe/London": "uk time|london time|gmt/bst|伦敦时间",
    "Europe/Berlin": "central european time|cet/cest|mez|欧洲中部时间",
    "Asia/Tokyo": "japan time|tokyo time|日本时间|东京时间|日本時間",
    "Asia/Seoul": "korea time|韩国时间",
    "Asia/Kolkata": "india time|indian standard time|印度时间",
    "Asia/Singapore": "singapore time|新加坡时间",
    "Asia/Hong_Kong": "hong kong time|香港时间",
    "Asia/Dubai": "dubai time|gulf time|迪拜时间",
    "America/Sao_Paulo": "brasilia time|horário de brasília|巴西利亚时间",
}
"""Names people say that can mean one zone only, summer time and all."""

_LETTERS = {
    "est": "America/New_York",
    "edt": "America/New_York",
    "ct": "America/Chicago",
    "cst": "America/Chicago or Asia/Shanghai",
    "cdt": "America/Chicago",
    "mst": "America/Denver or America/Phoenix",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "hst": "Pacific/Honolulu",
    "ast": "America/Halifax or Asia/Riyadh",
    "bst": "Europe/London or Asia/Dhaka",
    "ist": "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin",
    "cest": "Europe/Berlin",
    "eest": "Europe/Athens",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "gst": "Asia/Dubai",
    "pkt": "Asia/Karachi",
    "wib": "Asia/Jakarta",
    "ict": "Asia/Bangkok",
    "brt": "America/Sao_Paulo",
    "aest": "Australia/Sydney or Australia/Brisbane",
    "aedt": "Australia/Sydney",
    "awst": "Australia/Perth",
    "nzst": "Pacific/Auckland",
}
"""Letters that stand for half a year of a zone, or for several zones."""


class UnknownZone(ValueError):
    """There is no such time zone; `near` is the one that may be meant."""

    def __init__(self, text: str, near: str | None, mend: str = "", what: str = "") -> None:
        meant = mend or (f"did you mean {near}?" if near else "write it like Europe/Berlin")
        super().__init__(f"{what or f'there is no time zone {text!r}'}; {meant}")
        self.near = near


def iana_zone(text: str) -> str:
    """The IANA name of a zone as a user wrote it, its case mended; UnknownZone when there is none such.

    A Windows name (`China Standard Time`, by CLDR's table as tzlocal has it) and names such as `Eastern
    Time` are taken. An offset (`UTC+8`) and letters that hold for half a year (`EST`) are refused: they
    know no summer time.
    """
    plain = " ".join(text.casefold().split())
    if _OFFSET.match(plain):
        what = f"{text!r} is an offset, which knows no summer time"
        raise UnknownZone(text, None, "write a zone, like Asia/Shanghai", what)
    if plain in _LETTERS:
        what = f"{text!r} is no time zone: the letters are ambiguous or know no summer time"
        raise UnknownZone(text, None, f"write {_LETTERS[plain]}", what)
    zone = known_zone(text) or _spoken().get(plain) or _of_windows(plain)
    if zone:
        return zone
    near = near_word(plain.replace(" ", "_"), _places())
    raise UnknownZone(text, _zone_names()[near] if near else None)


def known_zone(text: str) -> str:
    """The IANA name that `text` is in any case, or ""; unlike `iana_zone` it takes all of them."""
    return _zone_names().get(text.strip().replace(" ", "_").casefold(), "")


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Every IANA name by its case-folded form."""
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.casefold(): name for name in names}


@lru_cache(maxsize=1)
def _places() -> list[str]:
    return [name for name in _zone_names() if "/" in name and not name.startswith("etc/")]


@lru_cache(maxsize=1)
def _spoken() -> dict[str, str]:
    return {name: zone for zone, names in _SPOKEN.items() for name in names.split("|")}


def _of_windows(plain: str) -> str:
    return _windows_names().get(plain, "")


@lru_cache(maxsize=1)
def _windows_names() -> dict[str, str]:
    from tzlocal.windows_tz import win_tz

    return {name.casefold(): zone for name, zone in win_tz.items()}
