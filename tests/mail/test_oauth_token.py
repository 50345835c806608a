"""The kept token: replaced in time, rotated without loss, on disk before it is used, its owner's alone."""

import json
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequencer.core.sign_in import App, Grant, Tokens
from sequencer.errors import SequencerError, TryAgain
from sequencer.files.token_file import TokenFile
from sequencer.mail.oauth.device import sign_in_by_device
from sequencer.mail.oauth.endpoint import Refusal
from sequencer.testing import FakeClock
from tests.mail.signing_in import LI, Office, signed_in


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    with signed_in(tmp_path, clock) as office:
        yield office


def refreshes(office: Office) -> int:
    return len(office.issuer.forms("refresh_token"))


def test_an_access_token_is_used_until_five_minutes_before_its_end(office: Office, clock: FakeClock) -> None:
    first = office.token.secret()
    clock.advance(timedelta(minutes=54, seconds=59))
    assert office.token.secret() == first
    assert refreshes(office) == 0
    clock.advance(timedelta(seconds=1))
    second = office.token.secret()
    assert second != first
    assert office.issuer.takes(LI, second)
    assert refreshes(office) == 1


def test_the_newest_refresh_token_is_kept_and_an_old_one_never_asked_with_again(
    office: Office, clock: FakeClock
) -> None:
    for _ in range(5):
        clock.advance(timedelta(hours=1))
        office.token.secret()
    used = [form["refresh_token"] for form in office.issuer.forms("refresh_token")]
    assert len(set(used)) == len(used) == 5
    assert office.kept().tokens.refresh_token == office.issuer.secrets[-1]


def test_an_answer_without_a_refresh_token_leaves_the_old_one(office: Office, clock: FakeClock) -> None:
    before = office.kept().tokens.refresh_token
    office.issuer.gives_refresh_tokens = False
    for _ in range(2):
        clock.advance(timedelta(hours=1))
        office.token.secret()
    assert office.kept().tokens.refresh_token == before


def test_threads_that_need_a_token_at_once_ask_for_one_together(office: Office, clock: FakeClock) -> None:
    """A strict issuer ends the sign-in when an old refresh token is used a second time."""
    clock.advance(timedelta(hours=1))
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(office.token.secret())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 8
    assert len(set(got)) == 1
    assert refreshes(office) == 1


def test_a_refused_token_is_replaced_once_whoever_finds_out_first(office: Office) -> None:
    refused = office.token.secret()
    office.issuer.forget_access_tokens()
    first, second = office.token.renew(refused), office.token.renew(refused)
    assert first == second != refused
    assert refreshes(office) == 1


def test_a_sign_in_that_was_ended_says_who_mends_it_how(office: Office, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=1))
    office.issuer.revoke()
    with pytest.raises(SequencerError) as caught:
        office.token.secret()
    assert not isinstance(caught.value, TryAgain)
    assert "has ended the sign-in (invalid_grant: the sign-in was ended)" in str(caught.value)
    assert caught.value.hint == "sign in with `sequencer mailboxes login li`"


def test_a_wrong_app_is_mended_in_the_settings_first(office: Office, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=1))
    office.issuer.client_secret = "another"
    with pytest.raises(SequencerError) as caught:
        office.token.secret()
    assert "public client flows" in str(caught.value.hint)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_issuer_in_trouble_costs_nothing(office: Office, clock: FakeClock, status: int) -> None:
    clock.advance(timedelta(hours=1))
    office.issuer.fail("/token", status, {"error": "temporarily_unavailable"})
    with pytest.raises(TryAgain):
        office.token.secret()
    assert office.issuer.takes(LI, office.token.secret())


def test_nobody_signed_in_and_somebody_elses_sign_in_are_told(office: Office, tmp_path: Path) -> None:
    stranger = replace(office.token, app=replace(office.token.app, account="wang@ourfirm.example"))
    with pytest.raises(SequencerError, match="another account or app"):
        stranger.secret()
    office.file.remove()
    with pytest.raises(SequencerError, match="nobody has signed in yet"):
        office.token.secret()


def test_a_sign_in_that_would_end_within_the_hour_is_none(office: Office) -> None:
    office.issuer.gives_refresh_tokens = False
    tokens = sign_in_by_device(office.token.endpoint, office.told.append)
    with pytest.raises(SequencerError, match="gave no refresh token"):
        office.token.keep(tokens)


