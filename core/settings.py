"""Every setting of the service, with a default that is safe on one machine."""

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent.parent
LARGEST_TRUSTED = {4: 16, 6: 48}
"""The shortest prefix of a network whose word on addresses is believed, by the version of IP."""
IPV4_AS_IPV6 = IPv6Network("::ffff:0:0/96")


class Profile(StrEnum):
    """Where the service runs: on one machine to try it, or for real young people."""

    LOCAL = "local"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Read once, in `app`, from the environment and a `.env` file beside README.md."""

    model_config = SettingsConfigDict(env_file=HERE / ".env", extra="ignore", env_ignore_empty=True)

    port: int = Field(8000, ge=1, le=65535, description="The port the app listens on.")
    host: str = Field("127.0.0.1", description="The address the app listens on.")
    public_url: str = Field("", description="How the world calls the app; empty: http://127.0.0.1:PORT.")
    forwarded_allow_ips: str = Field("", description="Proxies whose word on an address counts; empty: none.")
    hys_home: Path = Field(HERE, description="The folder in which var/ and models/ lie.")
    hys_profile: Profile = Field(Profile.LOCAL, description="local or production.")
    service_database_url: str = Field("", description="Who: the service store; empty: SQLite in var/.")
    views_database_url: str = Field("", description="What was said: the views store; empty: SQLite in var/.")
    rasa_url: str = Field("", description="A Rasa server that runs already; empty: the app starts one.")
    rasa_token: SecretStr = Field(SecretStr(""), description="The secret between the app and Rasa.")
    rasa_python: str = Field("", description="A Python 3.10 for Rasa; empty: looked for.")
    twilio_account_sid: str = Field("", description="Twilio's account; empty: texts stay in the console.")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Proves that a webhook is Twilio's.")
    twilio_number: str = Field("", description="The number that sends and receives texts, as +44...")
    twilio_api_base: str = Field("https://api.twilio.com", description="Where Twilio's REST API is.")
    hys_secret: SecretStr = Field(SecretStr(""), description="Local profile only; empty: made in var/secret.")
    service_keys: SecretStr = Field(SecretStr(""), description="id:base64[,...] newest first; production.")
    views_keys: SecretStr = Field(SecretStr(""), description="id:base64[,...] newest first; production.")
    smtp_url: SecretStr = Field(SecretStr(""), description="Where e-mail alerts leave from.")
    oidc_issuer: str = Field("", description="The provider of the council's work accounts; empty: none.")
    oidc_client_id: str = Field("", description="How that provider knows this service.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Proves this service to the provider.")
    oidc_roles: str = Field("", description="VALUE=ROLE[,...]: what a value of the roles claim stands for.")
    area_file: Path = Field(HERE / "data" / "area.yml", description="The council's own facts.")
    local_offer_feed_url: str = Field("", description="An Open Referral UK feed; empty: none is asked.")
    local_offer_feed_hosts: str = Field("", description="Hosts that may be asked; empty: the feed's own.")
    hys_embeddings: Path | None = Field(None, description="Folder of vectors; empty: models/embeddings.")
    hys_rate_limits: Literal["on", "off"] = Field("on", description="off: nothing is limited; local only.")
    audit_roots_file: Path | None = Field(None, description="Where each day's audit root is added.")
    hys_failpoint: str = Field(
        "", pattern=r"^(\d+(:\d+)?)?$", description="Tests only: where this process kills itself."
    )
    hys_test_postgres_url: str = Field("", description="Tests only; empty: found on loopback.")
    hys_reference: Path | None = Field(None, description="Folder of reference data for tests.")
    hys_eval_data: Path | None = Field(None, description="Folder of evaluation data for benches.")

    @field_validator("service_database_url", "views_database_url")
    @classmethod
    def name_the_async_driver(cls, url: str) -> str:
        """Let people write the URL they know; SQLAlchemy wants the driver named."""
        for plain, named in (
            ("postgresql://", "postgresql+asyncpg://"),
            ("sqlite://", "sqlite+aiosqlite://"),
        ):
            if url.startswith(plain):
                return named + url.removeprefix(plain)
        return url

    @field_validator("local_offer_feed_url")
    @classmethod
    def refuse_no_address(cls, url: str) -> str:
        """Refuse what is no address at all; the doctor says whether it may be asked."""
        urlsplit(url)
        return url

    @field_validator("forwarded_allow_ips")
    @classmethod
    def refuse_to_trust_everybody(cls, written: str) -> str:
        """Take addresses and small networks only: whoever is trusted here may say that they come from anywhere."""
        named = [each.strip() for each in written.split(",") if each.strip()]
        if any(_is_too_large(ip_network(each)) for each in named):
            msg = "Name the proxies themselves: this would believe far too many."
            raise ValueError(msg)
        return ",".join(named)

    @model_validator(mode="after")
    def fill_what_follows(self) -> "Settings":
        """Derive what was left empty from what was said."""
        self.public_url = (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")
        self.service_database_url = self.service_database_url or _sqlite(self.var / "service.db")
        self.views_database_url = self.views_database_url or _sqlite(self.var / "views.db")
        return self

    @property
    def var(self) -> Path:
        """The folder of what the service makes while it runs."""
        return self.hys_home / "var"

    @property
    def data(self) -> Path:
        """The folder of lists that practitioners own."""
        return HERE / "data"

    @property
    def is_https(self) -> bool:
        """Whether cookies may be kept to secure connections."""
        return self.public_url.startswith("https://")

    @property
    def is_behind_proxy(self) -> bool:
        """Whether the world calls another address than we listen on: we speak http only, and on our port only."""
        called = urlsplit(self.public_url)
        return self.is_https or (called.port or 80) != self.port


def _is_too_large(network: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv6Network) and network.overlaps(IPV4_AS_IPV6):
        return network.prefixlen < LARGEST_TRUSTED[4] + IPV4_AS_IPV6.prefixlen
    return network.prefixlen < LARGEST_TRUSTED[network.version]


def _sqlite(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
