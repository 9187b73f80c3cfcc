"""The keys of the service store, each derived for one purpose."""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

from core.ids import ConversationId
from core.sealing import KEY_BYTES, BadKeys, Keyring, read_keyring, seal, unseal
from core.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """What seals conversations and addresses, and what turns a number into a pseudonym."""

    conversations: Keyring
    addresses: Keyring
    pseudonyms: Keyring
    staff: Keyring

    def seal_conversation_key(self, key: bytes, conversation: ConversationId) -> bytes:
        """Seal a conversation's own key; erasing the result erases every word of the conversation."""
        return seal(key, self.conversations, row=conversation_row(conversation))

    def open_conversation_key(self, sealed: bytes, conversation: ConversationId) -> bytes:
        """Open a conversation's own key; CannotOpen as `unseal`."""
        return unseal(sealed, self.conversations, row=conversation_row(conversation))


def conversation_row(conversation: str) -> str:
    """Name the row that a conversation's own key is sealed for."""
    return f"conversation:{conversation}"


def service_keys(settings: Settings) -> ServiceKeys:
    """Read SERVICE_KEYS, or locally make them from the secret in var/; BadKeys says what is wrong."""
    root = _root(settings, settings.service_keys.get_secret_value(), "SERVICE_KEYS")
    return ServiceKeys(
        conversations=root.derive("service conversations"),
        addresses=root.derive("service addresses"),
        pseudonyms=root.derive("service pseudonyms"),
        staff=root.derive("service staff"),
    )


def views_keys(settings: Settings) -> Keyring:
    """Read VIEWS_KEYS, or in the local profile make them from the secret in var/."""
    return _root(settings, settings.views_keys.get_secret_value(), "VIEWS_KEYS").derive("views text")


def local_secret(settings: Settings) -> bytes:
    """Give HYS_SECRET, or the secret in var/secret, made on first use and readable by its owner only."""
    said = settings.hys_secret.get_secret_value()
    if said:
        return said.encode()
    return _kept_secret(settings.var / "secret")


def _root(settings: Settings, written: str, setting: str) -> Keyring:
    if written:
        return read_keyring(written, setting)
    if settings.hys_profile is Profile.PRODUCTION:
        raise BadKeys(
            f"{setting} is not set. Make a key with: openssl rand -base64 32, and set {setting}=1:KEY."
        )
    return Keyring((("local", local_secret(settings)),)).derive(setting)


def _kept_secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(token_bytes(KEY_BYTES).hex().encode())
    return path.read_bytes()
