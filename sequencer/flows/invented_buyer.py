"""A buyer who does not exist, with every field filled in, for checks and previews."""

import re
from collections.abc import Iterable

from sequencer.core.contact import Contact
from sequencer.core.sequence import SequenceVersion

_OWN_COLUMN = re.compile(r"""\bextra(?:\.(\w+)|\[\s*["']([^"']+)["']\s*\])""")


def invented_buyer(version: SequenceVersion, language: str = "en") -> Contact:
    """A buyer for whom each field that `version` mentions has a value, own columns included."""
    return buyer_for(version.texts.values(), language)


def buyer_for(texts: Iterable[str], language: str = "en") -> Contact:
    """The same for these texts."""
    columns = {one or other for text in texts for one, other in _OWN_COLUMN.findall(text)}
    return Contact(
        id=0,
        address="ana.silva@luso-jardim.example",
        address_key="ana.silva@luso-jardim.example",
        external_id="C-1001",
        name="Ana Silva",
        first_name="Ana",
        last_name="Silva",
        title="Head of Purchasing",
        company="Luso Jardim Lda",
        website="https://luso-jardim.example",
        phone="+351 22 555 0101",
        country="PT",
        state="Porto",
        city="Porto",
        zone="Europe/Lisbon",
        language=language,
        owner="invented",
        source="invented",
        note="An invented buyer",
        tags=("invented",),
        extra={column: f"[{column}]" for column in columns},
        domain="luso-jardim.example",
    )
