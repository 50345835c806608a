"""The only SQL: one function per question; takes and returns core values."""

from sequencer.store.without_asyncio import stand_in, step_aside

stand_in()
import sqlalchemy.dialects.sqlite  # noqa: E402, F401

step_aside()
