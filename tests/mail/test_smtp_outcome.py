"""The table of SMTP answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import SecretRef, Server
from sequencer.core.ports import Answer, Deferred, MailboxFault, Refused, SmtpClass
from sequencer.mail.smtp_account import Account
from sequencer.mail.smtp_outcome import classify, judge, read_answer, wire_id
from tests.mail.provider_answers import PROVIDER_ANSWERS

ACCOUNT = Account(
    mailbox="wang",
    server=Server(
        host="smtp.yutools.example",
        port=587,
        security="starttls",
        username="lily",
        password=SecretRef("env:WANG_PASSWORD"),
    ),
)


def classed(reply: str, verb: str = "RCPT") -> SmtpClass:
    code, _, text = reply.partition(" ")
    return classify(read_answer(int(code), text.encode(), verb))


@pytest.mark.parametrize(
    ("reply", "smtp_class"),
    [
        # Nobody there.
        ("550 5.1.1 <ana@x.example>: Recipient address rejected: User unknown", SmtpClass.DEAD),
        ("550 5.1.1 The email account that you tried to reach does not exist", SmtpClass.DEAD),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup", SmtpClass.DEAD),
        ("550 Mailbox not found. http://service.mail.qq.com/detail/122", SmtpClass.DEAD),
        ("550 User not found: ana@163.example", SmtpClass.DEAD),
        ("550 No such user here", SmtpClass.DEAD),
        ("553 sorry, no mailbox here by that name (#5.1.1)", SmtpClass.DEAD),
        ("550 5.2.1 The email account that you tried to reach is disabled", SmtpClass.DEAD),
        ("550 5.1.2 host unknown", SmtpClass.DEAD),
        ("550 5.4.1 Recipient address rejected: Access denied", SmtpClass.DEAD),
        ("550 用户不存在", SmtpClass.DEAD),
        ("550 5.1.1 spam.blocked@x.example user unknown", SmtpClass.DEAD),
        # Full.
        ("552 5.2.2 The email account that you tried to reach is over quota", SmtpClass.FULL),
        ("452 4.2.2 Mailbox full", SmtpClass.FULL),
        ("550 ana's mailbox is full", SmtpClass.FULL),
        ("552 Requested mail action aborted: exceeded storage allocation", SmtpClass.FULL),
        # They do not want it like this.
        ("550 5.7.1 Service unavailable; Client host blocked using Spamhaus", SmtpClass.POLICY),
        ("554 5.7.1 Spam message rejected", SmtpClass.POLICY),
        ("554 DT:SPM 163 smtp9,xxx http://mail.163.com/help/help_spam_16.htm", SmtpClass.POLICY),
        ("550 5.7.26 This mail is unauthenticated", SmtpClass.POLICY),
        ("550 5.7.509 Access denied, sending domain does not pass DMARC verification", SmtpClass.POLICY),
        ("550 5.1.1 rejected because of blacklist", SmtpClass.POLICY),
        ("550 5.7.133 You are not allowed to send to this group", SmtpClass.POLICY),
        # A bare 550 says nothing: never dead.
        ("550 Requested action not taken: mailbox unavailable", SmtpClass.POLICY),
        ("550 rejected", SmtpClass.POLICY),
        ("554 Transaction failed", SmtpClass.POLICY),
        ("550", SmtpClass.POLICY),
        ("550 Mailbox unavailable or access denied", SmtpClass.SOFT),
        ("550 The recipient may contain a non-existent account, please check", SmtpClass.SOFT),
        # The message.
        ("552 5.3.4 Message size exceeds fixed limit", SmtpClass.CONTENT),
        ("554 5.6.0 Message contains invalid header", SmtpClass.CONTENT),
        (
            "552 5.7.0 This message was blocked because its attachment type is not allowed: a virus",
            SmtpClass.CONTENT,
        ),
        ("552 too much mail data", SmtpClass.CONTENT),
        # Slow down, whatever the code.
        ("550 Ip frequency limited. http://service.mail.qq.com/", SmtpClass.RATE),
        ("550 5.7.1 Mail frequency limited", SmtpClass.RATE),
        ("550 5.1.1 too many messages from this sender", SmtpClass.RATE),
        ("421 4.7.28 unusual rate of unsolicited mail", SmtpClass.RATE),
        ("451 4.7.500 Server busy", SmtpClass.RATE),
        ("550 发送频率过高", SmtpClass.RATE),
        # For a while.
        ("451 4.7.1 Greylisting in action, please come back later", SmtpClass.SOFT),
        ("451 4.3.0 Temporary lookup failure", SmtpClass.SOFT),
        ("450 try again", SmtpClass.SOFT),
        ("452 4.3.1 Insufficient system storage", SmtpClass.SOFT),
        ("550 5.4.4 Unable to route", SmtpClass.SOFT),
        # Ours.
        ("530 5.7.0 Authentication required", SmtpClass.MAILBOX),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", SmtpClass.MAILBOX),
        ("553 5.7.1 <lily@y.example>: Sender address rejected: not owned by user wang", SmtpClass.MAILBOX),
        ("553 Mail from must equal authorized user", SmtpClass.MAILBOX),
        ("554 5.7.1 <ana@x.example>: Relay access denied", SmtpClass.MAILBOX),
        ("550 5.4.5 Daily user sending limit exceeded", SmtpClass.MAILBOX),
        ("550 5.1.8 Access denied, bad outbound sender", SmtpClass.MAILBOX),
        ("550 5.1.1 Sender address does not exist", SmtpClass.MAILBOX),
    ],
)
def test_an_answer_has_its_class(reply, smtp_class):
    assert classed(reply) is smtp_class


@given(st.integers(200, 599), st.sampled_from(["", "4.2.1", "5.0.0", "5.1.0", "5.5.0"]))
def test_no_code_without_a_telling_word_or_enhanced_code_is_dead(code, enhanced):
    assert classed(f"{code} {enhanced} no") is not SmtpClass.DEAD


@given(st.integers(400, 499), st.text(st.sampled_from(" abcunkowser5.1.1不存在")))
def test_a_temporary_answer_never_means_dead(code, text):
    assert classed(f"{code} 4.1.1 user unknown {text}") is not SmtpClass.DEAD


@given(
    st.integers(-1, 999),
    st.binary(max_size=400),
    st.sampled_from(["MAIL", "RCPT", "DATA", "CONTENT", "AUTH"]),
)
def test_any_reply_is_judged_in_one_line(code, text, verb):
    answer = read_answer(code, text, verb)
    assert answer.text.isprintable() or not any(char in answer.text for char in "\r\n\0\x1b")
    assert len(answer.text) <= 300
    outcome = judge(answer, ACCOUNT)
    assert isinstance(outcome, Deferred | Refused | MailboxFault)
    assert isinstance(outcome, Refused) <= (code >= 500)


def test_an_answer_of_several_lines_becomes_one_with_its_enhanced_code_taken_out():
    text = b"5.1.1 The email account that you tried to reach does not exist.\n5.1.1 Please try\n5.1.1  again"
    assert read_answer(550, text, "RCPT") == Answer(
        code=550,
        enhanced="5.1.1",
        text="The email account that you tried to reach does not exist. Please try again",
        verb="RCPT",
    )


def test_an_answer_in_gb18030_is_read():
    assert read_answer(550, "用户不存在".encode("gb18030"), "RCPT").text == "用户不存在"


def test_a_network_address_is_no_enhanced_code():
    assert read_answer(550, b"refused from 5.1.1.7", "RCPT").enhanced == ""


@pytest.mark.parametrize(
    ("reply", "verb", "is_lasting", "mend"),
    [
        ("535 5.7.8 bad credentials", "AUTH", True, "env:WANG_PASSWORD"),
        ("535 bad credentials", "AUTH", True, "授权码"),
        ("534 5.7.9 Application-specific password required", "AUTH", True, "app password"),
        (
            "535 5.7.139 SmtpClientAuthentication is disabled",
            "AUTH",
            True,
            "SMTP AUTH",
        ),
        ("454 4.7.0 Temporary authentication failure", "AUTH", False, "the mailbox waits"),
        ("421 4.7.0 try again later", "CONNECT", False, "the mailbox waits"),
        ("421 4.3.2 shutting down", "CONNECT", False, "next tick"),
        ("454 Throttling failure: Daily message quota exceeded", "RCPT", False, "the mailbox waits"),
        ("530 5.7.0 Must issue a STARTTLS command first", "MAIL", True, 'security = "starttls"'),
        ("550 5.7.708 Access denied, traffic not accepted from this IP", "CONTENT", True, "administrator"),
        ("554 5.7.1 blocked", "CONNECT", True, "network address"),
        ("550 5.7.1 not allowed", "MAIL", True, "login (lily)"),
        ("550 frequency limited", "MAIL", False, "min_gap"),
        ("452 4.3.1 full", "MAIL", False, "next tick"),
        ("550 5.4.5 Daily sending quota exceeded", "CONTENT", True, "daily_cap"),
        ("554 5.7.1 Relay access denied", "RCPT", True, "log in"),
    ],
)
def test_a_fault_of_the_mailbox_says_whether_it_lasts_and_how_to_mend_it(reply, verb, is_lasting, mend):
    code, _, text = reply.partition(" ")
    fault = judge(read_answer(int(code), text.encode(), verb), ACCOUNT)
    assert isinstance(fault, MailboxFault)
    assert fault.is_lasting is is_lasting
    assert mend in fault.hint
    assert fault.message.startswith("wang: smtp.yutools.example:587 ")
    assert code in fault.message


@given(
    st.sampled_from([said for said in PROVIDER_ANSWERS if said.smtp_class is SmtpClass.RATE]),
    st.sampled_from(["", "5.1.1 ", "5.0.0 ", "5.2.1 "]),
    st.sampled_from(["RCPT", "DATA", "CONTENT"]),
)
def test_an_answer_about_our_pace_is_never_final_and_never_about_the_address(said, enhanced, verb):
    """Whatever code, or in place of none whatever enhanced code, a server puts before it."""
    code, _, words = said.answer.partition(" ")
    if words[:2] in ("4.", "5."):
        tries = [(int(code), words)]
    else:
        tries = [(code, f"{enhanced}{words}") for code in (421, 451, 550, 552, 554)]
    for code, text in tries:
        outcome = judge(read_answer(code, text.encode(), verb), ACCOUNT)
        assert isinstance(outcome, Deferred), outcome
        assert outcome.smtp_class is SmtpClass.RATE


@pytest.mark.parametrize("said", PROVIDER_ANSWERS, ids=lambda said: f"{said.provider} {said.answer}")
def test_what_a_provider_says_has_its_class(said):
    assert classed(said.answer, said.verb) is said.smtp_class


@pytest.mark.parametrize("said", PROVIDER_ANSWERS, ids=lambda said: f"{said.provider} {said.answer}")
def test_only_a_dead_address_is_ever_judged_as_dead(said):
    code, _, text = said.answer.partition(" ")
    outcome = judge(read_answer(int(code), text.encode(), said.verb), ACCOUNT)
    is_dead = isinstance(outcome, Refused) and outcome.smtp_class is SmtpClass.DEAD
    assert is_dead is (said.smtp_class is SmtpClass.DEAD)


@pytest.mark.parametrize("code", [421, 450, 451, 452, 454])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_temporary_answer_is_never_a_refusal_nor_a_lasting_fault(code, verb):
    for text in ("", "5.1.1 user unknown", "4.7.0 no", "4.1.1 no such user", "authentication required"):
        outcome = judge(read_answer(code, text.encode(), verb), ACCOUNT)
        assert not isinstance(outcome, Refused)
        assert not (isinstance(outcome, MailboxFault) and outcome.is_lasting)


def test_the_line_for_a_wrong_password_reads_well():
    fault = judge(read_answer(535, b"5.7.8 Error: authentication failed", "AUTH"), ACCOUNT)
    assert fault.message == (
        "wang: smtp.yutools.example:587 refused the password (535 5.7.8 Error: authentication failed)"
    )
    assert fault.hint == "set the right password (env:WANG_PASSWORD) or an app password / 授权码"


def test_a_message_too_large_at_mail_is_no_fault_of_the_mailbox():
    outcome = judge(read_answer(552, b"5.3.4 Message size exceeds fixed limit", "MAIL"), ACCOUNT)
    assert isinstance(outcome, Refused)
    assert outcome.smtp_class is SmtpClass.CONTENT


SES = "0100018f2a3b4c5d-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"


@pytest.mark.parametrize(
    ("host", "text", "expected"),
    [
        ("email-smtp.us-east-1.amazonaws.com", f"Ok {SES}", f"<{SES}@email.amazonses.com>"),
        ("email-smtp.eu-west-1.amazonaws.com", f"Ok {SES}", f"<{SES}@eu-west-1.amazonses.com>"),
        ("smtp.yutools.example", f"Ok {SES}", None),
        ("email-smtp.us-east-1.amazonaws.com.evil.example", f"Ok {SES}", None),
        ("email-smtp.us-east-1.amazonaws.com", "Ok: queued as 4F2", None),
    ],
)
def test_a_relays_own_message_id_is_learnt_from_amazon_only(host, text, expected):
    assert wire_id(host, Answer(code=250, text=text, verb="CONTENT")) == expected
