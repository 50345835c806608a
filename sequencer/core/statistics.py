"""Rates with their uncertainty: a handful of replies is not a trend."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.96


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a proportion, as fractions; (0, 1) when nothing was tried.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927). `z` 1.96 is 95 %. ValueError unless 0 ≤ successes ≤ trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must be between 0 and trials, got {successes} of {trials}")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    # Exact at both ends, where rounding would leave a trace.
    return (
        0.0 if successes == 0 else centre - half,
        1.0 if successes == trials else centre + half,
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with the 95 % interval."""

    successes: int
    trials: int

    @property
    def share(self) -> float | None:
        """The proportion, 0 to 1; None when nothing was tried."""
        return self.successes / self.trials if self.trials else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson_interval(self.successes, self.trials)

    def __str__(self) -> str:
        """`12/80 15.0 % (8.8–24.4)`; `0/0 –` when nothing was tried."""
        if self.share is None:
            return f"{self.successes}/{self.trials} –"
        low, high = self.interval
        return f"{self.successes}/{self.trials} {self.share * 100:.1f} % ({low * 100:.1f}–{high * 100:.1f})"
