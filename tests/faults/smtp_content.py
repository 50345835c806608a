"""SMTP faults from DATA to the answer to the final dot, and what is no fault at all."""

from tests.faults.row import IMPATIENT, SmtpFault, SmtpRow
from tests.servers.scripted_smtp import CLOSE, SILENCE, TAKEN_CLOSE, TAKEN_SILENCE

AT_CONTENT = (
    SmtpRow(
        happens="closed after RCPT",
        fault=SmtpFault(script={"DATA": CLOSE}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: DATA: the server closed the connection at DATA",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to DATA",
        fault=SmtpFault(script={"DATA": "421 4.3.2 shutting down"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: DATA: 421 4.3.2 shutting down",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="250 instead of 354",
        fault=SmtpFault(script={"DATA": "250 2.0.0 Ok"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: DATA: 250 2.0.0 Ok",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="silence at DATA",
        fault=SmtpFault(script={"DATA": SILENCE}, timeout_in=IMPATIENT),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: DATA: the server did not answer within 0.3 s at DATA",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="cut within the content",
        fault=SmtpFault(script={"CONTENT": CLOSE}, is_large=True),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: CONTENT: the server closed the connection at CONTENT",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="421 to the final dot",
        fault=SmtpFault(script={"DOT": "421 4.3.0 shutting down"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: CONTENT: 421 4.3.0 shutting down",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="451 to the final dot",
        fault=SmtpFault(script={"DOT": "451 4.3.0 local error in processing"}),
        message="deferred",
        copies=0,
        enrollment="active",
        mailbox="goes on",
        read="deferred: CONTENT: 451 4.3.0 local error in processing",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="too large, said at the end",
        fault=SmtpFault(script={"DOT": "552 5.3.4 Message size exceeds fixed limit"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: CONTENT: 552 5.3.4 Message size exceeds fixed limit",
        mend="a smaller attachment; then `sequencer enrollments resume`",
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="taken for spam",
        fault=SmtpFault(script={"DOT": "554 5.7.1 Spam message rejected"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: CONTENT: 554 5.7.1 Spam message rejected",
        mend=(
            "other words (`sequencer sequences check`), `sequencer doctor`; then `sequencer "
            "enrollments resume`"
        ),
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="NetEase takes it for spam",
        fault=SmtpFault(script={"DOT": "554 DT:SPM 163 smtp7"}),
        message="refused",
        copies=0,
        enrollment="held: bounce_refused, a person",
        mailbox="goes on",
        read="refused: CONTENT: 554 DT:SPM 163 smtp7",
        mend=(
            "other words (`sequencer sequences check`), `sequencer doctor`; then `sequencer "
            "enrollments resume`"
        ),
        afterwards="refused, 0 copies",
    ),
    SmtpRow(
        happens="the day's quota is used up",
        fault=SmtpFault(script={"DOT": "550 5.4.5 Daily user sending limit exceeded"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT does not let this mailbox send (550 5.4.5 Daily user "
            "sending limit exceeded) (lower daily_cap, and resume the mailbox when the "
            "provider's limit has passed); it is paused: mend it, then `sequencer mailboxes "
            "resume wang`"
        ),
        mend="lower `daily_cap`; the next day `sequencer mailboxes resume wang`",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="the login may not send as this address",
        fault=SmtpFault(script={"DOT": "550 5.7.60 Client does not have permissions to send as this sender"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT does not let this mailbox send (550 5.7.60 Client does "
            "not have permissions to send as this sender) (let the login (no user name is set) "
            "send as this mailbox's address, or log in as that address); it is paused: mend it, "
            "then `sequencer mailboxes resume wang`"
        ),
        mend=(
            "log in as the address that writes, or let this login send as it; then `sequencer "
            "mailboxes resume wang` once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="Microsoft blocks the firm's traffic",
        fault=SmtpFault(script={"DOT": "550 5.7.708 Access denied, traffic not accepted from this IP"}),
        message="ready",
        copies=0,
        enrollment="active",
        mailbox="paused",
        read=(
            "smtp fails: wang: HOST:PORT does not let this mailbox send (550 5.7.708 Access "
            "denied, traffic not accepted from this IP) (the provider has blocked this account "
            "or firm: ask its administrator to lift that); it is paused: mend it, then "
            "`sequencer mailboxes resume wang`"
        ),
        mend=(
            "the firm's administrator asks Microsoft; then `sequencer mailboxes resume wang` "
            "once it is mended"
        ),
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="closed at the final dot, not taken",
        fault=SmtpFault(script={"DOT": CLOSE}),
        message="unsure",
        copies=0,
        enrollment="held: unsure, a person",
        mailbox="goes on",
        read="unsure: HOST:PORT: no answer to the final dot: closed the connection",
        mend="look into Sent, or ask the buyer: `sequencer outbox resolve ID --sent` or `--resend`",
        afterwards="unsure, 0 copies",
    ),
    SmtpRow(
        happens="closed at the final dot, taken",
        fault=SmtpFault(script={"DOT": TAKEN_CLOSE}),
        message="unsure",
        copies=1,
        enrollment="held: unsure, a person",
        mailbox="goes on",
        read="unsure: HOST:PORT: no answer to the final dot: closed the connection",
        mend="look into Sent, or ask the buyer: `sequencer outbox resolve ID --sent` or `--resend`",
        afterwards="unsure, 1 copy",
    ),
    SmtpRow(
        happens="silence at the final dot, not taken",
        fault=SmtpFault(script={"DOT": SILENCE}, timeout_in=IMPATIENT),
        message="unsure",
        copies=0,
        enrollment="held: unsure, a person",
        mailbox="goes on",
        read="unsure: HOST:PORT: no answer to the final dot: did not answer within 0.3 s",
        mend="look into Sent, or ask the buyer: `sequencer outbox resolve ID --sent` or `--resend`",
        afterwards="unsure, 0 copies",
    ),
    SmtpRow(
        happens="silence at the final dot, taken",
        fault=SmtpFault(script={"DOT": TAKEN_SILENCE}, timeout_in=IMPATIENT),
        message="unsure",
        copies=1,
        enrollment="held: unsure, a person",
        mailbox="goes on",
        read="unsure: HOST:PORT: no answer to the final dot: did not answer within 0.3 s",
        mend="look into Sent, or ask the buyer: `sequencer outbox resolve ID --sent` or `--resend`",
        afterwards="unsure, 1 copy",
    ),
    SmtpRow(
        happens="an answer to the final dot that is not SMTP",
        fault=SmtpFault(script={"DOT": "what?"}),
        message="unsure",
        copies=0,
        enrollment="held: unsure, a person",
        mailbox="goes on",
        read="unsure: HOST:PORT answered the final dot with an answer that is not SMTP (…?)",
        mend="look into Sent, or ask the buyer: `sequencer outbox resolve ID --sent` or `--resend`",
        afterwards="unsure, 0 copies",
    ),
    SmtpRow(
        happens="closed before QUIT",
        fault=SmtpFault(script={"MAIL": ["250 2.1.0 Ok", CLOSE]}),
        message="sent",
        copies=1,
        enrollment="active",
        mailbox="goes on",
        read="nothing",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
    SmtpRow(
        happens="answers byte by byte",
        fault=SmtpFault(is_dribbling=True),
        message="sent",
        copies=1,
        enrollment="active",
        mailbox="goes on",
        read="nothing",
        mend="nothing",
        afterwards="sent, 1 copy",
    ),
)
