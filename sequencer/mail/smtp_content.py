"""Message bytes as SMTP carries them: dots doubled at line starts, cached pieces never joined."""

from collections.abc import Iterable, Iterator

FINAL_DOT = b".\r\n"


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


def _doubled(piece: bytes, tail: bytes) -> bytes:
    """`tail` is the two bytes before `piece`: a line may start right at its edge."""
    doubled = piece.replace(b"\r\n.", b"\r\n..")
    if tail == b"\r\n" and piece.startswith(b"."):
        return b"." + doubled
    if tail.endswith(b"\r") and piece.startswith(b"\n."):
        return b"\n." + doubled[1:]
    return doubled
