"""Whose signature opens the door to text messages."""

import stat
from pathlib import Path

from channels.twilio.account import has_simulator, twilio_account
from core.settings import Profile, Settings


def settings(home: Path, **given: object) -> Settings:
    return Settings(_env_file=None, hys_home=home, **given)  # type: ignore[arg-type]


def test_on_one_machine_the_simulator_gets_a_token_that_only_its_owner_can_read(tmp_path: Path) -> None:
    made = twilio_account(settings(tmp_path))
    kept = tmp_path / "var" / "simulator-token"
    assert made.token == kept.read_text() == twilio_account(settings(tmp_path)).token
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(made.token) == 32
    assert not made.is_real


def test_production_without_a_token_opens_to_nobody(tmp_path: Path) -> None:
    made = twilio_account(settings(tmp_path, hys_profile=Profile.PRODUCTION))
    assert made.token == ""
    assert not (tmp_path / "var").exists()


def test_a_token_that_is_set_is_the_only_one(tmp_path: Path) -> None:
    assert twilio_account(settings(tmp_path, twilio_auth_token="theirs")).token == "theirs"
    assert not (tmp_path / "var").exists()


def test_the_simulator_is_there_on_one_machine_only_and_never_beside_a_real_account(tmp_path: Path) -> None:
    assert has_simulator(settings(tmp_path))
    assert not has_simulator(settings(tmp_path, hys_profile=Profile.PRODUCTION))
    assert not has_simulator(settings(tmp_path, twilio_account_sid="AC" + "1" * 32))


def test_a_token_is_never_shown_by_accident(tmp_path: Path) -> None:
    assert "theirs" not in repr(twilio_account(settings(tmp_path, twilio_auth_token="theirs")))
