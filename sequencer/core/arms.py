"""Which variant of a step a contact gets: decided by a keyed hash, so it never changes by itself."""

import hashlib
import hmac
from collections.abc import Sequence


def choose_arm(key: bytes, sequence: str, step_id: str, address_key: str, arms: Sequence[str]) -> str:
    """The arm of this step for this address; arms get equal shares.

    `key` is the workspace's 32 secret bytes. ValueError when there are no arms.
    """
    if not arms:
        raise ValueError(f"step {step_id!r} of {sequence!r} has no template to choose from")
    message = "\0".join(("arm", sequence, step_id, address_key)).encode()
    number = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest(), "big")
    return arms[number % len(arms)]
