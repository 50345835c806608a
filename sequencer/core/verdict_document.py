"""A verdict as the document that the database keeps of it, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sequencer.core.inbound import AutoReplyType, BounceClass, Evidence, Intent, Verdict, VerdictKind


def document_of(verdict: Verdict) -> dict[str, Any]:
    """All but kind and own text, which stand beside it, and other recipients; what is empty is left out."""
    document = asdict(verdict)
    for name in ("kind", "own_text", "failures"):
        document.pop(name)
    if verdict.return_at is not None:
        document["return_at"] = verdict.return_at.isoformat()
    return {name: value for name, value in document.items() if value not in (None, "", (), False)}


def verdict_from(kind: VerdictKind, document: Mapping[str, Any], own_text: str = "") -> Verdict:
    """The verdict that `document_of` wrote down; what an erasure took away is empty."""
    subtype, bounce_class, intent = (document.get(one) for one in ("subtype", "bounce_class", "intent"))
    return_at = document.get("return_at")
    return Verdict(
        kind=kind,
        evidence=tuple(Evidence(**one) for one in document.get("evidence", ())),
        subtype=AutoReplyType(subtype) if subtype else None,
        bounce_class=BounceClass(bounce_class) if bounce_class else None,
        permanence=document.get("permanence"),
        hard=bool(document.get("hard")),
        reason=document.get("reason", ""),
        recipients=tuple(document.get("recipients", ())),
        original_ids=tuple(document.get("original_ids", ())),
        return_at=datetime.fromisoformat(return_at) if return_at else None,
        intent=Intent(intent) if intent else None,
        successor=document.get("successor"),
        own_text=own_text,
    )
