"""Message bytes as SMTP carries them: dots doubled at line starts, cached pieces never joined."""

from collections.abc import Iterable, Iterator

FINAL_DOT = b".\r\n"
SMALL = 65_536
"""Bytes up to which copying a piece costs less than a write of its own."""


def stuffed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """`pieces` ready to follow 354, ending in CRLF; the final dot is not among them (RFC 5321 §4.5.2).

    A piece without a dot, such as a base64 attachment, is passed on as the same object after one memchr.
    """
    tail = b"\r\n"
    for piece in pieces:
        if not piece:
            continue
        yield _doubled(piece, tail) if b"." in piece else piece
        tail = piece[-2:] if len(piece) > 1 else (tail + piece)[-2:]
    if tail != b"\r\n":
        yield b"\r\n"


def parcels(pieces: Iterable[bytes]) -> list[bytes]:
    """`stuffed(pieces)` in few writes: small neighbours joined, a large piece as it is.

    The last parcel is small, perhaps empty, so that the final dot can be put behind it.
    """
    parcels: list[bytes] = []
    run: list[bytes] = []
    held = 0
    for piece in stuffed(pieces):
        is_large = len(piece) > SMALL
        if run and (is_large or held + len(piece) > SMALL):
            parcels.append(b"".join(run))
            run, held = [], 0
        if is_large:
            parcels.append(piece)
        else:
            run.append(piece)
            held += len(piece)
    return [*parcels, b"".join(run)]


def _doubled(piece: bytes, tail: bytes) -> bytes:
    """`tail` is the two bytes before `piece`: a line may start right at its edge."""
    doubled = piece.replace(b"\r\n.", b"\r\n..")
    if tail == b"\r\n" and piece.startswith(b"."):
        return b"." + doubled
    if tail.endswith(b"\r") and piece.startswith(b"\n."):
        return b"\n." + doubled[1:]
    return doubled
