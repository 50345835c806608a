"""At which step of the SMTP talk a message was refused, told by the reporting server's words."""

import re

_STEPS: tuple[tuple[str, str], ...] = (
    ("connect", r"after initial connection|(?:in reply to|after) (?:the )?connect"),
    ("hello", r"after (?:EHLO|HELO|LHLO)\b|in reply to (?:EHLO|HELO)\b|my name was rejected"),
    ("mail", r"(?:after (?:pipelined )?|in reply to (?:the )?)MAIL FROM\b|did not like our MAIL FROM"),
    (
        "recipient",
        r"(?:after (?:pipelined )?|in reply to (?:the )?)RCPT TO\b|did not like our RCPT TO"
        r"|does not like recipient|\bRCPT TO response|sent: RCPT TO:|rejected command 'RCPT TO:",
    ),
    (
        "data",
        r"(?:after (?:pipelined )?|in reply to )(?:the )?(?:sending )?(?:end of )?(?:data|DATA"
        r"|message body)\b"
        r"|did not like our (?:DATA|EOM)|failed after I sent the message",
    ),
)
_SAID = tuple((step, re.compile(words, re.IGNORECASE)) for step, words in _STEPS)
_COMMANDS = {"MAIL": "mail", "RCPT": "recipient", "DATA": "data", "EHLO": "hello", "HELO": "hello"}
_TRANSCRIPT = re.compile(
    r"^[> ]{0,4}>>> ?(?P<command>[A-Za-z.]{1,10})[^\n]{0,300}\n[> ]{0,4}<<< ?[45]\d\d", re.M
)


def stage_of(said: str) -> str:
    """`connect`, `hello`, `mail`, `recipient` or `data`; empty where the report does not tell."""
    named = [(match.start(), step) for step, words in _SAID if (match := words.search(said))]
    if named:
        return min(named)[1]
    asked = _TRANSCRIPT.search(said)
    return _COMMANDS.get(asked["command"].upper(), "") if asked else ""
