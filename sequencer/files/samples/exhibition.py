"""exhibition.png: the firm's stand in a hall, with visitors."""

from sequencer.files.samples.colours import DEEP_GREEN, GREEN, INK, ORANGE, STEEL, WHITE, WOOD, Colour, mixed
from sequencer.files.samples.hand_tools import bypass_pruner, hedge_shears, lopper
from sequencer.files.samples.long_tools import leaf_rake, shovel
from sequencer.files.samples.outline import bar, box, ellipse, placed, rounded
from sequencer.files.samples.people import person
from sequencer.files.samples.png import Canvas
from sequencer.files.samples.scene import HEIGHT, WIDTH, mark, plant, shadow, shadow_of, sign, slab
from sequencer.files.samples.sheet import emblem

_FLOOR = 500
_HALL: Colour = (214, 224, 230)
_WALL: Colour = (247, 245, 239)


def exhibition() -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, _HALL)
    _hall(canvas)
    _stand(canvas)
    _wares(canvas)
    _visitors(canvas)
    mark(canvas)
    return canvas.encoded()


def _hall(canvas: Canvas) -> None:
    canvas.shade(0, _FLOOR, (176, 193, 204), (228, 235, 238))
    canvas.fill(box(0, _FLOOR, WIDTH, HEIGHT - _FLOOR), (190, 186, 180))
    for x in range(-40, WIDTH + 40, 80):
        canvas.fill(bar((x, 70), (x + 40, 26), 4), (132, 148, 158))
        canvas.fill(bar((x + 40, 26), (x + 80, 70), 4), (132, 148, 158))
    for y in (24, 68):
        canvas.fill(box(0, y, WIDTH, 6), (112, 128, 138))
    for x, colour in ((0, (157, 178, 196)), (846, (200, 178, 160))):
        canvas.fill(box(x, 210, 114, 290), colour)
        canvas.fill(box(x, 190, 114, 44), mixed(colour, INK, 0.25))
        canvas.fill(box(x + 18, 268, 78, 60), mixed(colour, WHITE, 0.5))
        canvas.fill(box(x + 10, 410, 94, 90), mixed(colour, WHITE, 0.3))


def _stand(canvas: Canvas) -> None:
    canvas.fill(((90, 500), (870, 500), (930, 600), (30, 600)), (72, 118, 98))
    canvas.fill(((90, 500), (870, 500), (873, 506), (87, 506)), INK, 0.25)
    canvas.fill(box(120, 180, 720, 320), _WALL)
    for x in (360, 600):
        canvas.fill(box(x, 190, 2, 310), (222, 218, 208))
    canvas.fill(box(120, 190, 14, 310), mixed(_WALL, INK, 0.14))
    canvas.fill(box(826, 190, 14, 310), mixed(_WALL, INK, 0.14))
    canvas.fill(box(100, 110, 760, 84), DEEP_GREEN)
    canvas.fill(box(100, 186, 760, 8), ORANGE)
    canvas.draw(placed(emblem(), (190, 148), 0.58))
    sign(canvas, (512, 148), "HARBOUR TOOLS", 34, WHITE)
    for x in (220, 400, 580, 760):
        canvas.fill(rounded(x - 12, 194, 24, 12, 4), INK)
        canvas.fill(((x - 10, 206), (x + 10, 206), (x + 88, 500), (x - 88, 500)), (255, 236, 180), 0.28)


def _wares(canvas: Canvas) -> None:
    """Tools on the back wall, two counters with samples, a poster."""
    hung = (
        *placed(leaf_rake(), (178, 336), 0.11, turn=-90),
        *placed(shovel(), (236, 350), 0.19, turn=-90),
        *placed(shovel(is_spade=True), (306, 310), 0.19, turn=-90),
        *placed(lopper(), (640, 270), 0.24, turn=-90),
        *placed(hedge_shears(), (730, 296), 0.3, turn=-90),
        *placed(bypass_pruner(), (794, 264), 0.4, turn=-90),
    )
    shadow_of(canvas, hung, 4, 4, 0.16)
    canvas.draw(hung)
    canvas.fill(rounded(374, 214, 212, 160, 8), GREEN)
    canvas.fill(ellipse(480, 296, 66), mixed(GREEN, WHITE, 0.16))
    canvas.draw(placed(bypass_pruner(ORANGE, mixed(ORANGE, INK, 0.25)), (504, 296), 0.68, turn=-25))
    for x, width in ((330, 130), (500, 130)):
        shadow(canvas, x + width / 2, 536, width * 0.56, 9)
        slab(canvas, (x, 424), width, 112, WOOD if x < 400 else WHITE, 0.1)
        canvas.fill(box(x + 12, 448, width - 24, 76), mixed(WOOD, INK, 0.12) if x < 400 else (228, 230, 226))
    canvas.draw(placed(emblem(), (565, 486), 0.5))
    for place in range(3):
        canvas.draw(placed(bypass_pruner(), (372 + place * 32, 414), 0.17, turn=-90))
        canvas.fill(box(512 + place * 38, 410 - place * 2, 30, 14 + place * 2), (ORANGE, GREEN, STEEL)[place])
    plant(canvas, (146, 540), 120, ORANGE)
    plant(canvas, (836, 540), 120, WHITE)


def _visitors(canvas: Canvas) -> None:
    for x, y, height, top, trousers, reach in (
        (282.0, 578.0, 214.0, (62, 92, 138), (48, 56, 74), 0.75),
        (686.0, 562.0, 206.0, DEEP_GREEN, INK, -0.6),
        (768.0, 586.0, 212.0, (168, 70, 66), (70, 66, 74), 0.0),
    ):
        shadow(canvas, x, y, 46, 8, 0.24)
        canvas.draw(person((x, y), height, top, trousers, reach=reach))
