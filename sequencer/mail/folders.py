"""Which folders of a mailbox are read, what each one is for, and in which order."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from imapclient.imap_utf7 import decode as decode_utf7
from imapclient.imap_utf7 import encode as encode_utf7

from sequencer.core.near_words import mend_for_typo
from sequencer.core.ports import FolderRole
from sequencer.mail.folder_names import DRAFTS, JUNK, SENT, TRASH

_ROLE_FLAGS = {"\\all": FolderRole.ALL, "\\junk": FolderRole.JUNK, "\\sent": FolderRole.SENT}
_UNREAD_FLAGS = frozenset({"\\drafts", "\\trash"})
_UNSELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
_SYSTEM_PARENTS = frozenset({"inbox", "[gmail]", "[google mail]"})
_MOST_SHOWN = 12
"""Folders named in one line."""
_ORDER = (FolderRole.INBOX, FolderRole.ALL, FolderRole.JUNK, FolderRole.SENT, FolderRole.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of a LIST answer."""

    wire: bytes
    """The name as the server wrote it: modified UTF-7 (RFC 3501 §5.1.3), or whatever it holds."""
    delimiter: str | None
    flags: frozenset[str]
    """Name attributes in lower case, SPECIAL-USE (RFC 6154) among them."""
    root: bytes = b""
    """Below this name stand the user's own folders (RFC 2342), without the delimiter."""
    is_foreign: bool = False
    """It is another user's, or shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespaces:
    """How the names of the user's own folders begin, and those of others' (RFC 2342), as written there."""

    own: tuple[bytes, ...] = ()
    foreign: tuple[bytes, ...] = ()

    def placed(self, listed: Listed) -> Listed:
        """The folder with where it stands among them."""
        delimiter = (listed.delimiter or "").encode()
        below = [root for root in self.own if root and listed.wire.startswith(root)]
        root = max(below, key=len, default=b"")
        is_foreign = (listed.wire + delimiter).startswith(self.foreign) if self.foreign else False
        return replace(listed, root=root.removesuffix(delimiter), is_foreign=is_foreign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder to read."""

    name: str
    """For people and cursors."""
    wire: bytes
    """For commands."""
    role: FolderRole
    is_foreign: bool = False


INBOX = Folder(name="INBOX", wire=b"INBOX", role=FolderRole.INBOX)
"""RFC 3501 §5.1: it always exists."""


def folders_to_read(
    listed: Sequence[Listed], ignored: Iterable[str], *, is_gmail: bool, sent: str | None = None
) -> list[Folder]:
    """Every selectable folder except Drafts, Trash, `ignored` and what lies below them; INBOX first.

    On Gmail (capability X-GM-EXT-1) All Mail holds whatever INBOX and the labels hold, so All Mail and
    Spam are enough; where the user hides All Mail from IMAP, everything is read as elsewhere. Other
    servers' `\\All` may omit messages (RFC 6154 §2) and replaces nothing. INBOX is read even if a server
    does not list it (RFC 3501 §5.1: it always exists): an empty list must not pass for `no mail`.
    `sent` is the Sent folder's name where a user had to tell it.
    """
    ignored_names = {_folded(name) for name in ignored}
    shut = [each for each in listed if _is_shut(each, ignored_names)]
    roots = [each.wire + (each.delimiter or "").encode() for each in shut if each.delimiter]
    wanted = [
        _folder(each, sent)
        for each in listed
        if each not in shut and not each.flags & _UNSELECTABLE and not each.wire.startswith(tuple(roots))
    ]
    if is_gmail and any(folder.role is FolderRole.ALL for folder in wanted):
        wanted = [folder for folder in wanted if folder.role in (FolderRole.ALL, FolderRole.JUNK)]
    elif not any(folder.role is FolderRole.INBOX for folder in wanted):
        wanted.append(INBOX)
    return sorted(wanted, key=lambda folder: (_ORDER.index(folder.role), folder.name))


