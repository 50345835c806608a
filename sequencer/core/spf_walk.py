"""What a receiver does to check a domain's SPF: every look-up that its records may cost, counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sequencer.core.dns import Found, Lookup, NotAnswered, Question, is_void
from sequencer.core.spf import LOOKUP_LIMIT, SpfRecord, SpfTerm, parse_spf, spf_texts

Ask = Callable[[tuple[Question, ...]], Mapping[Question, Lookup]]

_GIVE_UP = 3 * LOOKUP_LIMIT
"""Far past the limit the count no longer matters; a record must not make us ask for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTree:
    """A domain's record with everything it includes."""

    lookups: int
    voids: int
    """Of `a`, `mx` and `exists`; an include that leads nowhere is a fault already."""
    includes: frozenset[str]
    """Every domain named by include or redirect, at any depth."""
    ending: str
    """The `all` that decides: the record's own, or that of what it redirects to."""
    faults: tuple[str, ...]
    """What makes receivers say permerror, for people."""
    unanswered: tuple[str, ...]
    """Domains of which DNS said nothing: with them the counts are a lower bound."""
    uses_ptr: bool


@dataclass(slots=True)
class _Walk:
    ask: Ask
    lookups: int = 0
    voids: int = 0
    includes: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    uses_ptr: bool = False

    def visit(self, domain: str, record: SpfRecord, chain: tuple[str, ...]) -> str:
        """Count what this record costs; returns the ending that decides."""
        for term in record.terms:
            if self.lookups >= _GIVE_UP:
                return record.ending
            self._term(domain, term, chain)
        if not record.redirect:
            return record.ending
        redirect = SpfTerm(name="redirect", value=record.redirect)
        return self._follow(redirect, chain)

    def _term(self, domain: str, term: SpfTerm, chain: tuple[str, ...]) -> None:
        at = term.value or domain
        match term.name:
            case "include":
                self._follow(term, chain)
            case "a":
                self._look(term, (Question(at, "A"), Question(at, "AAAA")))
            case "mx":
                self._look(term, (Question(at, "MX"),))
            case "exists":
                self._look(term, (Question(at, "A"),))
            case "ptr":
                self.lookups += 1
                self.uses_ptr = True

    def _look(self, term: SpfTerm, questions: tuple[Question, ...]) -> None:
        self.lookups += 1
        if term.has_macro:
            return
        answers = list(self.ask(questions).values())
        if all(is_void(answer) for answer in answers):
            self.voids += 1
        elif not any(isinstance(answer, Found) for answer in answers):
            self.unanswered.append(questions[0].name)

    def _follow(self, term: SpfTerm, chain: tuple[str, ...]) -> str:
        """Go into an include or redirect; returns its ending."""
        self.lookups += 1
        if term.has_macro or self.lookups > _GIVE_UP:
            return ""
        at = term.value
        self.includes.add(at)
        if at in chain:
            self.faults.append(f"{at} includes itself")
            return ""
        question = Question(at, "TXT")
        answer = self.ask((question,))[question]
        if isinstance(answer, NotAnswered):
            self.unanswered.append(at)
            return ""
        texts = spf_texts(answer.values) if isinstance(answer, Found) else []
        if len(texts) != 1:
            self.faults.append(f"{term.name} {at} has {'no' if not texts else 'more than one'} SPF record")
            return ""
        try:
            record = parse_spf(texts[0])
        except ValueError as error:
            self.faults.append(f"{at}: {error}")
            return ""
        return self.visit(at, record, (*chain, at))


def walk_spf(domain: str, record: SpfRecord, ask: Ask) -> SpfTree:
    """Follow a domain's record wherever it leads; `ask` answers questions (see `core.dns.Dns.ask`)."""
    walk = _Walk(ask)
    ending = walk.visit(domain, record, (domain,))
    return SpfTree(
        lookups=walk.lookups,
        voids=walk.voids,
        includes=frozenset(walk.includes),
        ending=ending,
        faults=tuple(dict.fromkeys(walk.faults)),
        unanswered=tuple(dict.fromkeys(walk.unanswered)),
        uses_ptr=walk.uses_ptr,
    )
