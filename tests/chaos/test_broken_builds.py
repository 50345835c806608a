"""A build that breaks a promise is found out: each way of breaking it, by what it breaks."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import play
from tests.chaos.story import told

WHILE_LEAVING = ("before dot", "after dot", "before commit sent")
BETWEEN_TWO = ("after commit sent", "before mail", "before rcpt")


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves its workspace for the others."""
    return tmp_path_factory.mktemp("enrolled") / "ws"


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("broken", "places", "found"),
    [
        ("late-mark", WHILE_LEAVING, "is held, and claimed on disk"),
        ("claimed-again", WHILE_LEAVING, "is held 2 times"),
        ("late-outcome", BETWEEN_TWO, "nothing explains it"),
        ("open-gate", BETWEEN_TWO, "was not looked at since"),
        ("careless-commits", BETWEEN_TWO, "is only synchronous=normal"),
    ],
)
def test_a_build_broken_on_purpose_fails_the_proof(
    tmp_path: Path, enrolled: Path, broken: str, places: tuple[str, ...], found: str
) -> None:
    verdict = play(
        tmp_path,
        seed=1,
        kills=8,
        messages=30,
        broken=broken,
        outages=0.5 if broken == "open-gate" else 0.0,
        only=places,
        every_instant=False,
        enrolled=enrolled,
    )
    assert any(found in breach for breach in verdict.breaches), told(verdict, 0)
