"""The second listener's own process: a line in is a message, a line out is what was heard in it.

It ends with the service, also with one that was killed: then nothing more comes in. It keeps nothing and logs no words.
"""

import json
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from app.embeddings import read_on_one_core
from core.safeguarding.phrases import load_phrases
from core.safeguarding.second_listener import Ear, ListenerMissing, SecondListener
from core.text.meaning import MeaningMissing, SentenceMeaning


def main(folder: Path, sentence_weights: Path, phrases: Path) -> None:
    """Say that it is ready, or why it can't be, and hear until nothing more comes."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the service, which ends us when it needs us no more
    read_on_one_core()
    try:
        meaning = SentenceMeaning.load(sentence_weights)
        listener = SecondListener.load(folder, meaning, load_phrases(phrases))
    except (ListenerMissing, MeaningMissing) as missing:
        _tell(sys.stdout.buffer, {"missing": str(missing)})
        return
    _tell(sys.stdout.buffer, {"ready": True})
    hear_lines(listener.hears, sys.stdin.buffer, sys.stdout.buffer)


def hear_lines(ear: Ear, messages: BinaryIO, answers: BinaryIO) -> None:
    """Answer each message in turn; what fails on one is told by its name, and the next is heard."""
    for line in messages:
        try:
            _tell(answers, {"heard": ear(json.loads(line))})
        except BrokenPipeError:  # nobody waits for an answer any more
            return
        except Exception as error:  # noqa: BLE001 - whatever ails it, the next message is heard
            _tell(answers, {"failed": type(error).__name__})


def _tell(answers: BinaryIO, what: dict[str, object]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
