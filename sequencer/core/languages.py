"""Language tags of templates and contacts: `es-MX` is served by `es`."""

import re

LANGUAGE_TAG = re.compile(r"(?:[a-z]{2}|fil)(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
"""Two letters (or `fil`), so that `intro.old.md` and `intro.bak.md` are no languages."""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})


def tags_for(language: str) -> tuple[str, ...]:
    """The tags that serve a contact's language, best first: `es_MX` → `es-mx`, `es`; none when empty."""
    parts = language.strip().lower().replace("_", "-").split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1)) if parts[0] else ()


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def split_name(name: str) -> tuple[str, str | None]:
    """A template's name without its language, and the language: `mail-group/intro.es` → intro, es."""
    stem, dot, tag = name.rpartition(".")
    if dot and "/" not in tag and LANGUAGE_TAG.fullmatch(tag):
        return stem, tag.lower()
    return name, None
