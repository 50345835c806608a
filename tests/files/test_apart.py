"""Work in a child process: its memory ends with it, and what fails there is left to whoever asked."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked here")

TELL = "import os, sys, threading\nfrom sequencer.files.apart import work_apart\n"


def said_by(code: str) -> str:
    """What a process of its own prints, having forked or not; it must complain of nothing."""
    words = [sys.executable, "-c", TELL + code]
    ended = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    assert ended.stderr == ""
    return ended.stdout


def test_the_work_is_done_in_another_process() -> None:
    assert said_by("print(work_apart(os.getpid) not in (None, os.getpid()))") == "True\n"


def test_what_the_work_loads_is_not_loaded_here() -> None:
    assert said_by("print(work_apart(lambda: __import__('colorsys').ONE_THIRD > 0.3))") == "True\n"
    assert said_by(
        "work_apart(lambda: __import__('colorsys').ONE_THIRD)\nprint('colorsys' in sys.modules)"
    ) == ("False\n")


def test_more_than_a_pipe_holds_comes_back_whole() -> None:
    assert said_by("print(len(work_apart(lambda: 'x' * 3_000_000)))") == "3000000\n"


@pytest.mark.parametrize(
    "work",
    [
        pytest.param("lambda: 1 / 0", id="it fails"),
        pytest.param("lambda: sys.exit(0)", id="it leaves"),
        pytest.param("lambda: os.kill(os.getpid(), 9)", id="it is killed"),
        pytest.param("lambda: lambda: 0", id="it gives what cannot be handed over"),
    ],
)
def test_work_that_fails_gives_nothing_and_says_nothing(work: str) -> None:
    assert said_by(f"print(work_apart({work}))") == "None\n"


def test_what_was_not_yet_printed_is_printed_once() -> None:
    assert said_by("print('once', end='')\nwork_apart(os.getpid)") == "once"


def test_no_child_is_left_behind() -> None:
    code = "work_apart(os.getpid)\ntry:\n    os.waitpid(-1, 0)\nexcept ChildProcessError:\n    print('none')"
    assert said_by(code) == "none\n"


def test_beside_other_threads_nothing_is_forked() -> None:
    """A lock that another thread holds at the fork would stay shut in the child."""
    code = """
end = threading.Event()
threading.Thread(target=end.wait).start()
print(work_apart(lambda: print("was run")))
end.set()
"""
    assert said_by(code) == "None\n"
