"""Asks DNS through a resolver that is handed in: many questions side by side, each once a run."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from sequencer.clock import Clock
from sequencer.core.dns import Found, Lookup, NoData, NoSuchName, NotAnswered, Question
from sequencer.errors import SequencerError

AT_ONCE = 16
TOTAL_IN = timedelta(minutes=10)
_TRY_SECONDS = 2.0
_QUESTION_SECONDS = 5.0
_NO_TIME = NotAnswered("there was no time left to ask")


def system_resolver() -> dns.resolver.Resolver:
    """A resolver that asks the name servers this computer uses; SequencerError when it names none.

    The only place that reads the computer's own DNS settings; tests hand in a resolver of their own.
    """
    try:
        resolver = dns.resolver.Resolver(configure=True)
    except dns.resolver.NoResolverConfiguration:
        raise SequencerError(
            "this computer names no DNS server", hint="connect it to a network, then try again"
        ) from None
    resolver.timeout, resolver.lifetime = _TRY_SECONDS, _QUESTION_SECONDS
    return resolver


class ResolverDns:
    """Implements `core.dns.Dns`: at most `at_once` questions on the way, and `total_in` for all of a run.

    Truncated answers are fetched again over TCP, CNAMEs are followed, search domains are not tried.
    """

    def __init__(
        self,
        resolver: dns.resolver.Resolver,
        clock: Clock,
        *,
        at_once: int = AT_ONCE,
        total_in: timedelta = TOTAL_IN,
    ) -> None:
        self._resolver = resolver
        self._clock = clock
        self._at_once = at_once
        self._total_in = total_in
        self._began: float | None = None
        self._known: dict[Question, Lookup] = {}

    def ask(self, questions: Collection[Question]) -> Mapping[Question, Lookup]:
        """See `core.dns.Dns.ask`."""
        fresh = [question for question in dict.fromkeys(questions) if question not in self._known]
        if fresh:
            self._known |= self._ask_fresh(fresh)
        return {question: self._known[question] for question in questions}

    def _ask_fresh(self, questions: Sequence[Question]) -> dict[Question, Lookup]:
        seconds = self._seconds_left()
        if not seconds:
            return dict.fromkeys(questions, _NO_TIME)
        pool = ThreadPoolExecutor(min(self._at_once, len(questions)), thread_name_prefix="dns")
        try:
            tasks = {question: pool.submit(self._resolve, question) for question in questions}
            wait(tasks.values(), timeout=seconds)
            return {question: _result(task) for question, task in tasks.items()}
        finally:
            # A question on the way ends by itself, within the resolver's own lifetime.
            pool.shutdown(wait=False, cancel_futures=True)

    def _seconds_left(self) -> float:
        now = self._clock.monotonic()
        if self._began is None:
            self._began = now
        return max(0.0, self._began + self._total_in.total_seconds() - now)

    def _resolve(self, question: Question) -> Lookup:
        try:
            name = dns.name.from_text(question.name, idna_codec=dns.name.IDNA_2008_Practical)
        except dns.exception.DNSException:
            # A label that is empty or too long, or a name past 255 bytes: nobody can have registered it.
            return NoSuchName()
        try:
            answer = self._resolver.resolve(name, question.kind, search=False)
        except dns.resolver.NXDOMAIN:
            return NoSuchName()
        except dns.resolver.NoAnswer:
            return NoData()
        except dns.exception.Timeout:
            return NotAnswered("DNS did not answer in time")
        except (dns.exception.DNSException, OSError, ValueError) as error:
            is_failed = isinstance(error, dns.resolver.NoNameservers)
            return NotAnswered("its name server failed or refused" if is_failed else type(error).__name__)
        return Found(_values(answer))


def _result(task: Future[Lookup]) -> Lookup:
    return task.result() if task.done() else _NO_TIME


def _values(answer: dns.resolver.Answer) -> tuple[str, ...]:
    """The records as text: see `core.dns.Found`."""
    records = list(answer)
    if answer.rdtype == dns.rdatatype.MX:
        ranked = sorted((int(record.preference), _host(record.exchange)) for record in records)
        return tuple(host for _preference, host in ranked)
    if answer.rdtype == dns.rdatatype.TXT:
        return tuple(sorted(b"".join(record.strings).decode("utf-8", "replace") for record in records))
    if answer.rdtype == dns.rdatatype.PTR:
        return tuple(sorted(_host(record.target) for record in records))
    return tuple(sorted(str(record.address) for record in records))


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else "."
