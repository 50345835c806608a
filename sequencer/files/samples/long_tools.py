"""Drawings of the tools with a long shaft, in millimetres; the head is at the right, the shaft goes left."""

import math

from sequencer.files.samples.colours import DARK_STEEL, DEEP_WOOD, GREEN, ORANGE, STEEL, WOOD, Colour
from sequencer.files.samples.outline import Shape, bar, box, curve, ellipse, rounded


def leaf_rake(shaft: Colour = WOOD, tines: int = 15) -> tuple[Shape, ...]:
    """1,400 mm; a fan of spring tines held by two bands."""
    angles = [math.radians(-38 + 76 * place / (tines - 1)) for place in range(tines)]
    found: list[Shape] = []
    for angle in angles:
        reach = (430 * math.cos(angle), 430 * math.sin(angle) * 0.86)
        start = (30.0, 46 * math.sin(angle))
        found.append(Shape(outline=bar(start, reach, 8), fill=STEEL))
        found.append(Shape(outline=bar(reach, (reach[0] + 8, reach[1] + 26), 8), fill=STEEL))
    for radius in (180, 320):
        found.append(Shape(outline=_band(angles[0], angles[-1], radius), fill=DARK_STEEL))
    socket = curve(
        (-60, -17),
        (-60, -17),
        (30, -30),
        (70, -46),
        (70, -46),
        (70, 46),
        (70, 46),
        (30, 30),
        (-60, 17),
        (-60, 17),
    )
    return (*_shaft(-960, -50, shaft), *found, Shape(outline=socket, fill=GREEN))


def _band(first: float, last: float, radius: float) -> tuple[tuple[float, float], ...]:
    angles = [first + (last - first) * step / 12 for step in range(13)]
    inner = [(radius * math.cos(angle), radius * math.sin(angle) * 0.87) for angle in angles]
    return (*inner, *((x + 13, y * 1.03) for x, y in reversed(inner)))


def bow_rake() -> tuple[Shape, ...]:
    """1,500 mm; a bar with fourteen forged teeth, carried by a bow."""
    teeth = [-190 + place * 380 / 13 for place in range(14)]
    bows = [Shape(outline=bar((0, side * 8), (60, side * 110), 11), fill=DARK_STEEL) for side in (-1, 1)] + [
        Shape(outline=bar((58, side * 106), (120, side * 160), 11), fill=DARK_STEEL) for side in (-1, 1)
    ]
    return (
        *_shaft(-1300, 0, WOOD),
        *bows,
        *(Shape(outline=bar((128, y), (205, y), 13, 5), fill=STEEL) for y in teeth),
        Shape(outline=rounded(112, -204, 24, 408, 10), fill=DARK_STEEL),
        Shape(outline=rounded(-90, -19, 120, 38, 8), fill=GREEN),
    )


def shovel(*, is_spade: bool = False) -> tuple[Shape, ...]:
    """1,050 mm with a D-grip; a round point, or the straight edge of a spade."""
    round_blade = curve(
        (0, -34), (0, -34), (26, -112), (60, -122), (180, -120), (270, -72), (318, 0), (318, 0), (270, 72),
        (180, 120), (60, 122), (26, 112), (0, 34), (0, 34),
    )  # fmt: skip
    square_blade = ((8, -92), (290, -86), (300, 0), (290, 86), (8, 92))
    rib = curve((-40, -22), (-40, -22), (90, -24), (190, 0), (190, 0), (90, 24), (-40, 22), (-40, 22))
    return (
        *_shaft(-640, -20, WOOD),
        Shape(outline=square_blade if is_spade else round_blade, fill=STEEL),
        Shape(outline=rib, fill=DARK_STEEL),
        Shape(outline=rounded(-150, -23, 130, 46, 8), fill=DARK_STEEL),
        *_d_grip(-640),
    )


def _d_grip(x: float) -> tuple[Shape, ...]:
    return (
        Shape(outline=bar((x + 10, 0), (x - 76, -56), 20), fill=GREEN),
        Shape(outline=bar((x + 10, 0), (x - 76, 56), 20), fill=GREEN),
        Shape(outline=ellipse(x + 6, 0, 24), fill=GREEN),
        Shape(outline=rounded(x - 94, -74, 30, 148, 14), fill=ORANGE),
    )


def _shaft(start: float, end: float, fill: Colour) -> tuple[Shape, ...]:
    return (
        Shape(outline=rounded(start, -14, end - start, 28, 13), fill=fill),
        Shape(
            outline=box(start + 20, 3, end - start - 20, 5), fill=DEEP_WOOD if fill == WOOD else DARK_STEEL
        ),
    )
