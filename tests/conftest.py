"""What every test shares: CI skips nothing, Hypothesis repeats itself there, DNS stays on loopback."""

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import dns.resolver
import pytest
from hypothesis import settings

REQUIRE_ALL = os.environ.get("SEQUENCER_REQUIRE_ALL") == "1"

# Hypothesis caches what it learns of the machine; that is no file of the checkout's.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(Path(__file__).parents[1] / ".pytest_cache" / "hypothesis")
)

# No deadline: timings are for benchmarks. No database: a failure is reproduced from its printed blob.
settings.register_profile("local", deadline=None, database=None, print_blob=True)
settings.register_profile("ci", deadline=None, database=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if REQUIRE_ALL else "local")


def pytest_configure() -> None:
    """Signals as a terminal would leave them.

    Whoever starts the tests in a script's background, or under nohup, has them ignored, and every daemon
    started from here would inherit that and rightly not stop.
    """
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    report = yield
    return _required(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    report = yield
    return _required(report)


@pytest.fixture(scope="session", autouse=True)
def no_name_servers() -> Iterator[None]:
    """A resolver is handed in; one that reads this computer's own settings is a fault of the test."""
    with pytest.MonkeyPatch.context() as patch:
        for reads in ("read_resolv_conf", "read_registry"):
            patch.setattr(dns.resolver.Resolver, reads, _refuse_name_servers)
        yield


def _refuse_name_servers(*_arguments: object) -> None:
    raise AssertionError("a test would ask this computer's own name servers: hand in a resolver")


def _required(report: Any) -> Any:
    """The report, a skip turned into a failure when nothing may be skipped."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"SEQUENCER_REQUIRE_ALL=1 allows no skip: {reason}"
    return report
