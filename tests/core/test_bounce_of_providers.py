"""What providers refuse with, coming back as a bounce: never hard unless the address is dead."""

import pytest

from sequencer.core.classify.bounce_reason import diagnose
from sequencer.core.ports import SmtpClass
from tests.mail.provider_answers import PROVIDER_ANSWERS, ProviderAnswer

_OURS = {SmtpClass.RATE, SmtpClass.MAILBOX}


@pytest.mark.parametrize("said", PROVIDER_ANSWERS, ids=lambda said: f"{said.provider} {said.answer}")
def test_only_a_dead_address_bounces_hard(said: ProviderAnswer) -> None:
    word = said.answer.split()[1]
    statuses = [word] if word[:2] in ("4.", "5.") else ["", "5.0.0"]
    if said.smtp_class is SmtpClass.RATE:
        statuses.append("5.1.1")
    for status in statuses:
        if diagnose(said.answer, status).is_hard:
            assert said.smtp_class is SmtpClass.DEAD, status
