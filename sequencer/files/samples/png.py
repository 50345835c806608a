"""A picture painted with filled outlines, smooth at their edges, and its PNG bytes."""

import math
import struct
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise

from sequencer.files.samples.colours import Colour, mixed
from sequencer.files.samples.outline import Outline, Shape

_LINES = 3
"""Sampling lines per row: the share of a pixel that an outline covers is measured on each."""
_LEVELS = 8
"""Steps between what is beneath and what is painted: few, since a picture has 256 colours."""


class _Answers(dict[int, int]):
    """Colour number → the answer to a question about it, worked out when it is first asked."""

    def __init__(self, answer: Callable[[int], int]) -> None:
        self._answer = answer

    def __missing__(self, number: int) -> int:
        self[number] = self._answer(number)
        return self[number]


class Canvas:
    """Rows of colour numbers; (0, 0) is the upper left corner."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._width, self._height = width, height
        self._colours: list[Colour] = []
        self._numbers: dict[Colour, int] = {}
        self._blends: dict[tuple[int, int], _Answers] = {}
        plain = array("H", [self._number(background)]) * width
        self._rows = [plain[:] for _ in range(height)]

    def draw(self, shapes: Iterable[Shape]) -> None:
        for shape in shapes:
            self.fill(shape.outline, shape.fill)

    def fill(self, outline: Outline, colour: Colour, alpha: float = 1.0) -> None:
        """Paint the inside (even-odd rule); `alpha` below 1 lets what is beneath shine through."""
        number = self._number(colour)
        if alpha == 1 and self._box(outline, number):
            return
        covered: dict[int, list[list[float]]] = defaultdict(list)
        for line, crossings in _crossings(outline, self._height * _LINES).items():
            covered[line // _LINES].append(sorted(crossings))
        for row, lines in covered.items():
            self._paint(self._rows[row], _steps(lines, self._width), number, alpha)

    def shade(self, top: int, bottom: int, above: Colour, below: Colour) -> None:
        """A background for these rows that goes from one colour to the other, in sixteen-row bands."""
        for row in range(top, bottom):
            colour = mixed(above, below, (row // 16 * 16 - top) / (bottom - top))
            self._rows[row] = array("H", [self._number(colour)]) * self._width

    def _paint(self, row: "array[int]", steps: dict[int, float], number: int, alpha: float) -> None:
        cover, places = 0.0, sorted(steps)
        for start, end in pairwise(places):
            cover += steps[start]
            level = round(cover * alpha * _LEVELS)
            if level >= _LEVELS:
                row[start:end] = array("H", [number]) * (end - start)
            elif level > 0:
                blend = self._blends.get((number, level)) or self._blend(number, level)
                row[start:end] = array("H", map(blend.__getitem__, row[start:end]))

    def _blend(self, number: int, level: int) -> _Answers:
        def blended(beneath: int) -> int:
            colour = mixed(self._colours[beneath], self._colours[number], level / _LEVELS)
            red, green, blue = (value & ~7 | 4 for value in colour)
            return self._number((red, green, blue))

        return self._blends.setdefault((number, level), _Answers(blended))

    def _box(self, outline: Outline, number: int) -> bool:
        """Paint an upright box on whole pixels the short way; False when the outline is no such box."""
        (left, top), (right, bottom) = min(outline), max(outline)
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        if outline != corners or any(value % 1 for value in (left, top, right, bottom)):
            return False
        start, end = max(int(left), 0), min(int(right), self._width)
        run = array("H", [number]) * max(end - start, 0)
        for row in self._rows[max(int(top), 0) : max(int(bottom), 0)]:
            row[start:end] = run
        return True

    def _number(self, colour: Colour) -> int:
        number = self._numbers.setdefault(colour, len(self._colours))
        if number == len(self._colours):
            self._colours.append(colour)
        return number

    def encoded(self) -> bytes:
        """The picture as a PNG file (W3C PNG, 8-bit palette, each row unfiltered)."""
        palette, places = self._palette()
        rows = b"".join(b"\0" + bytes(map(places.__getitem__, row)) for row in self._rows)
        header = struct.pack(">IIBBBBB", self._width, self._height, 8, 3, 0, 0, 0)
        colours = b"".join(bytes(colour) for colour in palette)
        chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)

    def _palette(self) -> "tuple[list[Colour], _Answers]":
        """The 256 colours seen most in every fourth row, and for each colour number the nearest of them."""
        seen: Counter[int] = Counter()
        for row in self._rows[::4]:
            seen.update(row)
        palette = [self._colours[number] for number, _ in seen.most_common(256)]
        return palette, _Answers(lambda number: _nearest(self._colours[number], palette))


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    red, green, blue = colour
    away = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in palette]
    return away.index(min(away))


def _crossings(outline: Outline, lines: int) -> dict[int, list[float]]:
    """Sampling line → where it crosses the outline."""
    found: dict[int, list[float]] = defaultdict(list)
    for (x, y), (other_x, other_y) in zip(outline, outline[1:] + outline[:1], strict=True):
        if y == other_y:
            continue
        slope = (other_x - x) / (other_y - y)
        first, last = sorted((y * _LINES - 0.5, other_y * _LINES - 0.5))
        start = max(math.ceil(first), 0)
        across, step = x + ((start + 0.5) / _LINES - y) * slope, slope / _LINES
        for line in range(start, min(math.ceil(last), lines)):
            found[line].append(across)
            across += step
    return found


def _steps(lines: list[list[float]], width: int) -> dict[int, float]:
    """Pixel → by how much the covered share of the row changes from there on."""
    steps: dict[int, float] = defaultdict(float)
    for crossings in lines:
        sign = 1 / _LINES
        for crossing in crossings:
            within = min(max(crossing, 0.0), float(width))
            pixel = int(within)
            inside = (within - pixel) * sign
            steps[pixel] += sign - inside
            if inside:
                steps[pixel + 1] += inside
            sign = -sign
    return steps


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
