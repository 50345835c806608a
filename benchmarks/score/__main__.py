"""The figures of a labelled folder, those of libraries on the public one, and floors that must hold.

    python -m benchmarks.score DIR        DIR: labels.jsonl, eml/ and sent.jsonl

Exit 0: every floor holds; 1: one was gone below. Targets that are missed are printed, and are no failure.
"""

import sys
from pathlib import Path

from sequencer.cli.inbox_classify import show_score
from sequencer.clock import SystemClock
from sequencer.core.corpus import Measure, score
from sequencer.flows.classify_files import labelled_folder

LIBRARIES = (
    ("Sisimai (Perl) 5.1.0p3", 98.2, 97.5, 97.5, "860-1,460"),
    ("flufl.bounce 6.0.0", 88.6, 87.3, 81.1, "2,700"),
    ("standard library, delivery-status part", 54.6, 54.4, 53.6, "6,100"),
    ("bounced 0.3.0", 52.2, 51.6, 51.6, "3,700"),
)
"""On the public corpus' 615 bounces and delays, in percent, and messages a second (measured 2026-11-21)."""
BESIDE = ("bounces and delays found", "failed recipients exact", "permanent or temporary")
FLOORS = {
    "failed recipients exact": 0.985,
    "hard (Sisimai's tests)": 0.964,
}
"""Where a target is not met yet: what was reached, which nothing may undo."""


def main() -> int:
    """Score the folder that the command line names."""
    if len(sys.argv) != 2 or not Path(sys.argv[1], "labels.jsonl").exists():
        print("Usage: python -m benchmarks.score DIR (with labels.jsonl and eml/)", file=sys.stderr)
        return 2
    pairs = labelled_folder(Path(sys.argv[1]), SystemClock())
    measures = {one.name: one for one in score(pairs)}
    show_score(pairs, list(measures.values()))
    beside(measures)
    below = [name for name, one in measures.items() if not holds(one)]
    for name in below:
        print(f"BELOW ITS FLOOR: {name}: {measures[name].share:.1%}")
    return 1 if below else 0


def beside(measures: dict[str, Measure]) -> None:
    """Ours and the libraries' figures on bounces."""
    ours = [measures[name].share * 100 for name in BESIDE]
    print("\nBounces, in percent: found / recipients exact / permanent or temporary right")
    for name, *figures, rate in (("this program, on this folder", *ours, "above"), *LIBRARIES):
        print(f"  {name:40} {' / '.join(f'{figure:.1f}' for figure in figures):22} {rate} messages a second")


def holds(one: Measure) -> bool:
    """At least its target or, where that is not reached yet, its floor."""
    if one.at_least is None:
        return one.is_met
    return one.share >= min(one.at_least, FLOORS.get(one.name, 1.0))


if __name__ == "__main__":
    sys.exit(main())
