"""The people of the journeys: who chats, who texts, and who works for the council, each through their real door."""

import re
from dataclasses import dataclass, field
from html import unescape
from time import sleep
from typing import Any, Self

import httpx

from channels.twilio.account import TwilioAccount
from core.ids import new_id
from tests.journeys.running import Service
from tests.journeys.service import until
from tests.stub_twilio import a_text, sign

Said = dict[str, Any]

QUIET_SECONDS = 1.5
"""After so long without another text, a reply by text is whole: its texts leave one by one."""


@dataclass
class YoungPerson:
    """Someone who chats over the web's JSON, as the page's own script does."""

    http: httpx.Client
    conversation: str
    seq: int
    last: list[Said] = field(default_factory=list)

    @classmethod
    def arrive(cls, service: Service) -> Self:
        """Open a conversation."""
        http = httpx.Client(base_url=service.url, trust_env=False, timeout=60)
        opened = http.post("/chat/conversations", json={"client": "api"}).json()
        http.headers["Authorization"] = f"Bearer {opened['token']}"
        return cls(http, opened["conversation"], opened["messages"][-1]["seq"], opened["messages"])

    def send(self, *, client_id: str = "", **what: str) -> httpx.Response:
        """Send a message and do not wait for what comes back."""
        return self.http.post(
            f"/chat/conversations/{self.conversation}/messages",
            json={"client_id": client_id or new_id(), **what},
        )

    def say(self, text: str) -> str:
        """Type something; gives all that is said to it."""
        return self._hear(self.send(text=text))

    def tap(self, label: str) -> str:
        """Tap the choice with this label among those shown last."""
        return self._hear(self.send(choice=self.choice(label)))

    def choice(self, label: str) -> str:
        """Give the id of a choice that was shown last."""
        shown = {each["label"]: each["id"] for message in self.last for each in message["choices"]}
        assert label in shown, f"{label!r} is not among {list(shown)} after {self.words}"
        return str(shown[label])

    def hear(self) -> str:
        """Wait for what is said next, such as a key worker's reply."""
        until(self._look)
        return self.words

    @property
    def words(self) -> str:
        """All that was said at last, one message a line."""
        return "\n".join(message["text"] for message in self.last)

    def read_all(self) -> list[Said]:
        """Read the conversation from its start."""
        return self._read(0)

    def _hear(self, sent: httpx.Response) -> str:
        assert sent.is_success, sent.text
        self.seq = max(self.seq, sent.json()["seq"])
        return self.hear()

    def _look(self) -> bool:
        said = [each for each in self._read(self.seq, wait=5) if each["author"] != "you"]
        if said:
            self.last, self.seq = said, said[-1]["seq"]
        return bool(said)

    def _read(self, after: int, *, wait: int = 0) -> list[Said]:
        where = f"/chat/conversations/{self.conversation}/messages"
        found: list[Said] = self.http.get(where, params={"after": after, "wait": wait}).json()["messages"]
        return found


@dataclass
class Phone:
    """Twilio's side of a phone: posts its texts, signed, to the service."""

    service: Service
    account: TwilioAccount
    number: str

    def text(self, words: str, *, sid: str = "", is_signed: bool = True, **more: str) -> httpx.Response:
        """Text the service; the same `sid` again is Twilio's second try."""
        form = a_text(self.account, From=self.number, Body=words, MessageSid=sid or f"SM{new_id()}", **more)
        headers = sign(self.account, "/twilio/sms", form) if is_signed else {}
        return httpx.post(
            f"{self.service.url}/twilio/sms", data=form, headers=headers, trust_env=False, timeout=30
        )


@dataclass
class StaffMember:
    """Someone of the council, signed in with the password that the first start told."""

    http: httpx.Client
    csrf: str

    @classmethod
    def sign_in(cls, service: Service, email: str) -> Self:
        """Sign in by the real form."""
        http = httpx.Client(
            base_url=service.url, trust_env=False, timeout=30, headers={"accept": "text/html"}
        )
        form = {"email": email, "password": password_of(service, email)}
        signed_in = http.post("/staff/sign-in", data=form)
        assert signed_in.status_code == httpx.codes.SEE_OTHER, signed_in.text
        page = http.get("/staff/", follow_redirects=True).text
        return cls(http, page.split('name="csrf" value="')[1].split('"')[0])

    def read(self, path: str) -> str:
        """Give a page as text, its tags taken out."""
        answer = self.http.get(path)
        assert answer.is_success, f"{answer.status_code}: {answer.text}"
        return plain(answer.text)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours."""
        return self.http.post(path, data={"csrf": self.csrf, **fields})

    def links(self, path: str, start: str) -> list[str]:
        """List where the links of a page lead that start so."""
        return re.findall(rf'href="({re.escape(start)}[^"]+)"', self.http.get(path).text)


def password_of(service: Service, email: str) -> str:
    """Give the password of a demo account."""
    kept = (service.home / "var" / "demo-accounts").read_text()
    return dict(line.split(" (", 1)[0].split(" ", 1) for line in kept.splitlines())[email]


def plain(page: str) -> str:
    """Take the tags out of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@dataclass
class SimulatedPhone:
    """A pretend phone of /simulator, which reads what the console sender kept."""

    http: httpx.Client
    digits: str

    @classmethod
    def pick_up(cls, service: Service, digits: str) -> Self:
        """Open the simulator's page as a browser would."""
        page = httpx.Client(
            base_url=service.url, trust_env=False, timeout=30, headers={"origin": service.url}
        )
        return cls(page, digits)

    def text(self, words: str, **photo: str) -> list[str]:
        """Text the service, and give the texts that come back."""
        before = len(self.screen())
        sent = self.http.post("/simulator", data={"phone": self.digits, "text": words, **photo})
        assert sent.status_code == httpx.codes.SEE_OTHER
        return self.hear(after=before + 1)

    def hear(self, *, after: int) -> list[str]:
        """Wait for more texts than these; a reply of several texts is whole when nothing more comes."""
        until(lambda: len(self.screen()) > after)
        count = 0
        while count < (count := len(self.screen())):
            sleep(QUIET_SECONDS)
        return self.screen()[after:]

    def screen(self) -> list[str]:
        """Give all texts on the phone's screen."""
        page = self.http.get("/simulator/texts", params={"phone": self.digits}).text
        return [unescape(words) for words in re.findall(r'<p class="words">(.*?)</p>', page, re.DOTALL)]
