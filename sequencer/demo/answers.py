"""What a buyer, or a mail system on their behalf, sends for one message of ours."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sequencer.demo import letters, reports, responders
from sequencer.demo.buyer import Answer, Buyer, Habit, Temper
from sequencer.demo.original import Original, original_of
from sequencer.demo.receipt import Receipt

_STOPPING = frozenset(
    {
        Temper.REPLY,
        Temper.QUESTION,
        Temper.FRESH_MAIL,
        Temper.COLLEAGUE,
        Temper.UNSUBSCRIBE_BUTTON,
        Temper.UNSUBSCRIBE_WORDS,
        Temper.COMPLAINT,
        Temper.DEAD,
        Temper.BY_HAND,
    }
)
"""After these no follow-up may leave; a note of absence, departure or a full mailbox is no such promise."""

_BY_SYSTEM = frozenset({Temper.DEAD, Temper.FULL, Temper.OUT_OF_OFFICE, Temper.LEFT})
"""Sent with an empty envelope sender, so that nothing answers them."""

_Words = Callable[[Buyer, Receipt, Original, datetime], bytes]

_IN_WORDS: Mapping[Temper, _Words] = {
    Temper.REPLY: lambda b, _, o, at: letters.in_thread(b, Temper.REPLY, o, at),
    Temper.QUESTION: lambda b, _, o, at: letters.in_thread(b, Temper.QUESTION, o, at),
    Temper.UNSUBSCRIBE_WORDS: lambda b, _, o, at: letters.in_thread(b, Temper.UNSUBSCRIBE_WORDS, o, at),
    Temper.FRESH_MAIL: lambda b, _, o, at: letters.fresh(b, o, at),
    Temper.COLLEAGUE: lambda b, _, o, at: letters.by_colleague(b, o, at),
    Temper.UNSUBSCRIBE_BUTTON: lambda b, _, o, at: letters.unsubscribe_button(b, o, at),
    Temper.OUT_OF_OFFICE: lambda b, _, o, at: responders.out_of_office(b, o, at),
    Temper.LEFT: lambda b, _, o, at: responders.left(b, o, at),
    Temper.COMPLAINT: lambda b, r, _, at: reports.complaint(b, r, at),
    Temper.DEAD: lambda b, r, o, at: reports.delivery_failure(b, r, o, at, reports.UNKNOWN_USER),
    Temper.FULL: lambda b, r, o, at: reports.delivery_failure(b, r, o, at, reports.OVER_QUOTA),
}
"""The tempers that write; by hand the rep writes, the others say nothing."""


def answer(buyer: Buyer, habit: Habit, receipt: Receipt, mailbox: str) -> Answer | None:
    """The answer to this receipt, whatever its number; None for tempers that send nothing.

    `mailbox` is the address of ours that reads the answers; the unsubscribe button writes to the address
    in List-Unsubscribe instead. ValueError when the button is pressed on a message without one.
    """
    at = receipt.at + max(habit.after_in, timedelta(seconds=1))
    temper = habit.temper
    if temper is Temper.BY_HAND:
        return _by_hand(buyer, receipt, mailbox, at)
    words = _IN_WORDS.get(temper)
    if words is None:
        return None
    original = original_of(receipt)
    if temper is Temper.UNSUBSCRIBE_BUTTON:
        if not original.unsubscribe_to:
            raise ValueError(f"{original.message_id} has no List-Unsubscribe mailto for {buyer.address}")
        mailbox = original.unsubscribe_to
    return Answer(
        at=at,
        temper=temper,
        buyer=receipt.recipient,
        mailbox=mailbox,
        sender=_envelope_sender(buyer, temper),
        raw=words(buyer, receipt, original, at),
        is_stopping=temper in _STOPPING,
    )


def _by_hand(buyer: Buyer, receipt: Receipt, mailbox: str, at: datetime) -> Answer:
    return Answer(
        at=at,
        temper=Temper.BY_HAND,
        buyer=receipt.recipient,
        mailbox=mailbox,
        sender=mailbox,
        raw=letters.by_hand(buyer, original_of(receipt), mailbox, at),
        is_stopping=True,
        is_sent_copy=True,
    )


def _envelope_sender(buyer: Buyer, temper: Temper) -> str:
    if temper in _BY_SYSTEM:
        return ""
    if temper is Temper.COMPLAINT:
        return reports.PROVIDER_ADDRESS
    return buyer.colleague_address if temper is Temper.COLLEAGUE else buyer.address
