"""Signing in: the device's code, the browser's redirect, and what is said when it comes to nothing."""

import urllib.parse
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.clock import SystemClock
from sequencer.config import OAuth
from sequencer.core.sign_in import Tokens
from sequencer.errors import InputError, SequencerError, TryAgain
from sequencer.mail.oauth.device import sign_in_by_device
from sequencer.mail.oauth.endpoint import Endpoint
from sequencer.mail.oauth.issuer import issuer_of
from sequencer.mail.oauth.loopback import sign_in_by_browser
from sequencer.mail.oauth.post import post_form
from sequencer.testing import FakeClock
from tests.mail.signing_in import LI, Browser, Office, browse, no_browser
from tests.servers.issuer import DEVICE, Issuer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = FakeClock()
    with Issuer(clock) as issuer:
        yield Office(tmp_path, issuer, clock)


def by_device(office: Office) -> Tokens:
    return sign_in_by_device(office.token.endpoint, office.told.append)


def by_browser(office: Office, browser: Browser) -> Tokens:
    """In real time: the browser needs some."""
    office.clock = SystemClock()
    return sign_in_by_browser(office.token.endpoint, LI, office.told.append, browser.open)


def failure(office: Office) -> SequencerError:
    with pytest.raises(SequencerError) as caught:
        by_device(office)
    assert office.has_told_a_secret(str(caught.value), str(caught.value.hint)) == []
    return caught.value


def waits(office: Office) -> list[float]:
    """Seconds before each question for the device's tokens."""
    begun, *asked = [one.at for one in office.issuer.asked]
    return [(b - a).total_seconds() for a, b in zip([begun, *asked], asked, strict=False)]


def test_the_code_and_the_page_are_told_and_the_wait_is_as_long_as_the_issuer_wants(office: Office) -> None:
    office.issuer.pending = ["authorization_pending", "slow_down", "authorization_pending"]
    tokens = by_device(office)
    assert office.told == [f"Open {office.issuer.url}/enter on any device and enter the code WDJB-MJHT"]
    assert waits(office) == [5, 5, 10, 10]
    assert office.issuer.takes(LI, tokens.access_token)
    assert tokens.expires_at == office.clock.now() + timedelta(hours=1)
    assert office.has_told_a_secret(repr(tokens)) == []


def test_an_issuer_that_is_away_for_a_moment_is_asked_less_often(office: Office) -> None:
    office.issuer.fail("/token", 503, {"error": "server_error"})
    by_device(office)
    assert waits(office) == [5, 10]


@pytest.mark.parametrize(
    ("answer", "says", "mend"),
    [
        ("access_denied", "declined", "accept"),
        ("expired_token", "took too long", "run the command again"),
        ("invalid_client", "invalid_client", "allow public client flows"),
        ("unauthorized_client", "unauthorized_client", "client_id"),
    ],
)
def test_a_device_that_is_refused_is_told_with_its_mend(
    office: Office, answer: str, says: str, mend: str
) -> None:
    office.issuer.pending = [answer]
    error = failure(office)
    assert says in str(error)
    assert mend in str(error.hint)
    assert "\n" not in str(error)


def test_a_code_that_nobody_enters_ends_with_its_life(office: Office) -> None:
    office.issuer.pending = ["authorization_pending"] * 500
    started = office.clock.now()
    assert "not entered in time" in str(failure(office))
    assert timedelta(minutes=14) < office.clock.now() - started <= timedelta(minutes=15)


def test_an_issuer_that_repeats_what_it_was_sent_is_quoted_without_it(office: Office) -> None:
    office.issuer.fail("/token", 400, {"error": "access_denied", "error_description": "bad: SENT\nmore"})
    assert "bad:" in str(failure(office))


def test_google_has_no_device_sign_in_for_mail() -> None:
    google = issuer_of(OAuth(issuer="google", client_id="x"))
    endpoint = Endpoint(issuer=google, client_id="x", client_secret=None, clock=FakeClock())
    with pytest.raises(InputError, match="Google has no device sign-in for mail"):
        sign_in_by_device(endpoint, print)


