"""Replies as they may come off a socket, and what is known when a write breaks."""

import contextlib
import smtplib
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.mail.smtp_wire import CHUNK, DotLost, Wire


class Opened:
    """As much of an smtplib session as a wire takes over."""

    def __init__(self, sock) -> None:
        self.sock = sock
        self.esmtp_features = {"pipelining": "", "size": "1000"}


@contextlib.contextmanager
def wired(*said, is_closed=True):
    """A wire whose server says these pieces, each in a packet of its own, and hangs up."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        for piece in said:
            theirs.sendall(piece)
        if is_closed:
            theirs.shutdown(socket.SHUT_WR)
        yield Wire(Opened(ours), 5.0), theirs


class Chopped:
    """A socket that gives what was said in pieces of these sizes."""

    def __init__(self, said, sizes) -> None:
        self.said, self.sizes = said, list(sizes)

    def recv(self, most):
        size = min(self.sizes.pop() if self.sizes else most, most)
        piece, self.said = self.said[:size], self.said[size:]
        return piece


LINES = st.lists(st.text(st.sampled_from("ab .-5")).map(str.encode), min_size=1, max_size=4)


@given(
    st.lists(st.tuples(st.integers(200, 599), LINES), min_size=1, max_size=5),
    st.lists(st.integers(1, 9), max_size=80),
)
def test_replies_are_read_in_order_however_they_are_chopped(replies, sizes):
    said = b"".join(
        b"\r\n".join(b"%d-%s" % (code, line) for line in lines[:-1])
        + b"\r\n" * (len(lines) > 1)
        + b"%d %s\r\n" % (code, lines[-1])
        for code, lines in replies
    )
    wire = Wire(Opened(Chopped(said, sizes)), 5.0)
    for code, lines in replies:
        assert wire.hear("MAIL") == (code, b"\n".join(line.strip() for line in lines))


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        (b"250\r\n", (250, b"")),
        (b"250 ok\n", (250, b"ok")),
        (b"hello there\r\n", (-1, b"o there")),
        (b"\r\n", (-1, b"")),
        (b"25\r\n", (-1, b"")),
        (b"+12 x\r\n", (-1, b"x")),
        ("２５０ ok\r\n".encode(), (-1, None)),
    ],
)
def test_an_odd_line_is_a_reply_or_none_at_all(said, reply):
    with wired(said) as (wire, _):
        code, text = wire.hear("MAIL")
        assert code == reply[0]
        assert reply[1] in (None, text)


@pytest.mark.parametrize("said", [b"", b"250 o", b"250-one\r\n", b"250-one\r\n25"])
def test_a_reply_cut_short_is_none(said):
    with wired(said) as (wire, _), pytest.raises(smtplib.SMTPServerDisconnected):
        wire.hear("MAIL")


@pytest.mark.parametrize("said", [b"250 " + b"x" * 9000 + b"\r\n", b"x" * 9000, b"250-more\r\n" * 9000])
def test_a_reply_without_end_is_broken_off(said):
    with wired(said) as (wire, _), pytest.raises(smtplib.SMTPResponseException):
        wire.hear("MAIL")


@pytest.mark.parametrize(("usual", "patience"), [(9.0, 0.05), (0.05, 0.1)])
def test_a_reply_is_waited_for_as_long_as_was_asked(usual, patience):
    with wired(is_closed=False) as (wire, theirs):
        wire = Wire(Opened(wire._sock), usual)
        wire._sock.settimeout(usual)
        with pytest.raises(TimeoutError):
            wire.hear("CONTENT", patience)
        assert wire._sock.gettimeout() == usual
        theirs.sendall(b"250 at last\r\n")
        assert wire.hear("MAIL") == (250, b"at last")


class Narrow:
    """A socket that takes so many bytes in all and then breaks."""

    def __init__(self, room) -> None:
        self.room, self.taken = room, b""

    def send(self, data):
        if not self.room:
            raise ConnectionResetError
        taken = bytes(data[: min(self.room, 7)])
        self.room -= len(taken)
        self.taken += taken
        return len(taken)


@given(st.binary(max_size=40), st.integers(0, 60))
def test_a_break_before_the_dot_is_known_and_within_it_is_not(content, room):
    sock = Narrow(room)
    wire = Wire(Opened(sock), 5.0)
    if room >= len(content) + 3:
        wire.end(content)
        assert sock.taken == content + b".\r\n"
    else:
        with pytest.raises(DotLost if room > len(content) else ConnectionResetError):
            wire.end(content)


def test_over_tls_large_content_goes_in_views_so_that_each_has_its_time():
    sizes = []

    class Counting(ssl.SSLSocket):
        def send(self, data, flags=0):
            assert isinstance(data, memoryview)
            sizes.append(len(data))
            return len(data)

    Wire(Opened(Counting.__new__(Counting)), 5.0).give(b"x" * (2 * CHUNK + 1))
    assert sizes == [CHUNK, CHUNK, 1]


def test_a_plain_socket_that_takes_little_at_a_time_gets_all_of_it():
    sock = Narrow(1000)
    Wire(Opened(sock), 5.0).give(b"x" * 900)
    assert sock.taken == b"x" * 900
