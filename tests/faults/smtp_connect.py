"""SMTP faults before anybody logs in: connection, greeting, encryption."""

from tests.faults.row import IMPATIENT, SmtpFault, SmtpRow
from tests.servers.scripted_smtp import CLOSE, SILENCE

AT_CONNECT = (
    SmtpRow(
        happens="421 at connect",
        fault=SmtpFault(script={"CONNECT": "421 4.3.2 shutting down"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT refused the connection (421 4.3.2 shutting down) "
            "(nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 at connect, too many connections",
        fault=SmtpFault(script={"CONNECT": "421 4.7.0 Try again later, closing connection"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="waits 5 min",
        read=(
            "smtp fails: wang: HOST:PORT refused the connection (421 4.7.0 Try again later, "
            "closing connection) (nothing to do unless it lasts: the mailbox waits, longer each "
            "time; then raise its min_gap)"
        ),
        mend="nothing; if it lasts, raise `min_gap`, and see who else uses this account",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="QQ limits connections with 550",
        fault=SmtpFault(script={"CONNECT": "550 Connection frequency limited"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="waits 5 min",
        read=(
            "smtp fails: wang: HOST:PORT refused the connection (550 Connection frequency "
            "limited) (nothing to do unless it lasts: the mailbox waits, longer each time; then "
            "raise its min_gap)"
        ),
        mend="nothing; if it lasts, raise `min_gap`",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="554 at connect",
        fault=SmtpFault(script={"CONNECT": "554 5.7.1 blocked"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT refused the connection (554 5.7.1 blocked) (ask the "
            "provider why it refuses this computer's network address); it is paused: mend it, "
            "then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "ask the provider, or send by another network; then `sequencer mailboxes resume "
            "wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="closed before the greeting",
        fault=SmtpFault(script={"CONNECT": CLOSE}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT closed the connection at CONNECT (nothing to do unless "
            "it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="no greeting",
        fault=SmtpFault(script={"CONNECT": SILENCE}, timeout_in=IMPATIENT),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT did not answer within 0.3 s at CONNECT (nothing to do "
            "unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing; if it lasts, check firewall and port",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to EHLO",
        fault=SmtpFault(script={"EHLO": "421 4.3.2 shutting down"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT ends the connection at EHLO (421 4.3.2 shutting down) "
            "(nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="STARTTLS is not offered (stripped on the way)",
        fault=SmtpFault(wants_tls=True),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT does not offer STARTTLS (set port and security to the "
            'provider\'s TLS port (often 465 with security = "tls")); it is paused: mend it, then '
            "`sequencer mailboxes resume wang`"
        ),
        mend=(
            "never switch encryption off: another network, or port 465 with `tls`; then "
            "`sequencer mailboxes resume wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to STARTTLS",
        fault=SmtpFault(
            script={"STARTTLS": "421 4.3.2 shutting down"},
            wants_tls=True,
            extensions=("STARTTLS",),
            tls="good",
        ),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=(
            "smtp fails: wang: HOST:PORT ends the connection at STARTTLS (421 4.3.2 shutting down) "
            "(nothing to do unless it lasts: it is tried again at the next tick)"
        ),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="an expired certificate",
        fault=SmtpFault(wants_tls=True, extensions=("STARTTLS",), tls="expired"),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT shows a certificate that is not valid now: certificate "
            "has expired (check this computer's clock, then ask the server's operator for a new "
            "certificate); it is paused: mend it, then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "look at this computer's date, then ask the server's operator; then `sequencer "
            "mailboxes resume wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="a certificate for another name",
        fault=SmtpFault(wants_tls=True, extensions=("STARTTLS",), tls="other name"),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT shows a certificate for another name: IP address "
            "mismatch, certificate is not valid for '127.0.0.1'. (set host to the name in the "
            "certificate); it is paused: mend it, then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "set `host` to the name in the certificate; then `sequencer mailboxes resume wang` "
            "once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="a certificate of an unknown authority",
        fault=SmtpFault(wants_tls=True, extensions=("STARTTLS",), tls="unknown authority"),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT shows a certificate of an unknown authority: unable to "
            "get local issuer certificate (if it is your firm's own server, set ca_file to its "
            "authority's certificate); it is paused: mend it, then `sequencer mailboxes resume "
            "wang`"
        ),
        mend=(
            "a firm's own server: set `ca_file`; any other: trust it not; then `sequencer "
            "mailboxes resume wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="closed in the TLS handshake",
        fault=SmtpFault(wants_tls=True, extensions=("STARTTLS",), tls="broken"),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read=("smtp fails: wang: HOST:PORT broke off the TLS handshake (nothing to do unless it lasts)"),
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
)
