"""What the second listener is asked: in which order, whose each answer is, and what nobody waits for any more.

Only a few questions are in its pipe at a time. The others wait here, where what is in haste goes first and what nobody
waits for is dropped, so that after a flood the newest are soon heard in time.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Final

from core.safeguarding.phrases import Level

MOST_WAITING: Final = 128
"""So many of each kind are heard in about a second; who is in haste does not wait longer."""
MOST_IN_PIPE: Final = 4
"""Enough that it never waits for us, and few enough that who comes in haste is heard soon."""
MOST_DEATHS: Final = 2
"""Words on which it died twice are not given to a third."""


class ListenerAway(Exception):
    """It is not there, has too much to hear, or did not answer in time."""


class ListenerFailed(Exception):
    """It could not hear these words; the name of what went wrong."""


class AnswerAstray(Exception):
    """It said what answers none of our questions: nothing else that it says can be trusted."""


@dataclass(slots=True, eq=False)
class Question:
    """A message to be heard, its number, and who waits for what is heard in it."""

    number: int
    text: str
    heard: "asyncio.Future[Level | None]"
    can_wait: bool
    deaths: int = 0

    @property
    def line(self) -> bytes:
        """Give it as it is written to the pipe."""
        return json.dumps([self.number, self.text]).encode() + b"\n"

    def give_up(self) -> None:
        """Let nobody wait for it any more."""
        if not self.heard.done():
            self.heard.set_exception(ListenerAway())


class Questions:
    """All that was asked and not answered: what waits, and what is in the pipe, in the order of writing."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._hasty: deque[Question] = deque()
        self._patient: deque[Question] = deque()
        self._in_pipe: deque[Question] = deque()

    @property
    def is_asked(self) -> bool:
        """Say whether an answer is to come."""
        return bool(self._in_pipe)

    def add(self, text: str, *, can_wait: bool) -> Question:
        """Let a message wait to be written; raises ListenerAway when too many do."""
        line = self._patient if can_wait else self._hasty
        if len(line) >= MOST_WAITING:
            _drop_unwanted(line)
        if len(line) >= MOST_WAITING:
            raise ListenerAway
        heard: asyncio.Future[Level | None] = asyncio.get_running_loop().create_future()
        question = Question(next(self._numbers), text, heard, can_wait)
        line.append(question)
        return question

    def take_next(self) -> Question | None:
        """Give the next to be written, which is in the pipe from now on; None when the pipe has enough."""
        while len(self._in_pipe) < MOST_IN_PIPE and (line := self._hasty or self._patient):
            question = line.popleft()
            if not question.heard.done():
                self._in_pipe.append(question)
                return question
        return None

    def answer(self, line: bytes) -> None:
        """Hand a line on to who asked; raises AnswerAstray, and then nobody was answered."""
        number, level = _read_answer(line)
        if not self._in_pipe or number != self._in_pipe[0].number:
            raise AnswerAstray
        heard = self._in_pipe.popleft().heard
        if heard.done():
            return
        if isinstance(level, ListenerFailed):
            heard.set_exception(level)
        else:
            heard.set_result(level)

    def take_back(self) -> None:
        """Let what is in the pipe wait again: it died, or went astray, on the first of them."""
        if self._in_pipe:
            self._in_pipe[0].deaths += 1
        while self._in_pipe:
            question = self._in_pipe.pop()
            if question.deaths >= MOST_DEATHS:
                question.give_up()
            else:
                (self._patient if question.can_wait else self._hasty).appendleft(question)

    def give_up(self) -> None:
        """Let nobody wait for anything."""
        for line in (self._in_pipe, self._hasty, self._patient):
            while line:
                line.popleft().give_up()


def _drop_unwanted(line: deque[Question]) -> None:
    wanted = [each for each in line if not each.heard.done()]
    line.clear()
    line.extend(wanted)


def _read_answer(line: bytes) -> tuple[int, Level | ListenerFailed | None]:
    """Give the number and what was heard; raises AnswerAstray for all that we don't know."""
    try:
        said = json.loads(line)
        if "failed" in said:
            return said["number"], ListenerFailed(str(said["failed"]))
        return said["number"], None if said["heard"] is None else Level(said["heard"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise AnswerAstray from error
