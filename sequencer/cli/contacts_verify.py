"""`sequencer contacts verify`: ask DNS which contacts' domains take mail at all."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.verify_contacts import Verified, VerifiedDomain

_SHOWN = 50
_TELL_EVERY = 1000


@click.command(
    "verify",
    epilog="""\b
Each domain is asked once, however many contacts it has. `no_mail` means: no such domain,
or one that takes no mail. `not_checked` means that DNS did not answer: ask again later.
Nothing is suppressed and nothing is sent. Ends with 3 when some domain takes no mail.
Examples:
  sequencer contacts verify --tag canton-fair
  sequencer contacts verify --all --older-than 30
  sequencer contacts verify --where 'mail_check != "ok"' --json""",
)
@click.option("--where", metavar="EXPR", help="Only contacts of whom this is true.")
@click.option("--tag", metavar="TAG", help="Only contacts with this tag.")
@click.option("--owner", metavar="REP", help="Only this rep's contacts.")
@click.option("--all", "everyone", is_flag=True, help="Every contact.")
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Only those not asked for in so many days.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def verify_command(
    session: Session,
    where: str | None,
    tag: str | None,
    owner: str | None,
    everyone: bool,
    older_than: int | None,
    as_json: bool,
) -> None:
    """Ask DNS whether contacts' domains take mail."""
    from sequencer.cli.output import note, say_json
    from sequencer.errors import InputError
    from sequencer.flows.list_contacts import list_contacts
    from sequencer.flows.verify_contacts import not_asked_since, verify_contacts

    is_some = any(value is not None for value in (where, tag, owner))
    if is_some == everyone:
        raise InputError("say whom: --where, --tag, --owner (one or more of them), or --all")

    def tell(done: int, of: int) -> None:
        if done % _TELL_EVERY == 0:
            note(f"{done} of {of} domains", quiet=session.quiet)

    now = session.clock.now()
    people = list_contacts(session.store, where=where, tag=tag, owner=owner)
    wanted = not_asked_since(people, older_than, now)
    verified = verify_contacts(session.store, session.dns, wanted, now=now, progress=tell)
    if as_json:
        say_json(_document(verified))
    else:
        _show(verified, quiet=session.quiet)
    _end(verified)


def _show(verified: "Verified", *, quiet: bool) -> None:
    from sequencer.cli.output import note, say_fields, say_table
    from sequencer.core.domain_mail import MailCheck

    words = {
        MailCheck.OK: "ok",
        MailCheck.NO_MAIL: "no mail",
        MailCheck.NOT_CHECKED: "not checked",
    }
    say_fields((word, _counted(verified, check)) for check, word in words.items())
    dead = verified.of(MailCheck.NO_MAIL)
    if dead:
        rows = ((one.domain, one.mail.why, *_person(one, at)) for one in dead for at in range(_few(one)))
        say_table(("domain", "DNS says", "contact", "name", "did you mean"), rows)
    for one in dead:
        if len(one.contacts) > _SHOWN:
            note(f"… and {len(one.contacts) - _SHOWN} more at {one.domain} (all of them: --json)")
    for text in _notes(verified):
        note(text, quiet=quiet)


def _few(one: "VerifiedDomain") -> int:
    return min(len(one.contacts), _SHOWN)


def _person(one: "VerifiedDomain", at: int) -> tuple[str, str, str]:
    contact = one.contacts[at]
    return contact.address, contact.name, one.meant or ""


def _counted(verified: "Verified", check: Any) -> str:
    contacts, domains = verified.count(check), len(verified.of(check))
    return f"{_many(contacts, 'contact')} at {_many(domains, 'domain')}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _notes(verified: "Verified") -> list[str]:
    """What is no fault but worth a look."""
    from sequencer.core.domain_mail import MailCheck

    notes = [
        f"{one.domain} ({_many(len(one.contacts), 'contact')}): did you mean {one.meant}?"
        for one in verified.slips
        if one.mail.check is not MailCheck.NO_MAIL
    ]
    silent = [(one.domain, one.mail.why) for one in verified.of(MailCheck.NOT_CHECKED)]
    notes += [f"{domain}: {why}" for domain, why in silent[:_SHOWN]]
    if len(silent) > _SHOWN:
        notes.append(f"… and {len(silent) - _SHOWN} more domains not checked (all of them: --json)")
    roles, free = verified.kinds["is_role"], verified.kinds["is_free_mail"]
    if roles:
        notes.append(f"{roles} at role addresses such as info@: a person's own address answers more often")
    if free:
        notes.append(f"{free} at free-mail addresses: such a domain says nothing of the company")
    return notes


def _document(verified: "Verified") -> dict[str, Any]:
    from sequencer.core.domain_mail import MailCheck

    return {
        "contacts": {check.value: verified.count(check) for check in MailCheck},
        "domains": {check.value: len(verified.of(check)) for check in MailCheck},
        "no_mail": [_domain(one) for one in verified.of(MailCheck.NO_MAIL)],
        "not_checked": [_domain(one) for one in verified.of(MailCheck.NOT_CHECKED)],
        "slips": [{"domain": one.domain, "did_you_mean": one.meant} for one in verified.slips],
        "role_addresses": verified.kinds["is_role"],
        "free_mail_addresses": verified.kinds["is_free_mail"],
    }


def _domain(one: "VerifiedDomain") -> dict[str, Any]:
    return {
        "domain": one.domain,
        "why": one.mail.why,
        "did_you_mean": one.meant,
        "contacts": [{"id": contact.public_id, "address": contact.address} for contact in one.contacts],
    }


def _end(verified: "Verified") -> None:
    from sequencer.core.domain_mail import MailCheck
    from sequencer.errors import Attention, SequencerError

    if verified.is_silent:
        raise SequencerError(
            "DNS fell silent, so asking was given up; "
            f"{_many(verified.unasked + len(verified.of(MailCheck.NOT_CHECKED)), 'domain')} not checked",
            hint="is this computer online? Try again then; what was known before is kept",
        )
    dead = verified.count(MailCheck.NO_MAIL)
    if dead:
        raise Attention(
            f"{_many(dead, 'contact')} at {_many(len(verified.of(MailCheck.NO_MAIL)), 'domain')} "
            f"that take{'s' if len(verified.of(MailCheck.NO_MAIL)) == 1 else ''} no mail",
            hint="mend the address with `sequencer contacts edit CONTACT --address NEW`, or close the domain "
            "with `sequencer suppressions add PATTERN` (`*@the-domain`)",
        )
