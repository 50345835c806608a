"""Checks that every name in config.toml names something; works on raw data, beside faults of other kinds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sequencer.files.fault_list import mend_for_unknown
from sequencer.files.shape_faults import Loc

Tell = Callable[[Loc, str, str | None], None]
"""Where, what, and the mend."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[table]]` with those of its values that are text or lists of text."""

    at: tuple[str | int, ...]
    texts: Mapping[str, str]
    lists: Mapping[str, list[Any]]
    has_imap: bool

    @property
    def name(self) -> str | None:
        return self.texts.get("name")


def check_names(data: Mapping[str, Any], tell: Tell) -> None:
    """Tell every name that is used twice or names nothing. `data` is as tomllib gives it, faults and all."""
    reps, mailboxes, retired = (_entries(data, table) for table in ("reps", "mailboxes", "retired"))
    webhooks, groups = _entries(data, "webhooks"), _entries(data, "groups")
    for entries in (reps, mailboxes, groups, retired, webhooks):
        _check_unique(entries, tell)
    _check_me(data.get("me"), reps, tell)
    _check_listed(reps, "mailboxes", _names(mailboxes), "mailbox", tell)
    _check_listed(reps, "leads", [rep.texts["team"] for rep in reps if "team" in rep.texts], "team", tell)
    _check_listed(webhooks, "reps", _names(reps), "rep", tell)
    _check_groups(mailboxes, _names(groups), tell)
    for mailbox in mailboxes:
        _check_answers(mailbox, mailboxes, tell)
    for gone in retired:
        if gone.name is not None and any(gone.name == mailbox.name for mailbox in mailboxes):
            hint = "a retired mailbox has no [[mailboxes]] entry any more; remove one of the two"
            tell((*gone.at, "name"), f"the mailbox {gone.name!r} is also in use", hint)
        if "replies_in" in gone.texts:
            _check_reader(gone, mailboxes, tell)


def _entries(data: Mapping[str, Any], table: str) -> list[Entry]:
    found = data.get(table)
    tables = found if isinstance(found, list) else []
    return [
        Entry(
            (table, index),
            {key: value for key, value in entry.items() if isinstance(value, str)},
            {key: value for key, value in entry.items() if isinstance(value, list)},
            "imap" in entry,
        )
        for index, entry in enumerate(tables)
        if isinstance(entry, dict)
    ]


def _names(entries: list[Entry]) -> list[str]:
    return [entry.name for entry in entries if entry.name is not None]


def _check_unique(entries: list[Entry], tell: Tell) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            tell((*entry.at, "name"), f"the name {entry.name!r} is taken by an entry above", None)
        elif entry.name is not None:
            seen.add(entry.name)


def _check_me(me: object, reps: list[Entry], tell: Tell) -> None:
    if reps and isinstance(me, str) and me not in _names(reps):
        tell(("me",), f"there is no rep {me!r}", mend_for_unknown(me, _names(reps)))


def _check_groups(mailboxes: list[Entry], names: list[str], tell: Tell) -> None:
    for mailbox in mailboxes:
        group = mailbox.texts.get("group")
        if group is not None and group not in names:
            mend = mend_for_unknown(group, names) if names else f'add [[groups]] with name = "{group}"'
            tell((*mailbox.at, "group"), f"there is no group {group!r}", mend)


def _check_listed(entries: list[Entry], key: str, known: list[str], word: str, tell: Tell) -> None:
    for entry in entries:
        for position, name in enumerate(entry.lists.get(key, [])):
            if isinstance(name, str) and name not in known:
                place = (*entry.at, key, position)
                tell(place, f"there is no {word} {name!r}", mend_for_unknown(name, known))


def _check_answers(mailbox: Entry, mailboxes: list[Entry], tell: Tell) -> None:
    if "replies_in" in mailbox.texts and mailbox.has_imap:
        hint = "answers are read in one place: keep `imap`, or `replies_in`"
        tell((*mailbox.at, "replies_in"), f"the mailbox {mailbox.name!r} has `imap` and `replies_in`", hint)
    elif "replies_in" in mailbox.texts:
        _check_reader(mailbox, mailboxes, tell)
    elif not mailbox.has_imap:
        hint = "add [mailboxes.imap], or `replies_in` with the name of a mailbox that has it"
        tell(mailbox.at, f"nobody reads the answers to the mailbox {mailbox.name!r}", hint)


def _check_reader(entry: Entry, mailboxes: list[Entry], tell: Tell) -> None:
    name, at = entry.texts["replies_in"], (*entry.at, "replies_in")
    readers = [mailbox.name for mailbox in mailboxes if mailbox.name is not None and mailbox.has_imap]
    if name in readers:
        return
    if name in _names(mailboxes):
        hint = "name a mailbox that has [mailboxes.imap] itself"
        tell(at, f"the mailbox {name!r} is not read itself, so it reads for nobody", hint)
    else:
        tell(at, f"there is no mailbox {name!r}", mend_for_unknown(name, readers))
