"""Our account at Twilio, or the pretended one that the simulator signs for on one machine."""

from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from core.settings import Profile, Settings

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Who we are to Twilio. An empty `token` opens no door; an empty `sid` or `number` is not compared."""

    sid: str
    token: str = field(repr=False)
    number: str
    api_base: str
    public_url: str

    @property
    def is_real(self) -> bool:
        """Whether texts can leave through Twilio."""
        return bool(self.sid and self.token and self.number)


def twilio_account(settings: Settings) -> TwilioAccount:
    """Read the account from the settings; in the local profile without one, make the simulator's token."""
    token = settings.twilio_auth_token.get_secret_value()
    if not token and settings.hys_profile is Profile.LOCAL:
        token = _kept_token(settings.var / "simulator-token")
    return TwilioAccount(
        sid=settings.twilio_account_sid,
        token=token,
        number=settings.twilio_number,
        api_base=settings.twilio_api_base.rstrip("/"),
        public_url=settings.public_url,
    )


def has_simulator(settings: Settings) -> bool:
    """Whether the simulated phone is served: on one machine only, and never beside a real account."""
    return settings.hys_profile is Profile.LOCAL and not settings.twilio_account_sid


def _kept_token(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_hex(TOKEN_BYTES))
    return path.read_text()
