"""Which hosts may be spoken to without encryption: this machine, and no name that only looks like it."""

import pytest

from sequencer.core.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.9", "::1", "[::1]", "localhost", "LocalHost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "192.0.2.1", "0.0.0.0", "::", "localhost.firm.example", "127.0.0.1.firm.example"]
)
def test_any_other(host: str) -> None:
    assert not is_loopback(host)
