"""The points of a sending domain besides SPF: MX, DKIM, DMARC, and the name of an own server's address."""

import base64
import binascii
from collections.abc import Mapping

from sequencer.core.checkup import Check, CheckState
from sequencer.core.dns import Found, Lookup, NotAnswered, is_void
from sequencer.core.domain_mail import DomainMail, MailCheck

_WEAK_KEY_BYTES = 140
"""A public key of 1024 bits takes 162 bytes as it stands in DNS, one of 768 bits takes 126."""
_POLICIES = ("none", "quarantine", "reject")


def judge_mx(mail: DomainMail, hosts: Mapping[str, tuple[Lookup, ...]]) -> Check:
    """Whether answers can come back; `hosts` has the addresses that DNS told of each MX host."""
    match mail.check:
        case MailCheck.NOT_CHECKED:
            return _check("mx", CheckState.UNKNOWN, f"not checked: {mail.why}", "try again later")
        case MailCheck.NO_MAIL:
            return _check(
                "mx", CheckState.BAD, f"{mail.why}: no answer can reach you", "add the MX your provider names"
            )
    if mail.is_implicit:
        what = "there is no MX; mail goes to the domain's own address"
        return _check("mx", CheckState.WARN, what, "add the MX your provider names")
    dead = [host for host in mail.hosts if all(map(is_void, hosts[host]))]
    if len(dead) == len(mail.hosts):
        what = f"its MX ({', '.join(dead)}) has no address: no answer can reach you"
        return _check("mx", CheckState.BAD, what, "correct the MX as your provider names it")
    if not any(isinstance(lookup, Found) for host in mail.hosts for lookup in hosts[host]):
        what = f"not checked: DNS said nothing of {', '.join(mail.hosts)}"
        return _check("mx", CheckState.UNKNOWN, what, "try again later")
    if dead:
        what = f"one of its MX hosts has no address: {', '.join(dead)}"
        return _check("mx", CheckState.WARN, what, "take that MX out")
    return _check("mx", CheckState.OK, f"mail goes to {', '.join(mail.hosts)}")


def judge_dkim(keys: Mapping[str, Lookup]) -> Check:
    """By selector, what stands at `SELECTOR._domainkey.DOMAIN`.

    DNS cannot list selectors: none of the usual ones found is no proof that there is none.
    """
    found = {name: key for name, lookup in keys.items() if (key := _key(lookup)) is not None}
    good = sorted(name for name, key in found.items() if key)
    weak = [name for name in good if len(found[name]) < _WEAK_KEY_BYTES and not _is_ed25519(keys[name])]
    if weak:
        what = f"the key of {', '.join(weak)} is shorter than 1024 bits: receivers skip it"
        return _check("dkim", CheckState.BAD, what, "have your provider make a key of 2048 bits")
    if good:
        return _check("dkim", CheckState.OK, f"there is a key at {', '.join(good)}")
    if found:
        what = f"the key of {', '.join(sorted(found))} is withdrawn (p= is empty)"
        return _check("dkim", CheckState.WARN, what, "switch DKIM on at your provider, and add its record")
    if any(isinstance(lookup, NotAnswered) for lookup in keys.values()):
        return _check("dkim", CheckState.UNKNOWN, "not checked: DNS did not answer", "try again later")
    return _check(
        "dkim",
        CheckState.UNKNOWN,
        "no key at the usual names; DNS cannot tell whether there is another",
        "send yourself a mail at another provider and look for dkim=pass in its source",
    )


def _key(lookup: Lookup) -> bytes | None:
    """The public key's bytes, empty when withdrawn; None when no key record is there."""
    if not isinstance(lookup, Found):
        return None
    for text in lookup.values:
        tags = _tags(text)
        if "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
            continue
        try:
            return base64.b64decode("".join(tags["p"].split()), validate=True)
        except binascii.Error:
            continue
    return None


