"""Calls to the Bot API over aiohttp, which takes a third of the processor time for each of the library's own client."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any
from urllib.request import getproxies

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

NEVER_ARRIVED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What fails before a request has left."""
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 5.0
_UPLOAD_SECONDS = 20.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Requests(BaseRequest):
    """Connections to a Bot API server, made when the first call needs one and kept for the next."""

    def __init__(self, connections: int, pool_timeout: float) -> None:
        """At most so many connections at once; a call waits `pool_timeout` seconds for one that is free."""
        self._connections = connections
        self._pool_timeout = pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds between two parts of an answer where a call does not say."""
        return _READ_SECONDS

    async def initialize(self) -> None:
        """Nothing to open before the first call."""

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of what is answered. Raises TimedOut or NetworkError, aiohttp's error its cause."""
        read = _given(read_timeout, _READ_SECONDS)
        if request_data is not None and request_data.contains_files and read is not None:
            # the answer is waited for while the files are still on their way
            upload = _given(write_timeout, _UPLOAD_SECONDS)
            read = None if upload is None else read + upload
        connect = _given(connect_timeout, _CONNECT_SECONDS)
        pool = _given(pool_timeout, self._pool_timeout)
        timeout = aiohttp.ClientTimeout(
            connect=None if connect is None or pool is None else connect + pool,
            sock_connect=connect,
            sock_read=read,
        )
        body, headers = _body(request_data)
        try:
            async with self._opened().request(
                method,
                URL(url, encoded=True),
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=_trusted()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=bool(getproxies()),  # it costs time with every call
            )
        return self._session


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust, read once in a process: it takes longer than a call."""
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())  # a small image has no authorities of its own
    return trusted


def _given(value: Any, default: float | None) -> float | None:
    """The value that a call was given, or the default."""
    seconds: float | None = default if value is BaseRequest.DEFAULT_NONE else value
    return seconds


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """What is sent and the headers that belong to it."""
    if data is None:
        return None, {}
    if not data.contains_files:
        # every byte is written as %xx, which takes a twentieth of what choosing which to write so takes; half a character is
        # replaced: a call that fails for it would name it, and what is around it, in the log
        pairs = (f"{name}={_escaped(value)}" for name, value in data.json_parameters.items())
        return "&".join(pairs).encode("ascii"), _FORM
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows a file's name as it is sent
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


def _escaped(value: str) -> str:
    written = value.encode("utf-8", "replace").hex("%")
    return f"%{written}" if written else ""
