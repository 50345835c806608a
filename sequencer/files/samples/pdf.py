"""Writes PDF 1.4 files: A4 pages of text, lines and filled outlines in the built-in Helvetica fonts."""

import math
import zlib
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sequencer.files.samples.colours import INK, Colour
from sequencer.files.samples.outline import Outline, Point, Shape, box
from sequencer.files.samples.widths import text_width

WIDTH, HEIGHT = 595.0, 842.0
"""A4 in points."""


class Align(StrEnum):
    """Which part of a text stands at its x."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


_BEFORE = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}


class Page:
    """One A4 page; points from its upper left corner, y down, a text's y being its baseline."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def text(
        self,
        at: Point,
        text: str,
        size: float = 9,
        *,
        is_bold: bool = False,
        colour: Colour = INK,
        align: Align = Align.LEFT,
        turn: float = 0,
    ) -> None:
        """One line of text, turned counter-clockwise by `turn` degrees around `at`."""
        angle = math.radians(turn)
        cosine, sine = math.cos(angle), math.sin(angle)
        back = text_width(text, size, is_bold=is_bold) * _BEFORE[align]
        x, y = at[0] - back * cosine, HEIGHT - at[1] - back * sine
        matrix = " ".join(_number(value) for value in (cosine, sine, -sine, cosine, x, y))
        font = "F2" if is_bold else "F1"
        self._drawn.append(
            f"BT {_rgb(colour)} rg /{font} {_number(size)} Tf {matrix} Tm ({_escaped(text)}) Tj ET"
        )

    def paragraph(
        self, at: Point, text: str, width: float, size: float = 9, *, colour: Colour = INK
    ) -> float:
        """Text broken into lines of this width; the y of the line that may follow."""
        x, y = at
        for line in wrapped(text, width, size):
            self.text((x, y), line, size, colour=colour)
            y += size * 1.45
        return y

    def line(self, *points: Point, width: float = 0.6, colour: Colour = INK) -> None:
        self._drawn.append(f"{_rgb(colour)} RG {_number(width)} w {_path(points)} S")

    def outline(
        self,
        outline: Outline,
        fill: Colour | None = None,
        edge: Colour | None = None,
        width: float = 0.6,
    ) -> None:
        """A closed outline, filled, drawn or both."""
        paint = {(True, True): "b*", (True, False): "f*", (False, True): "s", (False, False): "n"}
        colours = f"{_rgb(fill)} rg " if fill else ""
        colours += f"{_rgb(edge)} RG {_number(width)} w 1 j " if edge else ""
        self._drawn.append(f"{colours}{_path(outline)} h {paint[fill is not None, edge is not None]}")

    def box(
        self,
        at: Point,
        width: float,
        height: float,
        fill: Colour | None = None,
        edge: Colour | None = None,
        line: float = 0.6,
    ) -> None:
        self.outline(box(*at, width, height), fill, edge, line)

    def draw(self, shapes: Iterable[Shape], edge: Colour | None = INK, width: float = 0.5) -> None:
        for shape in shapes:
            self.outline(shape.outline, shape.fill, edge, width)

    def content(self) -> bytes:
        """The page's drawing operators (PDF 1.4, appendix A)."""
        return "\n".join(self._drawn).encode("cp1252")


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The lines of a text that is set in this width, in points."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def pdf_file(title: str, pages: Sequence[Page]) -> bytes:
    """The pages as one file; equal pages give equal bytes, since no date is written."""
    places = range(6, 6 + 2 * len(pages), 2)
    kids = " ".join(f"{place} 0 R" for place in places)
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
        f"<< /Title ({_escaped(title)}) >>".encode("cp1252"),
    ]
    for place, page in zip(places, pages, strict=True):
        objects += (_page_object(place + 1), _stream(page.content()))
    return _assembled(objects)


def _page_object(content: int) -> bytes:
    fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
    size = f"/MediaBox [0 0 {WIDTH:.0f} {HEIGHT:.0f}]"
    return f"<< /Type /Page /Parent 2 0 R {size} {fonts} /Contents {content} 0 R >>".encode()


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _assembled(objects: Sequence[bytes]) -> bytes:
    """The objects with the cross-reference table that names their byte offsets (PDF 1.4, section 3.4)."""
    # Four bytes beyond ASCII tell mail programs that this is no text.
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, size = len(body), len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(body)


def _path(points: Sequence[Point]) -> str:
    pairs = [f"{_number(x)} {_number(HEIGHT - y)}" for x, y in points]
    return f"{pairs[0]} m " + " ".join(f"{pair} l" for pair in pairs[1:])


def _number(value: float) -> str:
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")  # + 0: no minus before a zero


def _rgb(colour: Colour) -> str:
    return " ".join(_number(value / 255) for value in colour)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
