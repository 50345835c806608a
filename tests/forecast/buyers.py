"""Invented buyers all over the world, the same ones at every run: zones known, guessed and unknown."""

from collections.abc import Sequence

from sequencer.core.contact import Contact
from sequencer.testing import a_contact

_PLACES: Sequence[tuple[str, str, str, str]] = (
    ("DE", "", "Hamburg", ""),
    ("US", "", "", ""),  # guessed from the country
    ("US", "California", "", ""),
    ("US", "NY", "New York", ""),
    ("US", "Arizona", "Phoenix", ""),
    ("AU", "NSW", "Sydney", ""),
    ("AU", "Queensland", "", ""),
    ("AU", "", "", ""),
    ("IN", "Maharashtra", "Mumbai", ""),
    ("IN", "Kerala", "", ""),
    ("NP", "", "Kathmandu", ""),
    ("IR", "", "Tehran", ""),
    ("SA", "", "Riyadh", ""),
    ("AE", "", "Dubai", ""),
    ("IL", "", "", ""),
    ("EG", "", "Cairo", ""),
    ("MA", "", "", ""),
    ("BR", "SP", "", ""),
    ("BR", "", "", ""),
    ("CL", "", "Santiago", ""),
    ("PY", "", "", ""),
    ("NZ", "", "Auckland", ""),
    ("NZ", "", "", "Pacific/Chatham"),
    ("WS", "", "", ""),
    ("RU", "", "Novosibirsk", ""),
    ("CA", "NL", "St. John's", ""),
    ("CA", "", "", ""),
    ("MX", "", "", ""),
    ("JP", "", "Osaka", ""),
    ("KR", "", "", ""),
    ("ID", "Bali", "", ""),
    ("ZA", "", "", ""),
    ("NG", "", "Lagos", ""),
    ("TR", "", "", ""),
    ("GB", "Scotland", "", ""),
    ("PT", "", "Lisboa", ""),
    ("LB", "", "", ""),
    ("", "", "", ""),  # nothing is known: the workspace's own zone
    ("", "", "", "America/Phoenix"),
    ("ES", "Cataluña", "", ""),
    ("FR", "", "", ""),
)
_NAMES = ("Ana", "Bo", "Chidi", "Dara", "Eva", "Farid", "Gita", "Hanna", "Ivo", "Jun", "Kemal")
_EACH_KEY_ACCOUNT = 7


def buyers(count: int) -> list[Contact]:
    """Of firms of their own; every seventh a key account, and every place of the list in turn."""
    return [_buyer(number) for number in range(1, count + 1)]


def _buyer(number: int) -> Contact:
    country, state, city, zone = _PLACES[number % len(_PLACES)]
    first = _NAMES[number % len(_NAMES)]
    return a_contact(
        f"{first.lower()}{number}@garden{number}.example",
        name=f"{first} {number}",
        first_name=first,
        last_name="",
        company=f"Garden {number}",
        country=country,
        state=state,
        city=city,
        zone=zone,
        language="",
        owner=None,
        is_key_account=number % _EACH_KEY_ACCOUNT == 0,
    )
