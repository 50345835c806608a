"""No log while a command plays what did not happen."""

import contextlib
import logging
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_log() -> Iterator[None]:
    """What the flows log of refusals and holds is part of the play, and told at its end."""
    logger = logging.getLogger("sequencer")
    silent, was_passed_on = logging.NullHandler(), logger.propagate
    logger.addHandler(silent)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = was_passed_on
        logger.removeHandler(silent)
