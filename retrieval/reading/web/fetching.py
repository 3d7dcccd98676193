"""Bytes from the web, http and https alone, within limits, never from inside one's own network.

The address is judged after the connection is made, by the socket's own word, and before anything is sent:
so a name that resolves differently the second time gains nothing, and every redirection is judged too.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

_AGENT = "yunwen/0.1 (newspaper reader)"
_CHUNK = 65_536


class FetchError(Exception):
    """Something could not be fetched; the message says what and why, in one line."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered."""

    url: str
    """Where it came from in the end."""
    data: bytes
    headers: Mapping[str, str]
    """Names in lower case."""
    is_unchanged: bool = False
    """The server says that nothing has changed (304); `data` is then empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches addresses.

    `timeout` bounds each silence of the server, `deadline` the whole, both in seconds. With `allow_private`
    addresses of one's own network are fetched too, which is for tests and for papers on an intranet.
    """

    max_bytes: int = 10_000_000
    timeout: float = 20.0
    deadline: float = 60.0
    allow_private: bool = False
    clock: Callable[[], float] = time.monotonic

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Return what the address holds; raises FetchError if it cannot or may not be had."""
        check_url(url)
        request = urllib.request.Request(url, headers={"User-Agent": _AGENT, **(headers or {})})
        until = self.clock() + self.deadline
        try:
            with self._opener().open(request, timeout=self.timeout) as answer:
                data = self._read(answer, until, url)
                found = {name.lower(): value for name, value in answer.headers.items()}
                if len(data) < int(found.get("content-length", "0")):
                    raise FetchError(f"{url}: broke off after {len(data)} bytes")
                return Fetched(answer.url, data, found)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == http.HTTPStatus.NOT_MODIFIED:
                    found = {name.lower(): value for name, value in error.headers.items()}
                    return Fetched(url, b"", found, is_unchanged=True)
            raise FetchError(f"{url}: the server answers {error.code} {error.reason}") from None
        except urllib.error.URLError as error:
            raise FetchError(f"{url}: cannot be reached ({error.reason})") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(f"{url}: broke off ({error or type(error).__name__})") from None

    def _read(self, answer: IO[bytes], until: float, url: str) -> bytes:
        parts: list[bytes] = []
        n_bytes = 0
        while part := answer.read1(_CHUNK) if hasattr(answer, "read1") else answer.read(_CHUNK):
            n_bytes += len(part)
            if n_bytes > self.max_bytes:
                raise FetchError(f"{url}: is larger than {self.max_bytes // 1_000_000} MB")
            if self.clock() > until:
                raise FetchError(f"{url}: took longer than {self.deadline:.0f} seconds")
            parts.append(part)
        return b"".join(parts)

    def _opener(self) -> urllib.request.OpenerDirector:
        """An opener for http and https alone: no files, no ftp, no proxy of the environment."""
        opener = urllib.request.OpenerDirector()
        for handler in (
            _HTTPHandler(self.allow_private),
            _HTTPSHandler(self.allow_private),
            _Redirection(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            opener.add_handler(handler)
        return opener


def check_url(url: str) -> None:
    """Raise FetchError unless the address is one of http or https, with a host and without a password."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise FetchError(f"{url}: is no http or https address")
    if parts.username or parts.password:
        raise FetchError(f"{parts.scheme}://{parts.hostname}: an address with a password is not fetched")
    if any(char.isspace() or not char.isprintable() for char in url):
        raise FetchError(f"{url!r}: an address holds no blanks")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: not this machine, nor a private network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


def _check_peer(sock: socket.socket, host: str) -> None:
    address = sock.getpeername()[0]
    if not is_public(address):
        sock.close()
        raise FetchError(f"{host} is {address}, an address of this machine or its own network: not fetched")


class _HTTPConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check_peer(self.sock, self.host)


class _HTTPSConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check_peer(self.sock, self.host)


class _HTTPHandler(urllib.request.HTTPHandler):
    def __init__(self, allow_private: bool) -> None:
        super().__init__()
        self._connection = http.client.HTTPConnection if allow_private else _HTTPConnection

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _HTTPSHandler(urllib.request.HTTPSHandler):
    def __init__(self, allow_private: bool) -> None:
        super().__init__()
        self._connection = http.client.HTTPSConnection if allow_private else _HTTPSConnection

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _Redirection(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
