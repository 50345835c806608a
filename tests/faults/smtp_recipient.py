"""SMTP faults when the recipient is named: what the server says of the buyer's address."""

from tests.faults.row import IMPATIENT, SmtpFault, SmtpRow
from tests.servers.scripted_smtp import CLOSE, SILENCE

AT_RECIPIENT = (
    SmtpRow(
        happens="closed after MAIL",
        fault=SmtpFault(script={"RCPT": CLOSE}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: the server closed the connection at RCPT",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to RCPT",
        fault=SmtpFault(script={"RCPT": "421 4.3.2 shutting down"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: 421 4.3.2 shutting down",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="450 to RCPT",
        fault=SmtpFault(script={"RCPT": "450 4.2.0 try again"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: 450 4.2.0 try again",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="450 for more than a day",
        fault=SmtpFault(script={"RCPT": "450 4.2.0 try again"}, lasts=True),
        message="refused",
        copies=0,
        enrollment="held: soft_bounce, 7 days",
        mailbox="goes on",
        read=(
            "deferred: RCPT: 450 4.2.0 try again; refused: given up after N tries; RCPT: 450 4.2.0 try again"
        ),
        mend="nothing: the next step goes out after the hold; a second time waits for a person",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="greylisted",
        fault=SmtpFault(script={"RCPT": "451 4.7.1 Greylisting in action, please come back later"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: 451 4.7.1 Greylisting in action, please come back later",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="the buyer's mailbox is full, for now",
        fault=SmtpFault(script={"RCPT": "452 4.2.2 Mailbox full"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: 452 4.2.2 Mailbox full",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="the buyer's mailbox is full",
        fault=SmtpFault(script={"RCPT": "552 5.2.2 over quota"}),
        message="refused",
        copies=0,
        enrollment="held: soft_bounce, 7 days",
        mailbox="goes on",
        read="refused: RCPT: 552 5.2.2 over quota",
        mend="nothing: the next step goes out after the hold; a second time waits for a person",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="a dead address",
        fault=SmtpFault(script={"RCPT": "550 5.1.1 user unknown"}),
        message="refused",
        copies=0,
        enrollment="finished: bounced, address suppressed",
        mailbox="goes on",
        read="refused: RCPT: 550 5.1.1 user unknown",
        mend="find another address (`sequencer contacts`)",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="the buyer's server does not want our mail",
        fault=SmtpFault(script={"RCPT": "550 5.7.1 blocked using a list"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: RCPT: 550 5.7.1 blocked using a list",
        mend=(
            "read what the server said and mend it; then `sequencer enrollments resume` goes on "
            "with the next step"
        ),
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="a 550 that says nothing",
        fault=SmtpFault(script={"RCPT": "550 Requested action not taken: mailbox unavailable"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: RCPT: 550 Requested action not taken: mailbox unavailable",
        mend=(
            "read what the server said and mend it; then `sequencer enrollments resume` goes on "
            "with the next step"
        ),
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="a limit on the pace, said with 550",
        fault=SmtpFault(script={"RCPT": "550 Mail frequency limited"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="waits 5 min",
        read="deferred: RCPT: 550 Mail frequency limited",
        mend="nothing; if it lasts, raise `min_gap` or lower `daily_cap`",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="a limit on the pace for more than a day",
        fault=SmtpFault(script={"RCPT": "550 Mail frequency limited"}, lasts=True),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read=(
            "deferred: RCPT: 550 Mail frequency limited; refused: given up after N tries; RCPT: "
            "550 Mail frequency limited"
        ),
        mend="lower `daily_cap`, ask the provider; then `sequencer enrollments resume`",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="554 to RCPT",
        fault=SmtpFault(script={"RCPT": "554 Transaction failed"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: RCPT: 554 Transaction failed",
        mend=(
            "read what the server said and mend it; then `sequencer enrollments resume` goes on "
            "with the next step"
        ),
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="an answer of several lines",
        fault=SmtpFault(
            script={"RCPT": "550-5.1.1 The account that you tried to reach\r\n550 5.1.1 does not exist"}
        ),
        message="refused",
        copies=0,
        enrollment="finished: bounced, address suppressed",
        mailbox="goes on",
        read="refused: RCPT: 550 5.1.1 The account that you tried to reach does not exist",
        mend="find another address (`sequencer contacts`)",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="an answer that is not SMTP",
        fault=SmtpFault(script={"RCPT": "hello there"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: an answer that is not SMTP (…o there)",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="silence at RCPT",
        fault=SmtpFault(script={"RCPT": SILENCE}, timeout_in=IMPATIENT),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: RCPT: the server did not answer within 0.3 s at RCPT",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
)