def mend_for_missing(name: str, listed: Sequence[Listed]) -> str | None:
    """The mend for a configured folder that the server does not have; None when it has it."""
    names = sorted({readable_name(each.wire) for each in listed})
    if _folded(name) in {_folded(each) for each in names}:
        return None
    shown = names[:_MOST_SHOWN]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return mend_for_typo(
        name, names, otherwise=f"there are {', '.join(shown)}{more}" if names else "there is none"
    )


def named_folders(listed: Sequence[Listed], sent: str | None = None) -> list[Folder]:
    """Every folder that can hold mail, INBOX first; `sent` as in `folders_to_read`."""
    found = [_folder(each, sent) for each in listed if not each.flags & _UNSELECTABLE]
    return sorted(found, key=lambda folder: (_ORDER.index(folder.role), folder.name))


def sent_folder(listed: Sequence[Listed], configured: str | None, learnt: str | None) -> Folder | None:
    """Where copies of sent mail belong: the configured folder, else the one that the server marks, else one
    of a usual name (of several the one known from earlier), else the one known from earlier.
    """
    usable = [each for each in listed if not each.flags & _UNSELECTABLE]
    if configured is not None:
        return next((_folder(each, configured) for each in usable if _is_named(each, configured)), None)
    marked = [each for each in usable if "\\sent" in each.flags]
    usual = sorted((each for each in usable if _own_name(each) in SENT), key=lambda each: each.wire)
    known = [each for each in usable if learnt is not None and _is_named(each, learnt)]
    again = [each for each in known if each in marked or each in usual]
    return next((_folder(each, learnt) for each in (*marked, *again, *usual, *known)), None)


def _folder(listed: Listed, sent: str | None) -> Folder:
    is_sent = sent is not None and _is_named(listed, sent)
    role = FolderRole.SENT if is_sent else role_of(listed)
    name = readable_name(listed.wire)
    return Folder(name=name, wire=listed.wire, role=role, is_foreign=listed.is_foreign)


def _is_named(listed: Listed, name: str) -> bool:
    return _folded(readable_name(listed.wire)) == _folded(name)


def role_of(listed: Listed) -> FolderRole:
    """What the folder is for: by INBOX's fixed name, SPECIAL-USE, then names known from many servers."""
    if listed.wire.upper() == b"INBOX":
        return FolderRole.INBOX
    for flag, role in _ROLE_FLAGS.items():
        if flag in listed.flags:
            return role
    own = _own_name(listed)
    if own in SENT:
        return FolderRole.SENT
    return FolderRole.JUNK if own in JUNK else FolderRole.OTHER


def readable_name(wire: bytes) -> str:
    """The folder's name for people; `INBOX` in capitals.

    A name that is not modified UTF-7 (some servers write `R&D` or UTF-8 as it is) is shown as it stands
    instead of stopping the whole mailbox.
    """
    if wire.upper() == b"INBOX":
        return "INBOX"
    try:
        name: str = decode_utf7(wire)
        if encode_utf7(name) == wire:
            return name
    except ValueError:
        pass
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        return wire.decode("latin-1")


def _is_shut(listed: Listed, ignored_names: set[str]) -> bool:
    """Drafts, Trash or one of the configured ignores; never INBOX."""
    if listed.wire.upper() == b"INBOX":
        return False
    own = _own_name(listed)
    if listed.flags & _UNREAD_FLAGS or _folded(readable_name(listed.wire)) in ignored_names:
        return True
    return not listed.flags & _ROLE_FLAGS.keys() and (own in DRAFTS or own in TRASH)


def _own_name(listed: Listed) -> str:
    """The last part of the name, folded; empty for a folder deep inside the user's own tree.

    Servers keep their standard folders at the top of the user's own, below INBOX or below [Gmail]; a
    folder `Deleted` inside `Customers` is the user's own, and must be read.
    """
    name = _folded(readable_name(listed.wire))
    if not listed.delimiter:
        return name
    parent, _, own = name.rpartition(listed.delimiter)
    is_at_top = not parent or parent in _SYSTEM_PARENTS or parent == _folded(readable_name(listed.root))
    return own if is_at_top else ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()
