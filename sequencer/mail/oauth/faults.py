"""What an issuer's refusal means for the person who signs in, and the mend."""

from sequencer.errors import SequencerError
from sequencer.mail.credentials import login_mend
from sequencer.mail.oauth.endpoint import Refusal

_APP_MEND = "check client_id, client_secret and tenant under [mailboxes.oauth] with your administrator"
_PUBLIC_MEND = (
    "let your administrator allow public client flows for this app, or set client_secret "
    "under [mailboxes.oauth]"
)
_SCOPE_MEND = "let your administrator give this app the permissions that docs/oauth.md names"

_MENDS = {
    "invalid_client": _PUBLIC_MEND,
    "unauthorized_client": _APP_MEND,
    "invalid_request": _APP_MEND,
    "unsupported_grant_type": _APP_MEND,
    "invalid_scope": _SCOPE_MEND,
    "admin_policy_enforced": _SCOPE_MEND,
}
"""What is wrong with the app, by the issuer's word; signing in again would not help."""


def login_fault(refusal: Refusal, issuer: str) -> SequencerError:
    """A sign-in that a person began came to nothing."""
    if refusal.error == "access_denied":
        return SequencerError(
            f"{issuer} says that the sign-in was declined{_because(refusal)}",
            hint="run the command again and accept; where an administrator must consent, ask for that first",
        )
    if refusal.error in ("expired_token", "invalid_grant"):
        return SequencerError(
            f"the sign-in took too long or was used already{_because(refusal)}", hint="run the command again"
        )
    return SequencerError(f"{issuer} refuses: {refusal}", hint=_MENDS.get(refusal.error, _APP_MEND))


def refresh_fault(refusal: Refusal, issuer: str, mailbox: str) -> SequencerError:
    """The kept sign-in brings no new access token: it lasts until a person mends it."""
    mend = login_mend(mailbox)
    if refusal.error in _MENDS:
        return SequencerError(f"{issuer} refuses: {refusal}", hint=f"{_MENDS[refusal.error]}; then {mend}")
    return SequencerError(f"{issuer} has ended the sign-in ({refusal})", hint=mend)


def _because(refusal: Refusal) -> str:
    return f" ({refusal.words})" if refusal.words else ""
