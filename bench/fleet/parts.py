"""The fleet's processes, and the balancer before its workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from aiohttp import ClientError, ClientSession, web
from postgres import free_port

ROOT = Path(__file__).parent.parent.parent


class Balancer:
    """Hands updates to workers in turn; one that does not take an update is passed over for this one."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._next = 0
        self.port = free_port()
        self.n_passed_over = 0

    async def start(self) -> None:
        self._session = ClientSession()
        app = web.Application()
        app.router.add_post("/{path:.*}", self._hand_on)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        for _ in self._ports:
            port = self._ports[self._next % len(self._ports)]
            self._next += 1
            try:
                url = f"http://127.0.0.1:{port}{request.path}"
                async with self._session.post(url, data=body, headers=request.headers.copy()) as response:
                    if response.status < 500:
                        return web.Response(status=response.status)
            except ClientError:
                pass
            self.n_passed_over += 1
        return web.Response(status=503)


class Fleet:
    """The processes."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._folder, self.settings = folder, settings
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str, **more: str) -> None:
        home = self._folder / name
        home.mkdir(exist_ok=True)
        environment = os.environ | self.settings | {"YUNWEN_HOME": str(home)} | more
        with (self._folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "bot.command_line.main", *command],
                cwd=ROOT,
                env=environment,
                stderr=log,
                stdout=log,
            )

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()

    def stop(self) -> None:
        for each in self.running.values():
            each.terminate()
        for each in self.running.values():
            try:
                each.wait(30)
            except subprocess.TimeoutExpired:
                each.kill()
