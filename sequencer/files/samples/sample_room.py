"""sample-room.png: a wall of tools, shelves and a table for talks."""

from sequencer.files.samples.colours import DEEP_WOOD, GREEN, INK, ORANGE, WHITE, WOOD, Colour, mixed
from sequencer.files.samples.hand_tools import anvil_pruner, bypass_pruner, hedge_shears, lopper
from sequencer.files.samples.long_tools import bow_rake, leaf_rake, shovel
from sequencer.files.samples.outline import bar, box, ellipse, placed, rounded
from sequencer.files.samples.png import Canvas
from sequencer.files.samples.scene import HEIGHT, WIDTH, mark, plant, shadow, shadow_of, sign
from sequencer.files.samples.sheet import emblem

_FLOOR = 500
_WALL: Colour = (236, 232, 222)
_BOARD: Colour = (222, 192, 150)


def sample_room() -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, _WALL)
    canvas.fill(box(0, _FLOOR, WIDTH, HEIGHT - _FLOOR), (176, 138, 102))
    for x in range(-300, WIDTH + 400, 90):
        canvas.fill(bar((480 + (x - 480) * 0.8, _FLOOR), (480 + (x - 480) * 1.4, HEIGHT), 2), (156, 120, 86))
    canvas.fill(box(0, _FLOOR - 16, WIDTH, 16), WHITE)
    canvas.fill(box(0, 34, WIDTH, 70), GREEN)
    canvas.draw(placed(emblem(), (330, 69), 0.5))
    sign(canvas, (506, 69), "SAMPLE ROOM", 24, WHITE)
    _board(canvas)
    _tools(canvas)
    _table(canvas)
    mark(canvas)
    return canvas.encoded()


def _board(canvas: Canvas) -> None:
    canvas.fill(box(56, 140, 854, 312), INK, 0.12)
    canvas.fill(box(50, 132, 854, 312), mixed(_BOARD, INK, 0.3))
    canvas.fill(box(57, 139, 840, 298), _BOARD)
    holes = mixed(_BOARD, INK, 0.16)
    for y in range(154, 430, 24):
        for x in range(70, 892, 24):
            canvas.fill(box(x, y, 3, 3), holes)
    for x in (170, 478, 786):
        canvas.fill(box(x - 2, 104, 4, 12), INK)
        canvas.fill(rounded(x - 26, 114, 52, 14, 6), INK)
        canvas.fill(((x - 22, 128), (x + 22, 128), (x + 110, 437), (x - 110, 437)), (255, 244, 206), 0.22)


def _tools(canvas: Canvas) -> None:
    hung = (
        *placed(leaf_rake(), (128, 256), 0.15, turn=-90),
        *placed(bow_rake(), (230, 226), 0.14, turn=-90),
        *placed(shovel(), (318, 250), 0.21, turn=-90),
        *placed(shovel(is_spade=True), (398, 250), 0.21, turn=-90),
        *placed(lopper(), (500, 226), 0.27, turn=-90),
        *placed(lopper(is_telescopic=False), (608, 226), 0.25, turn=-90),
        *placed(hedge_shears(), (700, 264), 0.38, turn=-90),
        *placed(bypass_pruner(), (780, 214), 0.56, turn=-90),
        *placed(bypass_pruner(ORANGE, mixed(ORANGE, INK, 0.3)), (850, 214), 0.56, turn=-90),
        *placed(anvil_pruner(), (780, 350), 0.56, turn=-90),
        *placed(bypass_pruner((60, 96, 150), (40, 66, 108)), (850, 350), 0.56, turn=-90),
    )
    shadow_of(canvas, hung, 5, 6, 0.2)
    canvas.draw(hung)


def _table(canvas: Canvas) -> None:
    """In front: a table with a catalogue, two pruners, cups and two chairs."""
    shadow(canvas, 480, 622, 320, 16, 0.2)
    for x in (250, 690):
        canvas.fill(box(x, 520, 20, 102), DEEP_WOOD)
    canvas.fill(((240, 490), (720, 490), (780, 540), (180, 540)), WOOD)
    canvas.fill(box(180, 540, 600, 16), DEEP_WOOD)
    canvas.fill(((330, 502), (398, 502), (396, 528), (312, 528)), WHITE)
    canvas.fill(((398, 502), (466, 502), (480, 528), (396, 528)), (238, 240, 238))
    canvas.fill(((340, 507), (388, 507), (386, 522), (330, 522)), GREEN)
    for y in (507, 513, 519):
        canvas.fill(bar((408, y), (456 + (y - 507) / 2, y), 2), (150, 160, 164))
    canvas.draw(placed(bypass_pruner(), (596, 508), 0.5, turn=-8))
    for x in (268, 690):
        canvas.fill(ellipse(x, 528, 22, 6), (214, 214, 208))
        canvas.fill(((x - 13, 502), (x + 13, 502), (x + 9, 528), (x - 9, 528)), WHITE)
        canvas.fill(ellipse(x, 502, 13, 4), (112, 74, 50))
    for x in (92, 868):
        shadow(canvas, x, 600, 46, 8, 0.22)
        plant(canvas, (x, 600), 150, ORANGE if x < 480 else WHITE)
