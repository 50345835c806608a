"""IMAP faults: how a reading can fail, and what only looks like a failure."""

from collections.abc import Callable

from tests.faults.row import IMPATIENT, ImapRow
from tests.servers.scripted_imap import Fault, ScriptedImap

_DATE = '" 2-Mar-2026 09:00:03 +0000"'
_GONE = "NO [NONEXISTENT] Mailbox does not exist"
_UNSAFE = "NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
_OFF = "NO [ALERT] Your account is not enabled for IMAP use."
_BUG = "NO [SERVERBUG] error"
_EVERYTHING = ("GREETING", "LOGIN", "LIST", "STATUS", "EXAMINE", "FETCH")
_SHORT = (
    f"* 2 FETCH (UID 2 INTERNALDATE {_DATE} BODY[]<0> {{500}}\r\n"
    "From: news@shop.example\r\n)\r\nTAG OK done\r\n"
).encode()
"""A literal of 500 octets, of which 500 never come."""


def _listing(*uids: int) -> bytes:
    """Messages that the server names, whether or not it still has them."""
    lines = (f"* {n} FETCH (UID {uid} INTERNALDATE {_DATE})\r\n" for n, uid in enumerate(uids, 1))
    return "".join(lines).encode() + b"TAG OK done\r\n"


def _renumbered(validity: int | None) -> Callable[[ScriptedImap], None]:
    """The newest message gets the lowest UID: a reader that goes on from its cursor would never see it."""

    def change(server: ScriptedImap) -> None:
        newest_first = [server.mails[uid] for uid in sorted(server.mails, reverse=True)]
        server.mails = dict(enumerate(newest_first, 1))
        server.uid_next = len(server.mails) + 1
        server.uid_validity = validity

    return change


def _one_folder_less(server: ScriptedImap) -> None:
    server.folders = server.folders[:1]


