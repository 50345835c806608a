"""What all sample pictures share: their size, soft shadows, plants, and the mark that says sample."""

from collections.abc import Iterable

from sequencer.files.samples.colours import INK, LEAF, WHITE, Colour, mixed
from sequencer.files.samples.lettering import write, written_width
from sequencer.files.samples.outline import Point, Shape, box, curve, ellipse, placed, rounded
from sequencer.files.samples.png import Canvas

WIDTH, HEIGHT = 960, 640
"""In pixels."""


def shadow(canvas: Canvas, x: float, y: float, wide: float, high: float, alpha: float = 0.18) -> None:
    """A soft dark spot on the floor."""
    canvas.fill(ellipse(x, y, wide, high), INK, alpha)


def shadow_of(
    canvas: Canvas, shapes: Iterable[Shape], across: float, down: float, alpha: float = 0.2
) -> None:
    """What the drawing darkens when the light comes from the upper left."""
    for shape in shapes:
        canvas.fill(tuple((x + across, y + down) for x, y in shape.outline), INK, alpha)


def plant(canvas: Canvas, at: Point, height: float, pot: Colour) -> None:
    """A pot with seven leaves; `at` is the middle of its foot."""
    x, y = at
    leaf = curve((0, 0), (0, 0), (16, -34), (8, -80), (0, -100), (0, -100), (-8, -80), (-16, -34))
    for number, turn in enumerate((-62, 62, -40, 40, -18, 18, 0)):
        shape = Shape(outline=leaf, fill=mixed(LEAF, INK, 0.12 * (number % 3)))
        canvas.draw(placed((shape,), (x, y - height * 0.3), height * 0.0072, turn))
    wide = height * 0.2
    canvas.fill(
        (
            (x - wide, y - height * 0.34),
            (x + wide, y - height * 0.34),
            (x + wide * 0.7, y),
            (x - wide * 0.7, y),
        ),
        pot,
    )


def sign(canvas: Canvas, middle: Point, text: str, height: float, colour: Colour) -> None:
    """A line of capital letters centred on a point."""
    at = (middle[0] - written_width(text, height) / 2, middle[1] - height / 2)
    write(canvas, at, text, height, colour)


def mark(canvas: Canvas) -> None:
    """The word that keeps anybody from taking the picture for a photograph of the firm."""
    canvas.fill(rounded(WIDTH - 126, HEIGHT - 46, 108, 30, 6), INK, 0.72)
    sign(canvas, (WIDTH - 72, HEIGHT - 31), "SAMPLE", 12, WHITE)


def slab(canvas: Canvas, at: Point, width: float, height: float, colour: Colour, lip: float = 0.2) -> None:
    """A box seen from the front, with a lighter upper edge."""
    canvas.fill(box(*at, width, height), colour)
    canvas.fill(box(*at, width, height * lip), mixed(colour, WHITE, 0.28))
