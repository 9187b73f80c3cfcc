"""Young people who write while the service is killed: each message again under its id until it is acknowledged."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from uuid import uuid4

import httpx

from channels.twilio.account import TwilioAccount
from core.ids import new_id
from tests.crash.bot import REQUEST, VIEW
from tests.stub_twilio import a_text, sign

DANGER = "i want to kill myself"
THINGS = ("apple", "bread", "cheese", "grapes", "lemon", "melon", "onion", "peach", "pepper", "plum")
ITS_MINE = "1"
AGAIN_SECONDS = 0.05
ASKED_TWICE = 0.1
"""The share of acknowledged messages that come once more, as Twilio and browsers may send them."""


@dataclass
class Person:
    """One young person, and what the service said it kept of theirs, in their order: (external id, words)."""

    conversation: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Crowd:
    """Many young people, by web and by text, a few at once; `said_danger` by web and by text are among them."""

    url: str
    account: TwilioAccount
    rng: random.Random
    people: list[Person] = field(default_factory=list)
    is_over: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(100_000))

    async def write(self, at_once: int) -> None:
        """Let new people write one after the other until it is over; nobody stops in the middle of their words."""
        limits = httpx.Limits(max_connections=at_once * 2)
        async with httpx.AsyncClient(
            base_url=self.url, timeout=10, trust_env=False, limits=limits
        ) as network:
            await asyncio.gather(*(self._one_after_the_other(network, place) for place in range(at_once)))

    async def _one_after_the_other(self, network: httpx.AsyncClient, place: int) -> None:
        while not self.is_over:
            person = Person()
            self.people.append(person)
            await (self._on_the_web if place % 2 else self._by_text)(network, person)

    async def _on_the_web(self, network: httpx.AsyncClient, person: Person) -> None:
        opened = await self._until_kept(network, "/chat/conversations", json={"client": "api"})
        told = opened.json()
        person.conversation = told["conversation"]
        for words in self._words():
            sent = {"client_id": str(uuid4()), "text": words}
            path = f"/chat/conversations/{person.conversation}/messages"
            await self._say(network, path, json=sent, headers={"Authorization": f"Bearer {told['token']}"})
            person.kept.append((f"web:{person.conversation}:{sent['client_id']}", words))

    async def _by_text(self, network: httpx.AsyncClient, person: Person) -> None:
        number, words = f"+447700{next(self._numbers)}", self._words()
        for said in (words[0], ITS_MINE, *words[1:]):
            sid = f"SM{new_id()}"
            form = a_text(self.account, Body=said, From=number, MessageSid=sid)
            await self._say(
                network, "/twilio/sms", data=form, headers=sign(self.account, "/twilio/sms", form)
            )
            person.kept.append((sid, said))

    def _words(self) -> list[str]:
        things = self.rng.sample(THINGS, 3)
        said = [f"{VIEW} {things[0]}", f"{VIEW} {things[1]}"]
        if self.rng.random() < 1 / 3:
            said.append(f"{REQUEST} {things[2]}")
        if self.rng.random() < 1 / 4:
            said.insert(self.rng.randrange(1, len(said) + 1), f"{DANGER} {things[2]}")
        return said

    async def _say(self, network: httpx.AsyncClient, path: str, **sent: object) -> None:
        await self._until_kept(network, path, **sent)
        if self.rng.random() < ASKED_TWICE:
            await self._until_kept(network, path, **sent)

    async def _until_kept(self, network: httpx.AsyncClient, path: str, **sent: object) -> httpx.Response:
        while True:
            try:
                response = await network.post(path, **sent)  # type: ignore[arg-type]
            except httpx.HTTPError:
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            return response.raise_for_status()
