"""A person's data erased on request: what stands in its place, and how the address is known again."""

import hashlib
import hmac
import re
from collections.abc import Collection

ERASED_DOMAIN = "erased.invalid"
"""No list can bring in an address there: `.invalid` is refused (RFC 2606)."""
HASHED = "hmac:"
"""How a suppression starts whose address is no longer known."""
ERASED_TEXT = "(erased)"
WAS_ERASED = "was erased on request"


def erased_address(contact_id: int) -> str:
    """What stands where a contact's address stood; unique as the address was."""
    return f"erased-{contact_id}@{ERASED_DOMAIN}"


def erased_hash(key: bytes, address_key: str) -> str:
    """What is kept of an erased address: enough to know it again, not to find it out without `workspace.key`.

    HMAC-SHA-256 under a label of its own, so that it equals nothing else that is derived from the key.
    """
    digest = hmac.new(key, f"erased\n{address_key}".encode(), hashlib.sha256).hexdigest()
    return f"{HASHED}{digest}"


def mention_of(addresses: Collection[str]) -> re.Pattern[str]:
    """Finds any of these addresses in a text, in any case, but not as a part of a longer address."""
    either = "|".join(re.escape(one) for one in sorted(addresses, key=len, reverse=True))
    return re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)
