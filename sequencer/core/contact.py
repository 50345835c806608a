"""A contact: one person (or role address) at a buyer, with what the rep's lists say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sequencer.core.erasure import ERASED_DOMAIN


class Stage(StrEnum):
    """How far along a buyer is; reps move it, a human reply moves opportunity to conversation."""

    OPPORTUNITY = "opportunity"
    CONVERSATION = "conversation"
    QUALIFIED_1 = "qualified_1"
    QUALIFIED_2 = "qualified_2"
    QUALIFIED_3 = "qualified_3"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One row of `contacts`. `id` is the database's; `external_id` the user's own."""

    id: int
    address: str
    """As the user wrote it, with an IDNA-decoded (readable) domain."""
    address_key: str
    """The form compared everywhere: see `core.address.address_key`."""
    external_id: str | None = None
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company: str = ""
    website: str = ""
    phone: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2, upper case; empty when unknown."""
    state: str = ""
    city: str = ""
    zone: str = ""
    """IANA zone given by the user's own column; empty when it must be derived."""
    language: str = ""
    """Language tag such as `es`; picks `name.<language>.md` templates."""
    stage: Stage = Stage.OPPORTUNITY
    owner: str | None = None
    """The rep's name; None is owned by nobody."""
    source: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    is_key_account: bool = False
    is_role: bool = False
    is_free_mail: bool = False
    domain: str = ""
    """Registrable domain (public suffix list), IDNA, lower case."""
    mail_check: str = ""
    """What DNS said of the address's domain (`core.domain_mail.MailCheck`); empty: never asked."""
    mail_checked_at: datetime | None = None

    @property
    def public_id(self) -> str:
        """What templates see as `contact.id`: the user's own id, else the address."""
        return self.external_id or self.address

    @property
    def is_erased(self) -> bool:
        """Their data was blanked on request; the row stays so that reports still add up."""
        return self.address_key.endswith(f"@{ERASED_DOMAIN}")
