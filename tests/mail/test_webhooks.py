"""Webhooks over a real connection: each vendor's form, signature and way of saying no."""

from datetime import UTC, datetime

import pytest

from sequencer.mail.webhooks import Post, PostFailed, post, signed
from sequencer.testing import FakeClock
from tests.servers.webhook import REFUSE, WebhookServer

KINDS = ("json", "slack", "dingtalk", "feishu", "wecom")
SIGNED = ("json", "dingtalk", "feishu")
DOCUMENT = {"id": "1", "sent_at": "2026-03-02T09:00:00Z", "notices": []}
NOW = FakeClock().now()


def a_post(server: WebhookServer, secret: str = "") -> Post:
    content = DOCUMENT if server.kind == "json" else "Ana antwortete: 你好"
    return Post(kind=server.kind, url=server.url, secret=secret, delivery_id="d1", content=content)


@pytest.mark.parametrize("kind", KINDS)
def test_each_room_takes_its_own_form(kind: str) -> None:
    with WebhookServer(kind) as server:
        post(a_post(server), NOW)
    [got] = server.accepted
    assert got.key == "d1"
    assert got.text == ("" if kind == "json" else "Ana antwortete: 你好")


@pytest.mark.parametrize("kind", SIGNED)
def test_what_is_signed_with_the_rooms_secret_is_taken_and_nothing_else(kind: str) -> None:
    with WebhookServer(kind, secret="SEC+/=1", clock=FakeClock()) as server:
        post(a_post(server, "SEC+/=1"), NOW)
        with pytest.raises(PostFailed):
            post(a_post(server, "another"), NOW)
    assert len(server.accepted) == 1


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_clock_an_hour_off_is_refused_with_the_mend(kind: str) -> None:
    late = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    with (
        WebhookServer(kind, secret="s", clock=FakeClock()) as server,
        pytest.raises(PostFailed, match="secret"),
    ):
        post(a_post(server, "s"), late)


def test_dingtalks_signature_is_url_encoded_after_the_token() -> None:
    given = Post(
        kind="dingtalk", url="https://x.example/?access_token=t", secret="s", delivery_id="d", content=""
    )
    url, _, _ = signed(given, NOW)
    assert url.startswith(f"https://x.example/?access_token=t&timestamp={int(NOW.timestamp() * 1000)}&sign=")
    assert "%3D" in url.rpartition("&sign=")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_one_however_the_vendor_says_it(kind: str) -> None:
    with WebhookServer(kind) as server:
        server.fail(REFUSE)
        with pytest.raises(PostFailed) as failed:
            post(a_post(server), NOW)
    words = str(failed.value)
    assert kind in words
    assert "secret-token" not in words
    assert "Ana" not in words


def test_an_echo_of_the_text_does_not_reach_the_words_of_the_failure() -> None:
    with WebhookServer("wecom") as server:
        server.fail("500")
        with pytest.raises(PostFailed) as failed:
            post(a_post(server), NOW)
    assert str(failed.value) == "wecom answered 500"
    assert not failed.value.is_lasting


def test_a_redirect_is_not_followed() -> None:
    with WebhookServer("json") as server:
        server.fail("302")
        with pytest.raises(PostFailed, match="points elsewhere"):
            post(a_post(server), NOW)
    assert server.heard == 1


def test_what_stays_on_this_machine_goes_past_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with WebhookServer("json") as server:
        post(a_post(server), NOW)
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    "url", ["http://rooms.example/x", "ftp://127.0.0.1/x", "not a url", "https://", "http://[x"]
)
def test_only_https_may_carry_names_abroad(url: str) -> None:
    given = Post(kind="slack", url=url, secret="", delivery_id="d", content="hello")
    with pytest.raises(PostFailed, match="URL") as failed:
        post(given, NOW)
    assert failed.value.is_lasting


def test_a_room_that_nobody_runs_is_said_so_without_its_url() -> None:
    with WebhookServer("slack") as server:
        gone = a_post(server)
    with pytest.raises(PostFailed, match="not reached") as failed:
        post(gone, NOW)
    assert "127.0.0.1" not in str(failed.value)