def test_the_new_refresh_token_is_on_disk_before_anybody_gets_the_access_token(
    office: Office, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies right after the file is replaced has lost nothing."""
    clock.advance(timedelta(hours=1))
    real = TokenFile.write

    def write_and_die(file: TokenFile, grant: Grant) -> None:
        real(file, grant)
        if refreshes(office):
            raise SystemExit("killed")

    monkeypatch.setattr(TokenFile, "write", write_and_die)
    with pytest.raises(SystemExit):
        office.token.secret()
    monkeypatch.undo()
    assert office.kept().tokens.refresh_token == office.issuer.secrets[-1]
    clock.advance(timedelta(hours=1))
    assert office.issuer.takes(LI, office.token.secret())


def test_dying_while_the_file_is_written_leaves_the_old_one_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.kept()

    def dies(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        office.file.write(replace(before, tokens=replace(before.tokens, refresh_token="half")))
    assert office.kept() == before
    left = {path.name for path in office.file.path.parent.iterdir()}
    assert left == {".gitignore", "li.json", "li.json.lock"}


def test_a_disk_that_is_full_spends_no_refresh_token(
    office: Office, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(timedelta(hours=1))

    def is_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", is_full)
    with pytest.raises(SequencerError, match="can't be written: No space left on device"):
        office.token.secret()
    assert refreshes(office) == 0


def test_git_never_sees_a_token_even_in_a_workspace_made_before_there_were_any(office: Office) -> None:
    assert (office.workspace.tokens / ".gitignore").read_text() == "*\n"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_file_is_its_owners_alone(office: Office) -> None:
    folder = office.workspace.tokens
    assert folder.stat().st_mode & 0o777 == 0o700
    assert office.file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"refresh_token": "x"}'])
def test_a_damaged_file_is_told_by_name_and_mended_by_signing_in(office: Office, damage: str) -> None:
    office.file.path.write_text(damage)
    with pytest.raises(SequencerError) as caught:
        office.token.secret()
    assert "tokens/li.json: the kept sign-in is damaged" in str(caught.value)
    office.token.keep(sign_in_by_device(office.token.endpoint, office.told.append))
    assert office.issuer.takes(LI, office.token.secret())


@pytest.mark.parametrize("name", ["li/../../etc", "..", "王 明", "a:b", "Li"])
def test_any_name_of_a_mailbox_is_one_file_in_the_folder(tmp_path: Path, clock: FakeClock, name: str) -> None:
    app = App(issuer="https://x.example/token", client_id="app", account=LI)
    tokens = Tokens(access_token="a", refresh_token="r", expires_at=clock.now())
    file = TokenFile(tmp_path / "tokens", name)
    with file.locked():
        file.write(Grant(app=app, tokens=tokens))
    assert file.path.parent == tmp_path / "tokens"
    assert TokenFile(tmp_path / "tokens", name).read() == Grant(app=app, tokens=tokens)


def test_neither_text_forms_nor_logs_nor_errors_hold_a_token(
    office: Office, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock.advance(timedelta(hours=1))
    said = [repr(office.kept()), str(office.kept().tokens), repr(office.token)]
    office.token.secret()
    office.issuer.fail("/token", 400, {"error": "SENT", "error_description": "SENT"})
    clock.advance(timedelta(hours=1))
    with pytest.raises(SequencerError) as caught:
        office.token.secret()
    said += [repr(caught.value), str(caught.value), str(caught.value.hint), caplog.text]
    assert office.has_told_a_secret(*said) == []
    assert json.loads(office.file.path.read_text())["refresh_token"] in office.issuer.secrets


@given(
    status=st.sampled_from([200, 200, 400, 401, 418, 500]),
    document=st.dictionaries(
        st.sampled_from(
            ["access_token", "refresh_token", "expires_in", "token_type", "error", "error_description"]
        ),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.just("bad: SENT")
        | st.lists(st.just("SENT"), max_size=2),
    ),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_issuer_answers_is_a_token_or_a_line_without_secrets(
    office: Office, status: int, document: dict[str, Any]
) -> None:
    office.issuer.fail("/token", status, document)
    held = office.kept()
    sent = {"grant_type": "refresh_token", "refresh_token": held.tokens.refresh_token}
    said = ""
    try:
        tokens = office.token.endpoint.tokens(sent)
        assert tokens.access_token.isprintable()
        assert tokens.expires_at >= office.clock.now()
    except (SequencerError, Refusal) as error:
        said = f"{error} {error!r}"
    assert office.has_told_a_secret(said) == []
    assert "\n" not in said
