"""An identity provider as a company has one: a process of its own that speaks OpenID Connect over HTTP.

    python -m tests.parties.identity_provider 0 '{"sub": "7", "email": "mira@example.org", "email_verified": true}'

It prints its address, then signs in whoever comes as the person it was given. What it gives out it also checks: the
client's secret, the redirect address, the code (good once), and the proof key of whoever began.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "backdesk", "known to both"


@dataclass(kw_only=True)
class Provider:
    person: dict[str, Any]
    address: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def code_for(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe()
        self.asked[code] = asked
        return code

    def token_for(self, form: dict[str, str]) -> dict[str, Any] | None:
        """None where anything is not as it was when the code was given out."""
        asked = self.asked.pop(form.get("code", ""), None)
        if asked is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return None
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        if _challenge(form.get("code_verifier", "")) != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **self.person}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "opens the userinfo", "token_type": "Bearer", "id_token": signed}


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        pages = {
            "/.well-known/openid-configuration": self.provider.configuration,
            "/keys": self.provider.keys,
        }
        if parts.path in pages:
            self._answer(200, pages[parts.path]())
        elif parts.path == "/userinfo" and self.headers.get("Authorization") == "Bearer opens the userinfo":
            self._answer(200, self.provider.person)
        elif parts.path == "/authorize":
            self._authorize(_single(parts.query))
        else:
            self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        form = _single(self.rfile.read(int(self.headers["Content-Length"])).decode())
        token = self.provider.token_for(form) if self.path == "/token" else None
        self._answer(200 if token else 400, token or {"error": "invalid_grant"})

    def _authorize(self, asked: dict[str, str]) -> None:
        answer = urlencode({"code": self.provider.code_for(asked), "state": asked["state"]})
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
        self.end_headers()

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: what it says goes to the test that reads its address."""


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def main(port: int, person: dict[str, Any]) -> None:
    Handler.provider = Provider(person=person)
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Handler.provider.address = f"http://127.0.0.1:{server.server_port}"
    print(Handler.provider.address, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
