"""Contacts as a table that `contacts import` reads back: the columns, and each contact's cells."""

from collections.abc import Collection, Mapping, Sequence

from sequencer.core.candidate import TEXT_FIELDS
from sequencer.core.contact import Contact

_FIRST = ("id", "email", "name", "first_name", "last_name", "title", "company")
_LAST = ("tags", "stage", "owner", "is_key_account", "former_addresses")
_FIXED = (*_FIRST, *(name for name in TEXT_FIELDS if name not in _FIRST), *_LAST)


def contact_table(
    people: Sequence[Contact], former: Mapping[int, Collection[str]]
) -> tuple[list[str], list[list[str]]]:
    """Header and rows: all fields, a column for each extra field anybody has; `former` by contact id."""
    extras = sorted({name for one in people for name in one.extra})
    header = [*_FIXED, *(f"extra.{name}" for name in extras)]
    rows = []
    for one in people:
        cells = {name: getattr(one, name) for name in TEXT_FIELDS}
        cells |= {"id": one.external_id or "", "email": one.address, "owner": one.owner or ""}
        cells |= {"tags": "; ".join(one.tags), "stage": one.stage.value}
        cells |= {"is_key_account": "yes" if one.is_key_account else ""}
        cells["former_addresses"] = "; ".join(former.get(one.id, ()))
        rows.append([*(cells[name] for name in _FIXED), *(one.extra.get(name, "") for name in extras)])
    return header, rows
