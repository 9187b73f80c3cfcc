"""Let Rasa check its training data, when that has changed since it was last found well."""

from rich.console import Console

from app.rasa_environment import SetUpFailed
from app.stores import read_settings
from app.training import fingerprint, set_up_rasa, validate_training_data


def check_training_data() -> str | None:
    """Give what Rasa said was wrong, or None. It takes 15 seconds, so a good result is noted in var/."""
    settings = read_settings()
    noted = settings.var / "training-data-checked"
    now = fingerprint()
    if noted.is_file() and noted.read_text() == now:
        return None
    try:
        environment, _ = set_up_rasa(settings, Console(quiet=True))
    except SetUpFailed as error:
        return str(error)
    said = validate_training_data(environment)
    if said is None:
        noted.parent.mkdir(parents=True, exist_ok=True)
        noted.write_text(now)
    return said
