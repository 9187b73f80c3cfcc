"""The second listener's own process: a line in is a message and its number, a line out what was heard, with the same.

It ends with the service, also with one that was killed: then nothing more comes in. It keeps nothing and logs no words.
"""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.embeddings import read_on_one_core
from core.safeguarding.phrases import load_phrases
from core.safeguarding.second_listener import Ear, ListenerMissing, SecondListener
from core.text.meaning import MeaningMissing, SentenceMeaning


def main(folder: Path, sentence_weights: Path, phrases: Path) -> None:
    """Say that it is ready, or why it can't be, and hear until nothing more comes."""
    # Ctrl-C is for the service, which ends us when it needs us no more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # when we crash, no words are left on the disk
    answers = keep_answers_apart()
    read_on_one_core()
    try:
        meaning = SentenceMeaning.load(sentence_weights)
        listener = SecondListener.load(folder, meaning, load_phrases(phrases))
    except (ListenerMissing, MeaningMissing) as missing:
        _tell(answers, {"missing": str(missing)})
        return
    _tell(answers, {"ready": True})
    with suppress(BrokenPipeError):  # nobody waits for an answer any more
        hear_lines(listener.hears, sys.stdin.buffer, answers)


def keep_answers_apart() -> BinaryIO:
    """Give the way for answers alone: what else is printed, by a library say, goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def hear_lines(ear: Ear, messages: BinaryIO, answers: BinaryIO) -> None:
    """Answer each message in turn; what fails on one is told by its name, and the next is heard.

    An answer that can't be written ends us: a second one would be taken for the answer to another message.
    """
    for line in messages:
        number, words = json.loads(line)
        _tell(answers, {"number": number, **_hear(ear, words)})


def _hear(ear: Ear, words: str) -> dict[str, object]:
    try:
        return {"heard": ear(words)}
    except Exception as error:  # noqa: BLE001 - whatever ails it, the next message is heard
        return {"failed": type(error).__name__}


def _tell(answers: BinaryIO, what: dict[str, object]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
