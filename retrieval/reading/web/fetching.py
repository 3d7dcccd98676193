"""Bytes from the web, http and https alone, within limits, never from inside one's own network.

An address is judged where a connection to it would be opened, before anything is sent: so a name that resolves
differently the second time gains nothing, and every redirection is judged too.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import aiohttp

from retrieval.reading.archive import printable

AGENT = "yunwen/0.1 (newspaper reader)"
"""What servers are told of who asks."""
_CHUNK = 65_536
_MOST_CHARS = 400
"""Of what is said of a failure."""
_MOST_REDIRECTIONS = 5
_REDIRECTIONS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_INNER = tuple(map(ipaddress.IPv6Network, ("::/8", "fec0::/10", "64:ff9b:1::/48", "2001::/32")))
"""Not of the open internet, or leading to addresses that cannot be judged: IPv4 within IPv6, site-local, Teredo."""


class FetchError(Exception):
    """Something could not be fetched; the message says what and why, in one line, whatever the server wrote of it."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(_one_line(message))
        self.status = status
        """What a server answered, where one did."""


def _one_line(message: str) -> str:
    """Return a message with nothing in it that a terminal or a log would take for more than its words."""
    line = printable(" ".join(message.split()))
    return line if len(line) <= _MOST_CHARS else f"{line[: _MOST_CHARS // 2]} … {line[-_MOST_CHARS // 2 :]}"


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

    `timeout` bounds each silence of the server, `deadline` the whole from the first look-up of a name to the last
    byte, redirections too, both in seconds. With `allow_private` addresses of one's own network are fetched too,
    which is for tests and for papers on an intranet.
    """

    max_bytes: int = 10_000_000
    timeout: float = 20.0
    deadline: float = 60.0
    allow_private: bool = False
    agent: str = AGENT
    one_host: bool = False
    """Whether a redirection to another host is refused."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Return what the address holds; raises FetchError if it cannot or may not be had. Blocks."""
        return asyncio.run(self._fetch(url, headers or {}))

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        try:
            async with asyncio.timeout(self.deadline), self._session(headers) as session:
                return await self._follow(session, url)
        except aiohttp.ClientConnectorError as error:
            reason = error.os_error.strerror or str(error.os_error)
            raise FetchError(f"{url}: cannot be reached ({reason})") from None
        except aiohttp.ServerTimeoutError:
            raise FetchError(f"{url}: says nothing for {self.timeout:.0f} seconds") from None
        except TimeoutError:
            raise FetchError(f"{url}: took longer than {self.deadline:.0f} seconds") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(f"{url}: broke off ({error or type(error).__name__})") from None

    def _session(self, headers: Mapping[str, str]) -> aiohttp.ClientSession:
        """A session without cookies, the environment's proxies and packed answers, which are without a bound."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=None if self.allow_private else _public_socket),
            headers={"User-Agent": self.agent, "Accept-Encoding": "identity", **headers},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.timeout, sock_read=self.timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def _follow(self, session: aiohttp.ClientSession, url: str) -> Fetched:
        here = url
        for _ in range(_MOST_REDIRECTIONS + 1):
            check_url(here)
            if self.one_host and urlsplit(here).hostname != urlsplit(url).hostname:
                raise FetchError(f"{url}: leads to another host")
            async with session.get(here, allow_redirects=False) as answer:
                found = {name.lower(): value for name, value in answer.headers.items()}
                if answer.status in _REDIRECTIONS and "location" in found:
                    here = urljoin(here, found["location"])
                    continue
                if answer.status == HTTPStatus.NOT_MODIFIED:
                    return Fetched(here, b"", found, is_unchanged=True)
                if not answer.ok:
                    reason = f"{url}: the server answers {answer.status} {answer.reason}"
                    raise FetchError(reason, answer.status)
                return Fetched(here, await self._read(answer, url), found)
        raise FetchError(f"{url}: leads on and on")

    async def _read(self, answer: aiohttp.ClientResponse, url: str) -> bytes:
        data = bytearray()
        async for part in answer.content.iter_chunked(_CHUNK):
            data += part
            if len(data) > self.max_bytes:
                raise FetchError(f"{url}: is larger than {self.max_bytes // 1_000_000} MB")
        return bytes(data)


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
    """Whether an IP address belongs to the open internet: not this machine, nor a private network.

    An IPv6 address that carries an IPv4 address is as public as that one.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if any(found in network for network in _INNER):
            return False
    return found.is_global and not found.is_multicast


def _public_socket(
    info: tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]],
) -> socket.socket:
    """Return a socket for a connection to an address of the open internet; raises OSError for any other."""
    family, kind, protocol, _, address = info
    if not is_public(address[0]):
        reason = f"{address[0]} is an address of this machine or its own network: not fetched"
        raise OSError(errno.EACCES, reason)
    return socket.socket(family, kind, protocol)