READING = (
    ImapRow(
        happens="closed before the greeting",
        script={"GREETING": Fault.DROP},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection lost while connecting (check the network "
            "and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing; if it lasts, check the network",
    ),
    ImapRow(
        happens="no greeting",
        script={"GREETING": Fault.STALL},
        timeout_in=IMPATIENT,
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: no answer within 0.3 s while connecting (check the "
            "network and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing; if it lasts, check firewall and port",
    ),
    ImapRow(
        happens="BYE instead of a greeting",
        script={"GREETING": b"* BYE Too many connections from your address\r\n"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection closed by the server while connecting: Too "
            "many connections from your address (it will be tried again at the next read)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="another protocol on this port",
        script={"GREETING": b"220 mx.firm.example ESMTP\r\n"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: answer not understood while connecting: unexpected "
            "response: b'220 mx.firm.example ESMTP' (set imap.port to the IMAP port: 993 with "
            'security = "tls", or 143 with "starttls")'
        ),
        mend="set `imap.port`",
    ),
    ImapRow(
        happens="the login is refused",
        script={"LOGIN": "NO [AUTHENTICATIONFAILED] Authentication failed."},
        followup="ready, 0 copies",
        inbox="unread, left alone for 10 min",
        read=(
            "inbox fails: wang: HOST:PORT: login refused: [AUTHENTICATIONFAILED] Authentication "
            "failed. (check this mailbox's imap username and password; many providers (NetEase, "
            "QQ, Gmail, Zoho) want an app password or authorization code (授权码) made in webmail "
            "instead of the login password)"
        ),
        mend="set the right password or authorization code",
    ),
    ImapRow(
        happens="no login for the moment",
        script={"LOGIN": "NO [UNAVAILABLE] Temporary authentication failure."},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: login refused: [UNAVAILABLE] Temporary authentication "
            "failure. (it will be tried again at the next read)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="IMAP is switched off",
        script={"LOGIN": _OFF},
        followup="ready, 0 copies",
        inbox="unread, left alone for 10 min",
        read=(
            "inbox fails: wang: HOST:PORT: login refused: [ALERT] Your account is not enabled "
            "for IMAP use. (switch IMAP on for this account in the webmail settings, then try "
            "again)"
        ),
        mend="switch IMAP on in webmail",
    ),
    ImapRow(
        happens="BYE at the login",
        script={"LOGIN": b"* BYE Server shutting down\r\n"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection closed by the server while logging in: "
            "Server shutting down (it will be tried again at the next read)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="NetEase's Unsafe Login",
        script={"EXAMINE": _UNSAFE},
        followup="ready, 0 copies",
        inbox="unread, left alone for 10 min",
        read=(
            "inbox fails: wang: HOST:PORT: refused opening 'INBOX': EXAMINE Unsafe Login. Please "
            "contact kefu@188.com for help (NetEase distrusts this login: open webmail, allow "
            "IMAP, use its authorization code (授权码) as password, and confirm the login if it "
            "asks; kefu@188.com lifts a block)"
        ),
        mend="confirm the login in webmail, use the authorization code",
    ),
    ImapRow(
        happens="LIST is refused",
        script={"LIST": "NO not now"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: refused listing the folders: not now (it will be "
            "tried again at the next read)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="BYE in the middle of a reading",
        script={"STATUS": b"* BYE Autologout; idle for too long\r\n"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection closed by the server while asking about "
            "'INBOX': Autologout; idle for too long (it will be tried again at the next read)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="STATUS of one folder is refused: the others are read",
        script={"STATUS": [None, _BUG]},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: refused asking about 'Projects': [SERVERBUG] error "
            "(it will be tried again at the next read)"
        ),
        mend="nothing; a folder that stays so: `ignore_folders`",
    ),
    ImapRow(
        happens="EXAMINE of one folder is refused: the others are read",
        script={"EXAMINE": [None, "NO Mailbox cannot be opened"]},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: refused opening 'Projects': Mailbox cannot be opened "
            "(if this folder never holds answers, add 'Projects' to this mailbox's "
            "ignore_folders)"
        ),
        mend="nothing; a folder that stays so: `ignore_folders`",
    ),
    ImapRow(
        happens="one folder may not be read (ACL)",
        script={"EXAMINE": [None, "NO [NOPERM] Permission denied"]},
        followup="sent, 1 copy",
        inbox="read",
        read=(
            "wang: folder 'Projects' is not read: [NOPERM] Permission denied (give this login the "
            "right to read it, or add it to ignore_folders)"
        ),
        mend="give this login the right to it, or add it to `ignore_folders`",
    ),
    ImapRow(
        happens="a folder vanishes between the list and its STATUS",
        script={"STATUS": [None, _GONE]},
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing: everything is looked at once more",
    ),
    ImapRow(
        happens="a folder is gone",
        change=_one_folder_less,
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
    ImapRow(
        happens="UIDVALIDITY changed",
        change=_renumbered(8),
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
    ImapRow(
        happens="UIDVALIDITY is missing",
        change=_renumbered(None),
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
    ImapRow(
        happens="UIDVALIDITY is 0",
        change=_renumbered(0),
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
    ImapRow(
        happens="a message is gone between list and fetch",
        script={"FETCH": [_listing(2, 3, 4)]},
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
    ImapRow(
        happens="one message is not handed over",
        script={"FETCH": [None, _BUG, None, _BUG, _BUG]},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: refused handing over message 2 of 'INBOX': "
            "[SERVERBUG] error (it will be tried again at the next read)"
        ),
        mend="nothing: after ten readings it is left to a person, and the rest is read",
    ),
    ImapRow(
        happens="dropped before a FETCH",
        script={"FETCH": Fault.DROP},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection lost while reading 'INBOX' (check the "
            "network and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="dropped in the middle of a FETCH",
        script={"FETCH": [None, Fault.HALF]},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: connection lost while reading 'INBOX' (check the "
            "network and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="silence in the middle of a FETCH",
        script={"FETCH": [None, Fault.HALF_STALL]},
        timeout_in=IMPATIENT,
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: no answer within 0.3 s while reading 'INBOX' (check "
            "the network and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="a literal shorter than it says",
        script={"FETCH": [None, _SHORT]},
        timeout_in=IMPATIENT,
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: no answer within 0.3 s while reading 'INBOX' (check "
            "the network and any firewall or proxy on the way; it will be tried again)"
        ),
        mend="nothing",
    ),
    ImapRow(
        happens="a FETCH answer that is none",
        script={"FETCH": b"* 1 FETCH (UID one\r\nTAG OK done\r\n"},
        followup="ready, 0 copies",
        inbox="unread, tried at the next turn",
        read=(
            "inbox fails: wang: HOST:PORT: answer not understood while reading 'INBOX': Tuple "
            "incomplete before \"(b'UID' b'one'\" (it will be tried again; if it lasts, please "
            "report this as a bug)"
        ),
        mend="nothing; if it lasts, report it",
    ),
    ImapRow(
        happens="answers byte by byte",
        script=dict.fromkeys(_EVERYTHING, Fault.DRIBBLE),
        followup="sent, 1 copy",
        inbox="read",
        read="nothing",
        mend="nothing",
    ),
)
