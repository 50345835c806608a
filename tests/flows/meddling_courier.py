"""A courier during whose conversation something happens, as another thread or process would do it."""

from collections.abc import Callable
from typing import Any

from sequencer.core.ports import Outcome, Outgoing
from sequencer.testing import RecordingCourier


def nothing() -> None:
    """Nothing happens."""


class MeddlingCourier(RecordingCourier):
    """`before_mark` happens between RCPT and the mark `sending`, `after_content` before the outcome."""

    def __init__(self, mailbox_name: str = "wang") -> None:
        super().__init__(mailbox_name)
        self.before_mark: Callable[[], object] = nothing
        self.after_content: Callable[[], object] = nothing

    def send(self, outgoing: Outgoing, may_send: Callable[[], bool], **more: Any) -> Outcome:
        def meddled() -> bool:
            self.before_mark()
            return may_send()

        outcome = super().send(outgoing, meddled, **more)
        self.after_content()
        return outcome
