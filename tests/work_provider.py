"""The far side of sign-in with work accounts: a real OIDC server on this machine, and one that lies on demand."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
from joserfc.jwk import RSAKey
from joserfc.jwt import decode, encode
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from core.clock import Clock
from core.staff.roles import Role
from core.staff.work_account import WorkDoor
from gateways.oidc import OidcClient, OidcSignIn

CLIENT = "have-your-say"
SECRET = "a secret of the provider"
ROLES = {"HYS.KeyWorker": Role.KEY_WORKER, "HYS.Strategy": Role.STRATEGY, "HYS.Lead": Role.SAFEGUARDING_LEAD}
TENANT = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
HOME = "http://staff.example"
BACK = f"{HOME}/staff/work-account/back"

Claims = dict[str, Any]


@dataclass
class Provider:
    """A provider; set `changes` to change the claims of its tokens, `tells` to change what it says of itself."""

    issuer: str = ""
    changes: Callable[[Claims], Claims] = lambda claims: claims
    resign: Callable[[Claims, RSAKey], str] | None = None
    tells: dict[str, Any] = field(default_factory=dict)
    token_answer: tuple[str, int] | None = None
    key: RSAKey | None = None
    keys_read: int = 0
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def door(self, clock: Clock, *, issuer: str = "", client_id: str = CLIENT) -> WorkDoor:
        us = OidcClient(issuer or self.issuer, client_id, SECRET, BACK, f"{HOME}/staff/sign-in")
        provider = OidcSignIn(us, clock)
        return WorkDoor(provider, provider.way_out, ROLES)

    def watch(self) -> None:
        """Note what is asked before the server answers it."""
        if flask.request.path == "/oauth2/authorize":
            self.asked.append(parse_qs(urlsplit(flask.request.url).query))
        if flask.request.path == "/oauth2/token":
            self.exchanged.append(flask.request.form.to_dict())

    def lie(self, answer: flask.Response) -> flask.Response:
        """Change what the server answers, as far as this test asks for it."""
        if flask.request.path.endswith("/openid-configuration") and self.tells:
            answer.set_data(json.dumps({**json.loads(answer.get_data()), **self.tells}))
        if flask.request.path == "/jwks":
            self.keys_read += 1
            if self.key is not None:
                answer.set_data(json.dumps({"keys": [self.key.as_dict(private=False)]}))
        if flask.request.path == "/oauth2/token":
            if self.token_answer is not None:
                answer = flask.Response(*self.token_answer, mimetype="application/json")
            elif answer.status_code == 200:
                answer.set_data(json.dumps(self._changed(json.loads(answer.get_data()))))
        return answer

    def _changed(self, said: dict[str, Any]) -> dict[str, Any]:
        storage = flask.g.oidc_provider_mock_storage
        its_own = RSAKey.import_key(storage.jwk.as_dict(is_private=True))
        claims, key = self.changes(decode(said["id_token"], its_own).claims), self.key or its_own
        if self.resign is not None:
            return {**said, "id_token": self.resign(claims, key)}
        return {**said, "id_token": sign(claims, key)}

    def proves_possession(self, at: int = -1) -> bool:
        """Whether the verifier that came with the code belongs to the challenge that came before (RFC 7636)."""
        made = hashlib.sha256(self.exchanged[at]["code_verifier"].encode()).digest()
        wanted = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        return self.asked[at]["code_challenge"] == [wanted]


def sign(claims: Claims, key: RSAKey, alg: str = "RS256") -> str:
    """Sign as the server itself does."""
    return encode({"alg": alg, "kid": key.thumbprint()}, claims, key, algorithms=[alg])


def unsigned(claims: Claims, _key: RSAKey) -> str:
    """Make a token that says its algorithm is none."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def signed_with_public_key(claims: Claims, key: RSAKey) -> str:
    """Sign with the public key as if it were a secret, as a token can when its reader trusts its algorithm."""
    said = f"{_part({'alg': 'HS256', 'kid': key.thumbprint()})}.{_part(claims)}"
    made = hmac.new(key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


@contextmanager
def work_provider(*people: oidc_provider_mock.User) -> Iterator[Provider]:
    """Run the server on a free port until the block ends."""
    provider = Provider()
    app = oidc_provider_mock.app(user_claims=people, require_nonce=True)
    app.before_request(provider.watch)
    app.after_request(provider.lie)
    both = DispatcherMiddleware(app, {f"/{TENANT}/v2.0": app})
    server = make_server("127.0.0.1", 0, both, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
