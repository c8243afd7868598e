"""A real web server on the database of a test, and visitors who talk HTTP to it without a browser."""

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from ocop import serve
from reports.tests.test_worker import database_url

HOST = "127.0.0.1"
PATIENCE = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Site:
    port: int
    log: Path


@pytest.fixture
def site(transactional_db, tmp_path) -> Iterator[Site]:
    """The web processes as `script/server` starts them, with files and keys of their own."""
    found = Site(0, tmp_path / "web.log")
    # The socket is open before the server runs: who comes early waits in the queue.
    with socket.create_server((HOST, 0), backlog=128) as listener, open(found.log, "w") as log:
        words = serve.commands(HOST, "0")["web"]
        words[words.index("--bind") + 1] = f"fd://{listener.fileno()}"
        process = subprocess.Popen(
            [*words, "--access-logfile", str(tmp_path / "access.log")],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), "OCOP_VAR_DIR": str(tmp_path)},
            pass_fds=[listener.fileno()],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Site(listener.getsockname()[1], found.log)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str

    @property
    def data(self) -> dict[str, Any]:
        """What an answer in JSON says; nothing for a page or a redirect."""
        return json.loads(self.text) if self.text.startswith("{") else {}


class Visitor:
    """One person at one device: a connection kept open, cookies, and the token of the last page's forms."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.line = HTTPConnection(HOST, port, timeout=PATIENCE)

    def sign_in(self, username: str, password: str) -> None:
        page = "/dang-nhap/"
        self.get(page)
        answer = self.post(page, {"username": username, "password": password})
        assert answer.status == 302, f"{username} could not sign in: {answer.status}"
        self.get(answer.location)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: Mapping[str, Any], **headers: str) -> Answer:
        return self._ask("POST", path, data, headers)

    def post_and_hang_up(self, path: str, data: Mapping[str, Any], **headers: str) -> None:
        """Send and close the connection before any answer can be read."""
        self._send(self.line, "POST", path, data, headers)
        self.line.close()

    def post_twice(self, path: str, data: Mapping[str, Any], **headers: str) -> tuple[Answer, Answer]:
        """The same request on two connections at once."""
        other = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            self._send(other, "POST", path, data, headers)
            return self.post(path, data, **headers), self._read(other)
        finally:
            other.close()

    def _ask(
        self, method: str, path: str, data: Mapping[str, Any] | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        try:
            self._send(self.line, method, path, data, headers)
            return self._read(self.line)
        except (HTTPException, ConnectionError):
            # The server may have closed an idle connection meanwhile; a browser asks again as well.
            self.line.close()
            self._send(self.line, method, path, data, headers)
            return self._read(self.line)

    def _send(
        self,
        line: HTTPConnection,
        method: str,
        path: str,
        data: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if data is not None:
            body = urlencode({**data, "csrfmiddlewaretoken": self.token}).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, sent)

    def _read(self, line: HTTPConnection) -> Answer:
        response = line.getresponse()
        text = response.read().decode()
        for words in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(words).items()}
        if found := TOKEN.search(text):
            self.token = found[1]
        return Answer(response.status, response.headers.get("Location", ""), text)
