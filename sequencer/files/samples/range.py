"""The invented range of tools that every sample document draws on, so that their figures agree."""

from collections.abc import Callable
from dataclasses import dataclass

from sequencer.files.samples.hand_tools import anvil_pruner, bypass_pruner, hedge_shears, lopper
from sequencer.files.samples.long_tools import bow_rake, leaf_rake, shovel
from sequencer.files.samples.outline import Shape

PORT = "Ningbo"
STEPS = (500, 2_000, 5_000)
"""Quantities, in pieces of one item, from which each price holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One tool as the firm sells it: grams, US cents per piece FOB, centimetres of the carton."""

    number: str
    name: str
    size: str
    material: str
    grams: int
    per_carton: int
    carton: tuple[int, int, int]
    hs_code: str
    cents: tuple[int, int, int]
    drawing: Callable[[], tuple[Shape, ...]]

    @property
    def net_kg(self) -> float:
        """Of one full carton."""
        return self.per_carton * self.grams / 1000

    @property
    def gross_kg(self) -> float:
        """Of one full carton: the board weighs some 1.1 kg."""
        return self.net_kg + 1.1

    @property
    def cubic_metres(self) -> float:
        length, width, height = self.carton
        return length * width * height / 1_000_000

    @property
    def pieces_per_container(self) -> int:
        """In 28 cubic metres or 20,000 kg, whichever is full first: a 20-foot container."""
        return int(min(28 / self.cubic_metres, 20_000 / self.gross_kg)) * self.per_carton


BYPASS = Item(
    number="BP-210",
    name="Bypass pruner",
    size="210 mm, cuts 22 mm",
    material="SK5 blade, forged aluminium handles",
    grams=245,
    per_carton=60,
    carton=(46, 32, 28),
    hs_code="8201.50",
    cents=(435, 390, 362),
    drawing=bypass_pruner,
)
ANVIL = Item(
    number="AP-200",
    name="Anvil pruner",
    size="200 mm, cuts 18 mm",
    material="SK5 blade, glass-filled nylon handles",
    grams=198,
    per_carton=72,
    carton=(46, 32, 28),
    hs_code="8201.50",
    cents=(298, 262, 241),
    drawing=anvil_pruner,
)
TELESCOPIC_LOPPER = Item(
    number="TL-1020",
    name="Telescopic lopper",
    size="680–1,020 mm, cuts 45 mm",
    material="SK5 blade, oval aluminium tubes",
    grams=1480,
    per_carton=10,
    carton=(72, 28, 26),
    hs_code="8201.60",
    cents=(1145, 1038, 982),
    drawing=lopper,
)
LOPPER = Item(
    number="LP-760",
    name="Bypass lopper",
    size="760 mm, cuts 40 mm",
    material="65Mn blade, steel tubes",
    grams=1260,
    per_carton=12,
    carton=(79, 28, 24),
    hs_code="8201.60",
    cents=(738, 665, 622),
    drawing=lambda: lopper(is_telescopic=False),
)
SHEARS = Item(
    number="HS-560",
    name="Hedge shears",
    size="560 mm, blade 250 mm",
    material="65Mn blades, soft two-component grips",
    grams=860,
    per_carton=16,
    carton=(59, 34, 24),
    hs_code="8201.60",
    cents=(672, 604, 566),
    drawing=hedge_shears,
)
LEAF_RAKE = Item(
    number="LR-15",
    name="Leaf rake, 15 tines",
    size="head 430 mm, shaft 1,000 mm",
    material="spring steel, ash shaft",
    grams=690,
    per_carton=12,
    carton=(104, 46, 22),
    hs_code="8201.30",
    cents=(392, 351, 327),
    drawing=leaf_rake,
)
BOW_RAKE = Item(
    number="BR-14",
    name="Bow rake, 14 teeth",
    size="head 400 mm, shaft 1,300 mm",
    material="forged 45# steel, ash shaft",
    grams=1380,
    per_carton=8,
    carton=(138, 42, 18),
    hs_code="8201.30",
    cents=(618, 556, 521),
    drawing=bow_rake,
)
SHOVEL = Item(
    number="SH-240",
    name="Round-point shovel",
    size="240 × 320 mm, 1,050 mm",
    material="65Mn steel, ash shaft, D-grip",
    grams=1890,
    per_carton=6,
    carton=(108, 30, 26),
    hs_code="8201.10",
    cents=(704, 641, 603),
    drawing=shovel,
)
SPADE = Item(
    number="SP-180",
    name="Garden spade",
    size="180 × 290 mm, 1,050 mm",
    material="65Mn steel, ash shaft, D-grip",
    grams=1920,
    per_carton=6,
    carton=(108, 30, 24),
    hs_code="8201.10",
    cents=(718, 653, 615),
    drawing=lambda: shovel(is_spade=True),
)
RANGE = (BYPASS, ANVIL, TELESCOPIC_LOPPER, LOPPER, SHEARS, LEAF_RAKE, BOW_RAKE, SHOVEL, SPADE)


def dollars(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"
