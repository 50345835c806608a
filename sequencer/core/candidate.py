"""A row of a list judged on its own: what it says of one person, and what makes it unusable."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sequencer.core.address_check import CheckedAddress, check_address, is_role
from sequencer.core.contact import Stage
from sequencer.core.contact_list import ListRow
from sequencer.core.country_cell import read_country
from sequencer.core.language_names import language_tag
from sequencer.core.zones import iana_zone

CountryCode = Callable[[str], str]
"""A country's name or code in any spelling → ISO 3166-1 alpha-2, "" when unknown."""

TEXT_FIELDS = (
    *("name", "first_name", "last_name", "title", "company", "website", "phone"),
    *("country", "state", "city", "zone", "language", "source", "note"),
)
_OF_THE_PERSON = frozenset({"external_id", "name", "first_name", "last_name", "title", "phone"})
_YES = frozenset("yes y true 1 x ✓ √ 是 对 vip key".split())  # noqa: SIM905  (words of several scripts)
_NO = frozenset("no n false 0 否 不是 -".split())  # noqa: SIM905
_STAGES = {
    **{stage.value: stage for stage in Stage},
    "销售机会": Stage.OPPORTUNITY,
    "机会": Stage.OPPORTUNITY,
    "初次会晤": Stage.CONVERSATION,
    "有效一": Stage.QUALIFIED_1,
    "有效二": Stage.QUALIFIED_2,
    "有效三": Stage.QUALIFIED_3,
    "成交": Stage.WON,
    "流失": Stage.LOST,
}
_BETWEEN_ADDRESSES = re.compile(r"[;；,，、|]")
_BETWEEN_TAGS = re.compile(r"[;；,，、|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What one row says of one person; an empty field says nothing."""

    row: ListRow
    checked: CheckedAddress | None
    """None when the row gives no address (its id must then be known)."""
    former: tuple[CheckedAddress, ...] = ()
    """Addresses the person had before."""
    external_id: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """The TEXT_FIELDS it fills."""
    stage: Stage | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    is_key_account: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def address_keys(self) -> tuple[str, ...]:
        """The keys of every address it gives, the present one first."""
        return tuple(one.address_key for one in (self.checked, *self.former) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A row (or one address of it) that cannot become a contact, and why."""

    row: ListRow
    address: str
    reason: str


def candidates(row: ListRow, country_code: CountryCode) -> Iterator[Candidate | Unusable]:
    """What a row says, once for each address in it.

    With several addresses the company's fields go to each of them; name, phone, title and id go to the
    first that is a person's (not info@ or sales@), since they can belong to one person only.
    """
    written = row.values.get("address", "")
    if row.fault:
        yield Unusable(row=row, address=written, reason=row.fault)
        return
    try:
        shared = _said_by(row, country_code)
    except ValueError as error:
        yield Unusable(row=row, address=written, reason=str(error))
        return
    addresses = split_addresses(written)
    person = next((index for index, one in enumerate(addresses) if not is_role(one)), 0)
    for index, text in enumerate(addresses or [""]):
        yield _with_address(shared if index == person else _of_company(shared), text)


def split_addresses(cell: str) -> list[str]:
    """The addresses of one cell, each as written; what has no @ counts, so that nothing is lost unsaid."""
    if cell.count("@") + cell.count("＠") < 2 and not _BETWEEN_ADDRESSES.search(cell.strip(" ;；,，、|")):
        return [cell] if cell.strip() else []
    has_names = "<" in cell or "＜" in cell
    found: list[str] = []
    for piece in _BETWEEN_ADDRESSES.split(cell):
        several = piece.count("@") + piece.count("＠") > 1
        found.extend(re.split(r"[\s/]+", piece) if several and not has_names else [piece])
    # "Silva, Ana <ana@…>": a piece without an address is part of the name before the next one.
    return [
        piece.strip() for piece in found if piece.strip() and ("@" in piece or "＠" in piece or not has_names)
    ]


def _with_address(said: Candidate, text: str) -> Candidate | Unusable:
    if not text:
        if said.external_id is None:
            return Unusable(row=said.row, address="", reason="there is no address")
        return said
    try:
        checked = check_address(text)
    except ValueError as error:
        return Unusable(row=said.row, address=text, reason=str(error))
    notes = (*said.notes, f"address: {checked.note}") if checked.note else said.notes
    return replace(said, checked=checked, notes=notes)


def _of_company(said: Candidate) -> Candidate:
    texts = {name: text for name, text in said.texts.items() if name not in _OF_THE_PERSON}
    return replace(said, external_id=None, texts=texts, former=())


def _said_by(row: ListRow, country_code: CountryCode) -> Candidate:
    """Everything but the address; ValueError when a value is none of those it can have."""
    values, notes = row.values, list(row.notes)
    texts = {name: values[name] for name in TEXT_FIELDS if name in values}
    extra = {name[6:]: text for name, text in values.items() if name.startswith("extra.")}
    if "country" in texts:
        _take_country(texts, extra, notes, country_code)
    if "language" in texts and not (tag := language_tag(texts["language"])):
        notes.append(f"language {values['language']!r} is not known; kept as extra.language")
        extra["language"] = texts.pop("language")
    elif "language" in texts:
        texts["language"] = tag
    if "zone" in texts:
        texts["zone"] = iana_zone(texts["zone"])
    if "name" not in texts and (composed := full_name(texts)):
        texts["name"] = composed
    return Candidate(
        row=row,
        checked=None,
        former=tuple(check_address(one) for one in split_addresses(values.get("former_addresses", ""))),
        external_id=values.get("external_id"),
        texts=texts,
        stage=_stage(values["stage"]) if "stage" in values else None,
        owner=values.get("owner"),
        tags=split_tags(values.get("tags", "")),
        extra=extra,
        is_key_account=known_flag(values["is_key_account"]) if "is_key_account" in values else None,
        notes=tuple(notes),
    )


def _take_country(
    texts: dict[str, str], extra: dict[str, str], notes: list[str], country_code: CountryCode
) -> None:
    """The country's code in `texts`, with a state the cell names as well; an unknown one goes to `extra`."""
    written = texts.pop("country")
    said = {name: texts.get(name, "") for name in ("state", "city", "phone")}
    found = read_country(written, country_code, **said)
    if found.note:
        notes.append(found.note)
    if not found.code:
        extra["country"] = written
        return
    texts["country"] = found.code
    if found.state:
        texts.setdefault("state", found.state)


def full_name(texts: Mapping[str, str]) -> str:
    """First and last name together, the family name first where the script does so."""
    first, last = texts.get("first_name", ""), texts.get("last_name", "")
    if (
        first
        and last
        and all("\u3400" <= character <= "\u9fff" or "가" <= character <= "힣" for character in first + last)
    ):
        return last + first
    return f"{first} {last}".strip()


def split_tags(text: str) -> tuple[str, ...]:
    """The tags of one cell, in order, each once."""
    return tuple(dict.fromkeys(tag.strip() for tag in _BETWEEN_TAGS.split(text) if tag.strip()))


def with_tags(tags: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Both lists in order, each tag once."""
    return tuple(dict.fromkeys([*tags, *more]))


def _stage(text: str) -> Stage:
    stage = _STAGES.get(re.sub(r"[\s-]+", "_", text.strip().casefold()))
    if stage is None:
        raise ValueError(f"there is no stage {text!r}; the stages are {', '.join(Stage)}")
    return stage


def known_flag(text: str) -> bool:
    """Yes or no as lists write it; ValueError for anything else."""
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise ValueError(f"is_key_account is yes or no, not {text!r}")
    return word in _YES
