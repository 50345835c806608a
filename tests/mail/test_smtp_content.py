"""Content as SMTP carries it."""

from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.mail.smtp_content import SMALL, parcels, stuffed

BYTES = st.text(st.sampled_from("a.\r\n")).map(lambda text: text.encode())


def unstuffed(content: bytes) -> bytes:
    """RFC 5321 §4.5.2, read literally, line by line."""
    lines = content.split(b"\r\n")
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)


@given(st.lists(BYTES))
@example([b"a\r", b"\n.b\r\n"])
@example([b"a\r\n", b".", b".\r\n"])
@example([b"\r\n", b"", b".\r\n"])
@example([b"\r", b"\n", b"."])
def test_content_comes_back_whatever_its_pieces_and_never_ends_early(pieces):
    content = b"".join(stuffed(pieces))
    joined = b"".join(pieces)
    assert unstuffed(content) == (joined if joined.endswith(b"\r\n") or not joined else joined + b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + content


def test_a_piece_without_a_dot_is_passed_on_as_the_same_object():
    attachment = b"QUJD" * 10 + b"\r\n"
    assert list(stuffed([b".a\r\n", attachment]))[1] is attachment


@given(st.lists(st.one_of(BYTES, st.just(b"x" * (SMALL + 1)), st.just(b".y" * (SMALL // 3)))))
def test_parcels_are_the_same_content_in_few_writes_and_the_last_takes_the_dot(pieces):
    content = b"".join(stuffed(pieces))
    made = parcels(pieces)
    assert b"".join(made) == content
    assert len(made[-1]) <= SMALL
    assert len(made) <= 2 * len(content) // SMALL + 2
    assert all(made[:-1])


def test_a_large_piece_is_a_parcel_of_its_own_uncopied():
    attachment = b"QUJD" * SMALL
    head, body, end = parcels([b"head\r\n", b"more\r\n", attachment, b"--\r\n", b"end\r\n"])
    assert (head, end) == (b"head\r\nmore\r\n", b"--\r\nend\r\n")
    assert body is attachment
