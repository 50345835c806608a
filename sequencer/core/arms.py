"""Which variant of a step a contact gets: decided by a keyed hash, so it never changes by itself."""

import hmac

from sequencer.core.sequence import Step


def choose_arm(key: bytes, sequence: str, step: Step, address_key: str) -> str:
    """The arm of this step for this address; arms get shares by the step's weights, equal without any.

    `key` is the workspace's 32 secret bytes. ValueError when the step has no template.
    """
    if not step.arms:
        raise ValueError(f"step {step.id!r} of {sequence!r} has no template to choose from")
    message = "\0".join(("arm", sequence, step.id, address_key)).encode()
    number = int.from_bytes(hmac.digest(key, message, "sha256"), "big")
    weights = step.weights or (1,) * len(step.arms)
    share = number % sum(weights)
    for arm, weight in zip(step.arms, weights, strict=True):
        if share < weight:
            return arm
        share -= weight
    raise AssertionError("shares add up")
