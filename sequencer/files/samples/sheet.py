"""The look that all sample documents share: letterhead, footer, headings, tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.files.samples.colours import DEEP_GREEN, GREEN, GREY, INK, LINE, ORANGE, PALE, WHITE
from sequencer.files.samples.outline import Point, Shape, curve, ellipse, placed
from sequencer.files.samples.pdf import HEIGHT, WIDTH, Align, Page, pdf_file

COMPANY = "Harbour Tools Co., Ltd."
ADDRESS = "88 Harbour Road, Beilun, Ningbo 315800, China"
WEBSITE = "www.ourfirm.example"
MAIL = "li.wei@ourfirm.example"
LEFT, RIGHT = 52.0, WIDTH - 52.0
TOP, BOTTOM = 96.0, HEIGHT - 62.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its heading, width in points, and side."""

    heading: str
    width: float
    align: Align = Align.LEFT


class Sheets:
    """The pages of one document under assets/; footers are set when all pages are known."""

    def __init__(self, file: str, title: str) -> None:
        self._file, self._title = file, title
        self._pages: list[Page] = []

    def cover(self) -> Page:
        """A page without a letterhead."""
        page = Page()
        self._pages.append(page)
        return page

    def page(self) -> Page:
        """A page with the letterhead; what it says begins at TOP."""
        page = self.cover()
        page.draw(placed(emblem(), (LEFT + 11, 48), 0.22), edge=None)
        page.text((LEFT + 30, 52), COMPANY, 11, is_bold=True, colour=DEEP_GREEN)
        page.text((RIGHT, 52), self._title, 9, colour=GREY, align=Align.RIGHT)
        page.line((LEFT, 66), (RIGHT, 66), width=1.2, colour=GREEN)
        return page

    def encoded(self) -> bytes:
        for number, page in enumerate(self._pages, start=1):
            self._foot(page, number)
        return pdf_file(f"{self._title} (sample)", self._pages)

    def _foot(self, page: Page, number: int) -> None:
        y = HEIGHT - 34
        page.line((LEFT, y - 12), (RIGHT, y - 12), colour=LINE)
        note = f"Sample document of the starter library - replace assets/{self._file} by your own."
        page.text((LEFT, y), note, 7, colour=GREY)
        page.text((RIGHT, y), f"Page {number} of {len(self._pages)}", 7, colour=GREY, align=Align.RIGHT)


def emblem() -> tuple[Shape, ...]:
    """The firm's sign: a leaf on a disc, 100 across, around its centre."""
    leaf = curve(
        (-26, 28), (-26, 28), (-24, -8), (6, -26), (30, -28), (30, -28), (28, 2), (10, 22), (-26, 28)
    )
    vein = curve((-34, 36), (-34, 36), (-10, 4), (18, -16), (18, -16), (-6, 10), (-30, 38), (-30, 38))
    return (
        Shape(outline=ellipse(0, 0, 50), fill=GREEN),
        Shape(outline=leaf, fill=WHITE),
        Shape(outline=vein, fill=ORANGE),
    )


def heading(page: Page, at: Point, text: str, under: str = "") -> float:
    """A heading with a line of explanation; the y below both."""
    x, y = at
    page.text((x, y + 12), text, 17, is_bold=True, colour=DEEP_GREEN)
    if under:
        page.text((x, y + 28), under, 9, colour=GREY)
    return y + (46 if under else 30)


def table(
    page: Page, at: Point, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float = 8
) -> float:
    """A table with a green heading and every second row shaded; the y below it."""
    x, y = at
    whole, high = sum(column.width for column in columns), size * 2.1
    page.box((x, y), whole, high, fill=GREEN)
    _row(page, (x, y + high * 0.66), columns, [column.heading for column in columns], size, is_heading=True)
    for number, row in enumerate(rows):
        y += high
        if number % 2:
            page.box((x, y), whole, high, fill=PALE)
        _row(page, (x, y + high * 0.66), columns, row, size)
    page.line((x, y + high), (x + whole, y + high), width=0.8, colour=GREEN)
    return y + high


def _row(
    page: Page,
    at: Point,
    columns: Sequence[Column],
    cells: Sequence[str],
    size: float,
    is_heading: bool = False,
) -> None:
    x, y = at
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        insets = {Align.LEFT: 6.0, Align.CENTRE: column.width / 2, Align.RIGHT: column.width - 6}
        inset = insets[column.align]
        colour = WHITE if is_heading else INK
        is_bold = is_heading or place == 0
        page.text((x + inset, y), cell, size, is_bold=is_bold, colour=colour, align=column.align)
        x += column.width


def facts(page: Page, at: Point, rows: Sequence[tuple[str, str]], width: float, size: float = 8) -> float:
    """Names and values in two columns with hairlines; the y below them."""
    x, y = at
    for name, value in rows:
        page.text((x, y + size), name, size, colour=GREY)
        page.text((x + width, y + size), value, size, is_bold=True, align=Align.RIGHT)
        page.line((x, y + size * 1.55), (x + width, y + size * 1.55), width=0.4, colour=LINE)
        y += size * 2.05
    return y


def stamp(page: Page, at: Point, text: str = "SAMPLE", size: float = 15) -> None:
    """A framed orange word, askew, as a rubber stamp leaves it."""
    x, y = at
    wide, high = size * 2.6, size * 1.0
    corners = Shape(outline=((-wide, -high), (wide, -high), (wide, high), (-wide, high)), fill=WHITE)
    page.outline(placed((corners,), at, turn=-9)[0].outline, edge=ORANGE, width=1.6)
    page.text((x + 1.2, y + size * 0.36), text, size, is_bold=True, colour=ORANGE, align=Align.CENTRE, turn=9)
