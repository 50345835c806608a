"""SQLAlchemy does not bring asyncio; whoever wants it has the real one, before and after."""

import subprocess
import sys

import pytest

IMPORTED_BY_SQLALCHEMY = "from sqlalchemy.util import compat; theirs = compat.asyncio"


def said_by(code: str) -> str:
    """By a fresh process: here, pytest may have loaded everything."""
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_store_loads_no_asyncio() -> None:
    assert said_by("import sys, sequencer.store.engine; print('asyncio' in sys.modules)") == "False"


@pytest.mark.parametrize("first", ["import asyncio as before\n", ""], ids=["loaded before", "not loaded"])
def test_who_imports_asyncio_afterwards_has_the_real_one(first: str) -> None:
    code = f"{first}import sequencer.store.engine, asyncio; print(asyncio.run(asyncio.sleep(0, 'ran')))"
    assert said_by(code) == "ran"


def test_what_sqlalchemy_asks_it_for_is_the_real_thing() -> None:
    code = f"import sequencer.store.engine; {IMPORTED_BY_SQLALCHEMY}; import asyncio\n"
    assert said_by(code + "print(theirs.TimeoutError is asyncio.TimeoutError)") == "True"


def test_sqlalchemys_way_to_tell_a_coroutine_still_tells_it() -> None:
    code = "import sequencer.store.engine; from sqlalchemy.util.concurrency import iscoroutine\n"
    code += "async def one(): pass\nmade = one()\nprint(iscoroutine(made), iscoroutine(one)); made.close()"
    assert said_by(code) == "True False"


def test_an_error_of_the_database_is_still_told_apart_from_a_cancelled_task() -> None:
    code = "import sequencer.store.engine; from sqlalchemy.util import is_exit_exception\n"
    assert (
        said_by(code + "print(is_exit_exception(OSError()), is_exit_exception(SystemExit()))") == "False True"
    )
