"""Open the second listener from its files, or go on without it and say so once."""

from pathlib import Path

import structlog

from app.directory import sentence_weights
from app.listener_process import FilesMissing, ListenerProcess
from core.safeguarding.phrases import load_phrases
from core.safeguarding.second_listener import ListenerMissing, SecondListener
from core.settings import HERE, Settings
from core.text.meaning import MeaningMissing, SentenceMeaning

log = structlog.get_logger()

LISTENER = HERE / "models" / "listener"
PHRASES = "safeguarding_phrases.yml"


def open_listener(settings: Settings, folder: Path = LISTENER) -> SecondListener | None:
    """Give the second listener; None, and one line in the log, when its files or the sentence vectors are missing."""
    phrases = load_phrases(settings.data / PHRASES)
    try:
        return SecondListener.load(folder, SentenceMeaning.load(sentence_weights(settings)), phrases)
    except (ListenerMissing, MeaningMissing) as missing:
        log.warning("second_listener_not_opened", reason=str(missing))
        return None


async def start_listener(settings: Settings, folder: Path = LISTENER) -> ListenerProcess | None:
    """Start the second listener in a process of its own; None, and one line in the log, when files are missing.

    One that does not start for another reason is away for now, and is tried again.
    """
    files = folder, sentence_weights(settings), settings.data / PHRASES
    listener = ListenerProcess([str(each) for each in files])
    try:
        await listener.start()
    except FilesMissing as missing:
        log.warning("second_listener_not_opened", reason=str(missing))
        return None
    return listener
