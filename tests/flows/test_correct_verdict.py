"""A verdict that a person corrects: its effects are taken back where that is safe, the missed ones done."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.clock import SystemClock
from sequencer.core.contact import Stage
from sequencer.core.corpus import score
from sequencer.core.inbound import AutoReplyType, BounceClass, VerdictKind
from sequencer.core.marks import Mark
from sequencer.core.ports import ReadFailure
from sequencer.errors import InputError
from sequencer.flows.classify_files import labelled_folder
from sequencer.flows.enroll import Rules
from sequencer.flows.keep_fixture import keep_as_fixture
from sequencer.flows.report import report
from sequencer.store import outbox
from sequencer.store.marks import corrections_of
from tests.flows.ana import forget
from tests.flows.marking import ANA, Desk

K = VerdictKind
KINDS = [kind for kind in K if kind not in (K.OWN_COPY, K.HAND_WRITTEN)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "w")


def counts(desk: Desk) -> tuple[int, int, int]:
    """(replied, auto-replies, opted out) of the report."""
    [line] = report(desk.office.engine.store, by="sequence", now=desk.office.clock.now()).lines
    return line.replied, line.auto_replies, line.opted_out


def test_a_stop_that_was_missed_stops_now(desk: Desk) -> None:
    answer = desk.absence()
    assert desk.stand() == ["held out_of_office", "active"]
    found = desk.correct(answer, K.REPLY)
    assert desk.stand() == ["finished replied", "held company_replied"]
    assert desk.contact().stage is Stage.CONVERSATION
    assert found.said.left == []
    assert counts(desk) == (1, 0, 0)
    desk.office.run(desk.office.clock.now() + timedelta(days=5))
    assert len(desk.office.received()) == 2


def test_a_stop_that_was_wrong_says_the_command_that_begins_anew(desk: Desk) -> None:
    answer = desk.reply()
    assert counts(desk) == (1, 0, 0)
    found = desk.correct(answer, K.AUTO_REPLY)
    assert desk.stand() == ["finished replied", "active"]
    assert desk.contact().stage is Stage.OPPORTUNITY
    assert found.said.left == [
        f"enrollment 1 stays finished (replied); `sequencer enroll short --contact {ANA} --again`"
        " begins another round"
    ]
    assert counts(desk) == (0, 1, 0)
    assert not desk.office.plan(ANA, rules=Rules(again=True)).refused


def test_a_hold_that_was_wrong_ends(desk: Desk) -> None:
    answer = desk.absence()
    found = desk.correct(answer, K.OTHER)
    assert found.said.done == ["enrollment 1 goes on"]
    assert desk.stand() == ["active", "active"]
    desk.office.run(desk.office.clock.now() + timedelta(days=5))
    assert len(desk.office.received()) == 4


def test_an_opt_out_that_was_none_suppresses_no_longer(desk: Desk) -> None:
    answer = desk.reply("Unsubscribe me, please. Do not write to me again.")
    assert desk.suppressed() == [(ANA, "opted_out")]
    found = desk.correct(answer, K.REPLY)
    assert desk.suppressed() == []
    assert "no longer suppressed (opted_out)" in found.said.done
    assert counts(desk) == (1, 0, 0)


def test_an_opt_out_that_another_mail_asks_for_too_stays(desk: Desk) -> None:
    first = desk.reply("Unsubscribe me, please. Do not write to me again.")
    second = desk.mail("Unsubscribe me! I said so before.")
    found = desk.correct(first, K.REPLY)
    assert desk.suppressed() == [(ANA, "opted_out")]
    assert f"stays suppressed (opted_out): message {second} asks for it too" in found.said.left


def test_an_opt_out_that_was_missed_suppresses_now(desk: Desk) -> None:
    answer = desk.absence()
    desk.correct(answer, K.UNSUBSCRIBE)
    assert desk.stand() == ["finished opted_out", "active"]
    assert desk.suppressed() == [(ANA, "opted_out")]


def test_a_task_that_was_asked_wrongly_is_cancelled(desk: Desk) -> None:
    answer = desk.absence()
    desk.correct(answer, K.AUTO_REPLY, subtype=AutoReplyType.LEFT_COMPANY)
    assert [one.title for one in desk.tasks()] == ["Left the company: write to the address in their note"]
    assert desk.stand() == ["finished left", "active"]
    found = desk.correct(answer, K.AUTO_REPLY, subtype=AutoReplyType.OUT_OF_OFFICE)
    assert desk.tasks() == []
    assert "task 1 cancelled" in found.said.done


def test_a_dead_address_said_by_a_person_is_suppressed(desk: Desk) -> None:
    answer = desk.doubtful()
    desk.correct(answer, K.BOUNCE, bounce_class=BounceClass.DEAD)
    assert desk.stand() == ["finished bounced", "active"]
    assert desk.suppressed() == [(ANA, "bounced")]


def test_the_counter_of_the_mailbox_goes_back(desk: Desk) -> None:
    from sqlalchemy import select

    from sequencer.store.schema import mailboxes

    def complaints() -> int:
        with desk.office.engine.store.read() as tx:
            return int(
                tx.execute(select(mailboxes.c.complaints).where(mailboxes.c.name == "wang")).scalar() or 0
            )

    answer = desk.absence()
    desk.correct(answer, K.COMPLAINT)
    assert complaints() == 1
    desk.correct(answer, K.AUTO_REPLY)
    assert complaints() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_again_changes_nothing_and_there_and_back_keeps_the_record(desk: Desk, kind: K) -> None:
    answer = desk.absence()
    was = desk.answer(answer)
    first = desk.correct(answer, kind)
    assert first.is_new == (kind is not K.AUTO_REPLY)
    before = (desk.stand(), desk.contact(), desk.suppressed(), desk.answer(answer), desk.tasks())
    again = desk.correct(answer, kind)
    assert not again.is_new
    assert (desk.stand(), desk.contact(), desk.suppressed(), desk.answer(answer), desk.tasks()) == before
    with desk.office.engine.store.read() as tx:
        kept = corrections_of(tx, answer)
    if first.is_new:
        assert [(one.kind, one.verdict, one.effects) for one in kept] == [
            (was.kind, was.verdict, was.effects)
        ]
        assert desk.answer(answer).verdict["evidence"] == [
            {"rule": "corrected", "where": "person", "span": "wang"}
        ]
        [told] = desk.events("inbox.corrected")
        assert told.data == {"inbox_id": answer, "from": "auto_reply", "to": kind.value, "by": "wang"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_writes_nothing(desk: Desk, kind: K) -> None:
    answer = desk.absence()
    before = (desk.stand(), desk.contact(), desk.suppressed(), desk.answer(answer), desk.tasks())
    would = desk.correct(answer, kind, is_dry_run=True)
    assert (desk.stand(), desk.contact(), desk.suppressed(), desk.answer(answer), desk.tasks()) == before
    assert desk.events("inbox.corrected") == []
    assert desk.correct(answer, kind).said == would.said


def test_mail_that_had_matched_nobody_is_matched_when_it_is_fetched_again(desk: Desk) -> None:
    cited = "In-Reply-To: <relay@smtp.example>\r\n"
    answer = desk.mail("Yes, please call me.", sender="maria@elsewhere.example", head=cited)
    assert desk.answer(answer).contact_id is None
    with desk.office.engine.store.write() as tx:
        outbox.learn_wire_id(tx, 1, "<relay@smtp.example>")  # which a copy in Sent taught us since
    desk.correct(answer, K.REPLY)
    found = desk.answer(answer)
    assert (found.contact_id, found.from_address) == (1, "maria@elsewhere.example")
    assert found.own_text == "Yes, please call me."
    assert desk.stand()[0] == "finished replied"


def test_of_a_strangers_mail_nothing_is_kept_when_it_still_concerns_nobody(desk: Desk) -> None:
    answer = desk.mail("Buy our ink.", sender="sales@ink.example")
    desk.correct(answer, K.REPORT)
    found = desk.answer(answer)
    assert (found.kind, found.from_address, found.own_text, found.contact_id) == (K.REPORT, None, None, None)


def test_a_message_that_cannot_be_had_is_corrected_all_the_same(desk: Desk) -> None:
    answer = desk.absence()
    failure = ReadFailure(message="wang: 127.0.0.1:2143: connection lost while connecting")
    found = desk.correct(answer, K.REPLY, failure=failure)
    assert (found.raw, found.not_fetched) == (None, failure.message)
    assert desk.stand()[0] == "finished replied"
    desk.office.mailboxes["wang"].delete("INBOX", 1)
    gone = desk.correct(answer, K.REPLY)
    assert (gone.raw, gone.not_fetched) == (None, "it is gone from wang")


def test_a_mark_that_only_a_persons_mail_can_bear_goes_with_it(desk: Desk) -> None:
    answer = desk.reply()
    desk.mark(answer, Mark.INTERESTED)
    found = desk.correct(answer, K.AUTO_REPLY)
    assert desk.answer(answer).mark is None
    assert desk.tasks() == []
    assert desk.contact().stage is Stage.OPPORTUNITY
    assert found.said.done[:2] == ["task 1 cancelled", "stage conversation"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"kind": K.OWN_COPY}, "nothing to be said by hand"),
        ({"kind": K.REPLY, "subtype": AutoReplyType.TICKET}, "goes with --verdict auto_reply"),
        ({"kind": K.AUTO_REPLY, "bounce_class": BounceClass.DEAD}, "goes with --verdict bounce"),
    ],
)
def test_what_cannot_be_said_is_refused(desk: Desk, words: dict[str, object], why: str) -> None:
    answer = desk.absence()
    with pytest.raises(InputError, match=why):
        desk.correct(answer, **words)  # type: ignore[arg-type]


def test_of_somebody_who_was_erased_nothing_is_corrected(desk: Desk) -> None:
    answer = desk.reply()
    forget(desk.office, ANA)
    with pytest.raises(InputError, match="was erased"):
        desk.correct(answer, K.AUTO_REPLY)


def test_mail_of_an_erased_person_is_not_fetched_back_into_the_world(desk: Desk) -> None:
    desk.reply()
    forget(desk.office, ANA)
    late = desk.mail("Hello again, it is Ana.")
    with pytest.raises(InputError, match="was erased"):
        desk.correct(late, K.REPLY)
    assert desk.answer(late).from_address is None


def test_a_corrected_mail_becomes_a_fixture_that_classify_reads(desk: Desk) -> None:
    answer, other = desk.absence(), desk.reply("Please send prices.")
    for one, kind in ((answer, K.REPLY), (other, K.REPLY)):
        found = desk.correct(one, kind)
        assert found.raw is not None
        keep_as_fixture(desk.office.engine, one, found.raw)
    folder = desk.office.engine.workspace.corpus
    pairs = {one[0].file: one for one in labelled_folder(folder, SystemClock())}
    assert set(pairs) == {f"answer-{answer}.eml", f"answer-{other}.eml"}
    label, found = pairs[f"answer-{other}.eml"]
    assert (label.kind, found.verdict.kind, found.sent_id, label.sent_id) == (K.REPLY, K.REPLY, "1", "1")
    wrong = {one.name: one.wrong for one in score(list(pairs.values())) if not one.is_met}
    assert wrong["human replies taken for machine mail"] == (f"answer-{answer}.eml",)
    assert "matched to a wrong message" not in wrong
    assert "exceptions" not in wrong
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o600"}
    assert (folder / ".gitignore").read_text() == "*\n"


def test_who_is_erased_is_in_the_corpus_no_more_and_whoever_asks_is_shown_it(desk: Desk) -> None:
    from sequencer.flows.erase import find_person
    from sequencer.flows.export import export_person
    from tests.flows.ana import files_that_say

    answer, bens = desk.reply(), desk.reply("How much?", sender="ben@luso.example")
    for one in (answer, bens):
        found = desk.correct(one, K.AUTO_REPLY)
        assert found.raw is not None
        keep_as_fixture(desk.office.engine, one, found.raw)
    shown = export_person(desk.office.engine, find_person(desk.office.engine, ANA))
    assert [one["file"] for one in shown["corpus"]] == [f"corpus/eml/answer-{answer}.eml"]
    assert shown["corpus"][0]["label"]["kind"] == "auto_reply"
    assert [one["to"] for one in shown["corpus_sent"]] == [ANA]
    assert [one["kind"] for one in shown["corrections"]] == ["reply"]
    would = forget(desk.office, ANA, is_dry_run=True)
    assert would.fixtures == (f"corpus/eml/answer-{answer}.eml",)
    assert forget(desk.office, ANA).fixtures == would.fixtures
    assert files_that_say(desk.office.root / "corpus", "ana@", "send your prices") == []
    assert (desk.office.root / "corpus" / "eml" / f"answer-{bens}.eml").exists()
    assert len((desk.office.root / "corpus" / "sent.jsonl").read_text().splitlines()) == 1
