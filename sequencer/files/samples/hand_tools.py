"""Drawings of the tools that are held in one hand or two, in millimetres around their pivot."""

from itertools import pairwise

from sequencer.files.samples.colours import (
    BRIGHT_STEEL,
    DARK_STEEL,
    DEEP_GREEN,
    GREEN,
    ORANGE,
    STEEL,
    Colour,
)
from sequencer.files.samples.outline import Point, Shape, bar, box, curve, ellipse, placed, rounded


def bypass_pruner(grip: Colour = GREEN, second_grip: Colour = DEEP_GREEN) -> tuple[Shape, ...]:
    """210 mm from end to tip, jaws to the right and open."""
    return (
        *_spring(),
        _handle(second_grip, is_mirrored=True),
        *placed((_hook(),), (0, 0), turn=4),
        *placed(_blade(), (0, 0), turn=-15),
        _handle(grip, is_mirrored=False),
        Shape(outline=rounded(-150, -31, 16, 7, 3.4), fill=ORANGE),
        *_bolt(9),
    )


def _handle(fill: Colour, *, is_mirrored: bool) -> Shape:
    grip = curve(
        (6, -9), (-8, -15), (-30, -24), (-60, -33), (-100, -38), (-138, -35), (-150, -28), (-150, -22),
        (-142, -19), (-110, -22), (-84, -20), (-58, -14), (-34, -3), (-16, 9), (0, 11), (9, 3),
    )  # fmt: skip
    shape = Shape(outline=grip, fill=fill)
    return placed((shape,), (0, 0), turn=-4, is_mirrored=True)[0] if is_mirrored else shape


def _blade() -> tuple[Shape, ...]:
    body = curve(
        (-10, -8), (4, -14), (26, -17), (46, -12), (61, 2), (61, 2), (46, 9), (28, 12), (8, 10), (-10, 9)
    )
    edge = curve((61, 2), (61, 2), (46, 9), (28, 12), (12, 11), (12, 11), (28, 8), (46, 5))
    return (Shape(outline=body, fill=STEEL), Shape(outline=edge, fill=BRIGHT_STEEL))


def _hook() -> Shape:
    hook = curve(
        (-10, -6), (2, -9), (12, 4), (24, 10), (40, 10), (56, -2), (56, -2), (57, 8), (46, 20), (26, 25),
        (8, 20), (-8, 11),
    )  # fmt: skip
    return Shape(outline=hook, fill=DARK_STEEL)


def _spring() -> tuple[Shape, ...]:
    turns: tuple[Point, ...] = tuple((-44 + (step % 2) * 9, -12 + step * 4.0) for step in range(7))
    return tuple(Shape(outline=bar(start, end, 2.6), fill=STEEL) for start, end in pairwise(turns))


def _bolt(radius: float) -> tuple[Shape, ...]:
    return (
        Shape(outline=ellipse(0, 0, radius), fill=DARK_STEEL),
        Shape(outline=ellipse(0, 0, radius * 0.55, corners=6), fill=BRIGHT_STEEL),
    )


def anvil_pruner() -> tuple[Shape, ...]:
    """200 mm: a straight blade that closes on a flat anvil."""
    anvil = curve(
        (-8, 2), (-8, 2), (10, 8), (54, 8), (58, 12), (54, 20), (54, 20), (20, 21), (-8, 14), (-8, 14)
    )
    blade = curve((-10, -8), (8, -14), (40, -8), (56, 4), (56, 4), (-8, 10), (-8, 10))
    return (
        *_spring(),
        _handle(DARK_STEEL, is_mirrored=True),
        Shape(outline=anvil, fill=DARK_STEEL),
        *placed((Shape(outline=blade, fill=STEEL),), (0, 0), turn=-14),
        _handle(ORANGE, is_mirrored=False),
        *_bolt(9),
    )


def lopper(*, is_telescopic: bool = True) -> tuple[Shape, ...]:
    """760 mm, with two tubes; a telescopic one has collars and thinner inner tubes."""
    arms = [_arm(is_telescopic=is_telescopic, is_mirrored=side) for side in (True, False)]
    head = curve((-40, -16), (-40, -16), (10, -20), (26, 0), (10, 20), (-40, 16), (-40, 16))
    return (
        *arms[0],
        *placed((_hook(),), (0, 0), 1.7, turn=4),
        *placed(_blade(), (0, 0), 1.7, turn=-17),
        *arms[1],
        *placed((Shape(outline=head, fill=DARK_STEEL),), (0, 0), 0.9, turn=8),
        *_bolt(14),
    )


def _arm(*, is_telescopic: bool, is_mirrored: bool) -> tuple[Shape, ...]:
    outer = 26 if is_telescopic else 24
    parts = [Shape(outline=bar((-20, 0), (-380, -6), outer), fill=GREEN)]
    if is_telescopic:
        parts = [Shape(outline=bar((-300, -4), (-520, -8), 18), fill=STEEL), *parts]
        parts.append(Shape(outline=rounded(-392, -24, 34, 36, 6), fill=ORANGE))
    else:
        parts = [Shape(outline=bar((-20, 0), (-520, -8), outer), fill=GREEN)]
    grip = curve(
        (-505, -21),
        (-505, -21),
        (-580, -26),
        (-650, -27),
        (-664, -10),
        (-650, 7),
        (-580, 7),
        (-505, 5),
        (-505, 5),
    )
    parts.append(Shape(outline=grip, fill=DEEP_GREEN))
    return placed(parts, (0, 0), turn=13, is_mirrored=False) if not is_mirrored else _other(parts)


def _other(parts: list[Shape]) -> tuple[Shape, ...]:
    return placed(parts, (0, 0), turn=-13, is_mirrored=True)


def hedge_shears() -> tuple[Shape, ...]:
    """560 mm: two straight blades of 250 mm and two handles."""
    one, other = _half_shears(STEEL, GREEN), _half_shears(BRIGHT_STEEL, DEEP_GREEN)
    return (
        *placed(other, (0, 0), turn=-9, is_mirrored=True),
        *placed(one, (0, 0), turn=9),
        *_bolt(13),
    )


def _half_shears(steel: Colour, grip: Colour) -> tuple[Shape, ...]:
    blade = curve(
        (-34, -4), (-10, -18), (30, -16), (130, -15), (250, -9), (250, -9), (252, 0), (252, 0), (130, 5),
        (20, 12), (-20, 14),
    )  # fmt: skip
    handle = curve(
        (-150, -14),
        (-150, -14),
        (-220, -17),
        (-292, -20),
        (-310, -8),
        (-298, 6),
        (-220, 8),
        (-150, 11),
        (-150, 11),
    )
    return (
        Shape(outline=bar((-24, 3), (-160, -1), 17, 13), fill=DARK_STEEL),
        Shape(outline=blade, fill=steel),
        Shape(outline=handle, fill=grip),
        Shape(outline=box(-156, -16, 10, 29), fill=ORANGE),
    )