def _is_ed25519(lookup: Lookup) -> bool:
    texts = lookup.values if isinstance(lookup, Found) else ()
    return any(_tags(text).get("k", "").lower() == "ed25519" for text in texts)


def judge_dmarc(domain: str, own: Lookup, company: str, company_own: Lookup) -> Check:
    """What stands at `_dmarc.DOMAIN`, else at that of the registrable domain `company`."""
    lookup, at = own, domain
    if not isinstance(own, NotAnswered) and not _dmarc_texts(own):
        lookup, at = company_own, company
    if isinstance(lookup, NotAnswered):
        return _check("dmarc", CheckState.UNKNOWN, f"not checked: {lookup.cause}", "try again later")
    texts = _dmarc_texts(lookup)
    add = f"add TXT `v=DMARC1; p=none; rua=mailto:YOU@{domain}` at `_dmarc.{company}`"
    if not texts:
        return _check("dmarc", CheckState.WARN, "there is no DMARC record", add)
    if len(texts) > 1:
        what = f"there are {len(texts)} DMARC records at _dmarc.{at}, so none counts"
        return _check("dmarc", CheckState.BAD, what, "keep one")
    tags = _tags(texts[0])
    policy = tags.get("sp", tags.get("p", "")) if at != domain else tags.get("p", "")
    policy = policy.lower()
    if policy not in _POLICIES:
        what = f"its policy is {policy!r}" if policy else "it names no policy"
        return _check("dmarc", CheckState.BAD, what, "write p=none, later p=quarantine")
    what = f"policy {policy} at _dmarc.{at}; {_alignment(tags)}"
    return _check("dmarc", CheckState.OK, what)


def _alignment(tags: Mapping[str, str]) -> str:
    strict = [name for name, tag in (("DKIM", "adkim"), ("SPF", "aspf")) if tags.get(tag, "r").lower() == "s"]
    if not strict:
        return "SPF or DKIM must pass for this domain or one below it"
    return f"{' and '.join(strict)} must pass for exactly the domain of the From address"


def _dmarc_texts(lookup: Lookup) -> list[str]:
    texts = lookup.values if isinstance(lookup, Found) else ()
    return [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]


def judge_ptr(
    host: str, addresses: tuple[str, ...], names: Mapping[str, Lookup], back: Mapping[str, tuple[Lookup, ...]]
) -> Check:
    """Whether each address of an own server has a name that leads back to it.

    `names`: address → its PTR; `back`: such a name → its address records.
    """
    unnamed: list[str] = []
    unanswered: list[str] = []
    for address in addresses:
        lookup = names[address]
        answers = [answer for name in _names_of(lookup) for answer in back[name]]
        if any(isinstance(answer, Found) and address in answer.values for answer in answers):
            continue
        is_silent = any(isinstance(answer, NotAnswered) for answer in (lookup, *answers))
        (unanswered if is_silent else unnamed).append(address)
    if unnamed:
        what = f"{', '.join(unnamed)} ({host}) has no name that leads back to it: large receivers refuse that"
        mend = f"have whoever runs the server's network set its PTR to {host}"
        return _check("ptr", CheckState.BAD, what, mend)
    if unanswered or not addresses:
        what = f"not checked: DNS did not answer for {', '.join(unanswered) or host}"
        return _check("ptr", CheckState.UNKNOWN, what, "try again later")
    return _check("ptr", CheckState.OK, f"{', '.join(addresses)} has a name that leads back to it")


def _names_of(lookup: Lookup) -> tuple[str, ...]:
    return lookup.values if isinstance(lookup, Found) else ()


def _tags(text: str) -> dict[str, str]:
    """`a=b; c=d` as DKIM and DMARC write it; the first of equal names stands."""
    pairs = (part.partition("=") for part in text.split(";"))
    named = [(name.strip().lower(), value.strip()) for name, equals, value in pairs if equals]
    return dict(reversed(named))


def _check(name: str, state: CheckState, what: str, mend: str | None = None) -> Check:
    return Check(name=name, state=state, what=what, mend=mend)
