"""Two mailboxes at work for each test, from a workspace that is enrolled once a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desks import Desks, make_enrolled, open_desks


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_enrolled(tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def desks(tmp_path: Path, enrolled: Path) -> Iterator[Desks]:
    with open_desks(tmp_path, enrolled) as desks:
        yield desks
