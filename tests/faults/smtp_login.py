"""SMTP faults of the login and at MAIL: about the mailbox, not about the buyer."""

from tests.faults.row import SmtpFault, SmtpRow

_TENCENT = (
    "535 Login fail. Account is abnormal, service is not open, password is incorrect, "
    "login frequency limited, or system is busy."
)

AT_LOGIN = (
    SmtpRow(
        happens="a wrong password",
        fault=SmtpFault(
            script={"AUTH": "535 5.7.8 bad credentials"}, logs_in=True, extensions=("AUTH PLAIN",)
        ),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT refused the password (535 5.7.8 bad credentials) (set "
            "the right password (smtp password) or an app password / 授权码); it is paused: mend "
            "it, then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "set the right password or authorization code; then `sequencer mailboxes resume "
            "wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="QQ's one answer to everything",
        fault=SmtpFault(script={"AUTH": _TENCENT}, logs_in=True, extensions=("AUTH PLAIN",)),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT refused the password (535 Login fail. Account is "
            "abnormal, service is not open, password is incorrect, login frequency limited, or "
            "system is busy.) (set the right password (smtp password) or an app password / 授权码); "
            "it is paused: mend it, then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "make a new authorization code (授权码) in webmail; then `sequencer mailboxes resume "
            "wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="login not possible now",
        fault=SmtpFault(
            script={"AUTH": "454 4.7.0 Temporary authentication failure"},
            logs_in=True,
            extensions=("AUTH PLAIN",),
        ),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="waits 5 min",
        read=(
            "smtp fails: wang: HOST:PORT takes no login now (454 4.7.0 Temporary authentication "
            "failure) (nothing to do unless it lasts: the mailbox waits, longer each time; then "
            "raise its min_gap)"
        ),
        mend="nothing; if it lasts, look at the account in webmail",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to AUTH",
        fault=SmtpFault(script={"AUTH": "421 4.3.2 shutting down"}, logs_in=True, extensions=("AUTH PLAIN",)),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT ends the connection at AUTH (421 4.3.2 shutting down) "
            "(nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to MAIL",
        fault=SmtpFault(script={"MAIL": "421 4.3.2 shutting down"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT ends the connection at MAIL (421 4.3.2 shutting down) "
            "(nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="a login is wanted",
        fault=SmtpFault(script={"MAIL": "530 5.7.0 Authentication required"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT refused the sender (530 5.7.0 Authentication required) "
            "(set the right password (smtp password) or an app password / 授权码); it is paused: "
            "mend it, then `sequencer mailboxes resume wang`"
        ),
        mend=("set `username` and `password`; then `sequencer mailboxes resume wang` once it is mended"),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="the sender is refused",
        fault=SmtpFault(script={"MAIL": "550 5.7.1 not allowed"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT refused the sender (550 5.7.1 not allowed) (let the "
            "login (no user name is set) send as this mailbox's address, or log in as that "
            "address); it is paused: mend it, then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "log in as the address that writes, or let this login send as it; then `sequencer "
            "mailboxes resume wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="the server's disk is full",
        fault=SmtpFault(script={"MAIL": "452 4.3.1 Insufficient system storage"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT takes no mail now (452 4.3.1 Insufficient system "
            "storage) (nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing; if it lasts, tell the server's operator",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="too large, said at once",
        fault=SmtpFault(script={"MAIL": "552 5.3.4 Message size exceeds fixed limit"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: MAIL: 552 5.3.4 Message size exceeds fixed limit",
        mend="a smaller attachment; then `sequencer enrollments resume`",
        afterwards="refused, 0 copies",
    ),
)
