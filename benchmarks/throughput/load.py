"""The loads: how many messages, what they carry, and the targets that hold for them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One row of the question: so many messages of this kind, sent one after the other."""

    name: str
    messages: int
    attachment_bytes: int = 0
    """Size of the one PDF that every message carries; 0: none."""

    @property
    def attachments_mb(self) -> float:
        """All distinct attachments together, in the megabytes in which memory is told."""
        return self.attachment_bytes / 1e6

    def scaled(self, messages: int | None) -> "Load":
        """The same load with another number of messages."""
        return self if messages is None else replace(self, messages=messages)


SMALL = Load(name="4 kB", messages=10_000)
LARGE = Load(name="2 MB", messages=60, attachment_bytes=2_000_000)