def test_microsoft_is_asked_for_imap_smtp_and_a_token_that_lasts() -> None:
    microsoft = issuer_of(OAuth(issuer="microsoft", client_id="x", tenant="ourfirm.example"))
    assert microsoft.device_url == (
        "https://login.microsoftonline.com/ourfirm.example/oauth2/v2.0/devicecode"
    )
    assert microsoft.scope.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]


def test_a_browser_brings_the_code_and_is_told_that_it_may_go(office: Office) -> None:
    browser = Browser()
    tokens = by_browser(office, browser)
    ((status, page),) = browser.close()
    assert status == 200
    assert "You can close this window" in page
    assert tokens.refresh_token
    (form,) = office.issuer.forms("authorization_code")
    assert len(form["code_verifier"]) >= 43
    assert form["code_verifier"] not in "".join([*office.told, *browser.links])
    assert office.has_told_a_secret(page, repr(tokens)) == []


def test_without_a_browser_the_link_is_told_and_the_way_from_another_machine(office: Office) -> None:
    def tell(line: str) -> None:
        office.told.append(line)
        if line.startswith("http"):
            browser.open(line)

    browser = Browser()
    office.clock = SystemClock()
    sign_in_by_browser(office.token.endpoint, LI, tell, no_browser)
    browser.close()
    words, link, way = office.told
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))
    assert words == "Open this link:"
    assert query["code_challenge_method"] == "S256"
    assert query["login_hint"] == LI
    assert f"ssh -L {urllib.parse.urlsplit(query['redirect_uri']).port}:" in way


def test_a_redirect_with_another_state_is_refused_and_the_right_one_still_counts(office: Office) -> None:
    strangers: list[tuple[int, str]] = []

    class Visited(Browser):
        def open(self, link: str) -> bool:
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))
            for asked in ("/?code=stolen&state=guessed", "/?code=stolen", "/favicon.ico", "/other?state=x"):
                strangers.append(browse(query["redirect_uri"] + asked))
            return super().open(link)

    browser = Visited()
    tokens = by_browser(office, browser)
    browser.close()
    assert [status for status, _ in strangers] == [400, 400, 404, 404]
    assert "another sign-in" in strangers[0][1]
    (form,) = office.issuer.forms("authorization_code")
    assert form["code"] != "stolen"
    assert office.issuer.takes(LI, tokens.access_token)


def test_a_person_who_declines_in_the_browser_is_believed(office: Office) -> None:
    office.issuer.declines = True
    browser = Browser()
    with pytest.raises(SequencerError, match="declined"):
        by_browser(office, browser)
    ((_, page),) = browser.close()
    assert "declined" in page


def test_a_browser_that_never_comes_back_ends_the_wait(office: Office) -> None:
    with pytest.raises(SequencerError, match="nobody signed in within 5 minutes"):
        sign_in_by_browser(office.token.endpoint, LI, office.told.append, no_browser)


def test_a_verifier_that_does_not_fit_gets_no_tokens(office: Office) -> None:
    """The issuer of the tests looks at PKCE; else the tests above would prove nothing about it."""
    browser = Browser()
    by_browser(office, browser)
    browser.close()
    link = browser.links[0]
    code = [secret for secret in office.issuer.secrets if secret.startswith("code-")][-1]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": "x" * 43}
    assert post_form(f"{office.issuer.url}/token", form).status == 400
    status, _ = browse(link.replace("S256", "plain"))
    assert status == 400


def test_an_issuer_elsewhere_is_not_asked_without_encryption() -> None:
    with pytest.raises(SequencerError, match="not asked without encryption"):
        post_form("http://issuer.example/token", {})


def test_an_issuer_that_is_not_there_is_tried_again_and_nothing_of_the_form_is_told() -> None:
    with Issuer(FakeClock()) as gone:
        url = gone.url
    with pytest.raises(TryAgain, match=r"127\.0\.0\.1 can't be reached: connection refused") as caught:
        post_form(f"{url}/token", {"refresh_token": "hush"})
    assert "hush" not in repr(caught.value)


def test_an_answer_that_is_no_answer_is_tried_again(office: Office) -> None:
    office.issuer.fail("/token", 502, {})
    with pytest.raises(TryAgain, match="answered 502"):
        post_form(f"{office.issuer.url}/token", {"grant_type": DEVICE})
