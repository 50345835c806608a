"""Capital letters made of strokes, for signs in the pictures."""

from collections.abc import Iterator
from itertools import pairwise

from sequencer.files.samples.colours import Colour
from sequencer.files.samples.outline import Outline, Point, bar, ellipse
from sequencer.files.samples.png import Canvas

# Each stroke runs through grid points: column 0 to 4, then row 0 (top) to 6.
_STROKES = {
    "A": "06 20 46|14 34",
    "B": "00 06|00 30 41 42 33 03|33 44 45 36 06",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 06|00 30 42 44 36 06",
    "E": "40 00 06 46|03 33",
    "G": "41 30 10 01 05 16 36 45 43 23",
    "H": "00 06|40 46|03 43",
    "I": "20 26",
    "L": "00 06 46",
    "M": "06 00 23 40 46",
    "N": "06 00 46 40",
    "O": "10 30 41 45 36 16 05 01 10",
    "P": "06 00 30 41 42 33 03",
    "R": "06 00 30 41 42 33 03|23 46",
    "S": "41 30 10 01 02 13 33 44 45 36 16 05",
    "T": "00 40|20 26",
    "U": "00 05 16 36 45 40",
    "W": "00 16 22 36 40",
}


def write(canvas: Canvas, at: Point, text: str, height: float, colour: Colour, weight: float = 0.16) -> None:
    """Letters of this height whose upper left corner is `at`; a space is a gap."""
    for outline in _outlines(at, text, height, weight):
        canvas.fill(outline, colour)


def written_width(text: str, height: float) -> float:
    return (len(text) * 5.6 - 1.6) * height / 6


def _outlines(at: Point, text: str, height: float, weight: float) -> Iterator[Outline]:
    unit, width = height / 6, height * weight
    for place, letter in enumerate(text):
        left = at[0] + place * 5.6 * unit
        for stroke in _STROKES.get(letter, "").split("|"):
            points = [(left + int(pair[0]) * unit, at[1] + int(pair[1]) * unit) for pair in stroke.split()]
            yield from (ellipse(*point, width / 2, corners=12) for point in points)
            yield from (bar(start, end, width) for start, end in pairwise(points))
