"""Whether an address is that of somebody whose data was erased on request."""

from collections.abc import Collection

from sequencer.core.erasure import erased_hash
from sequencer.store.engine import Tx
from sequencer.store.erase import erased_among


def erased_keys(tx: Tx, key: bytes, address_keys: Collection[str]) -> frozenset[str]:
    """Those of these address_keys that were erased; `key` is the workspace's."""
    hashes = {one: erased_hash(key, one) for one in address_keys}
    found = erased_among(tx, set(hashes.values()))
    return frozenset(one for one, hashed in hashes.items() if hashed in found)


def erased_contact_id(tx: Tx, key: bytes, address_key: str) -> int | None:
    """The number under which an erased person's row still stands."""
    hashed = erased_hash(key, address_key)
    return erased_among(tx, [hashed]).get(hashed)
