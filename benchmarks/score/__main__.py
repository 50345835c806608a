"""The figures of a labelled folder beside those of libraries on the public one; every target must be met.

    python -m benchmarks.score DIR        DIR: labels.jsonl, eml/ and sent.jsonl

Exit 0: every target is met; 1: one is missed.
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


def main() -> int:
    """Score the folder that the command line names."""
    if len(sys.argv) != 2 or not Path(sys.argv[1], "labels.jsonl").exists():
        print("Usage: python -m benchmarks.score DIR (with labels.jsonl and eml/)", file=sys.stderr)
        return 2
    pairs = labelled_folder(Path(sys.argv[1]), SystemClock())
    measures = {one.name: one for one in score(pairs)}
    show_score(pairs, list(measures.values()))
    beside(measures)
    missed = [name for name, one in measures.items() if not one.is_met]
    for name in missed:
        print(f"MISSED: {name}: {measures[name].share:.2%}")
    return 1 if missed else 0


def beside(measures: dict[str, Measure]) -> None:
    """Ours and the libraries' figures on bounces."""
    ours = [measures[name].share * 100 for name in BESIDE]
    print("\nBounces, in percent: found / recipients exact / permanent or temporary right")
    for name, *figures, rate in (("this program, on this folder", *ours, "above"), *LIBRARIES):
        print(f"  {name:40} {' / '.join(f'{figure:.1f}' for figure in figures):22} {rate} messages a second")


if __name__ == "__main__":
    sys.exit(main())
