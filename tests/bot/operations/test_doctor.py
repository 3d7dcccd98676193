"""The doctor finds what is wrong, says what to do, works without a network and prints no secret."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from commands import run_command
from own_home import Yunwen

from bot.operations.doctor import examine
from bot.operations.findings import State
from bot.settings import Settings
from embeddings import NEAR_ENOUGH, Encoder, EncoderError, HashingEncoder, check_prepared, probe

TOKEN = "123456:very-secret-token"


class Api:
    """A Bot API that knows one token, with a clock and a webhook of its own."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.webhook: dict[str, object] = {"url": "", "pending_update_count": 3}

    async def handle(self, request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)}
        if request.path == f"/bot{TOKEN}/getMe":
            body = {"ok": True, "result": {"id": 123456, "is_bot": True, "username": "yunwen_bot"}}
        elif request.path == f"/bot{TOKEN}/getWebhookInfo":
            body = {"ok": True, "result": self.webhook}
        else:
            return web.json_response({"ok": False, "error_code": 404}, status=404, headers=headers)
        return web.json_response(body, headers=headers)

    def examine(self, home: Path, **more: str) -> dict[str, tuple[State, str]]:
        """Findings by name, with this server; the last of each name."""

        async def run() -> dict[str, tuple[State, str]]:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", self.handle)
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = "http://{}:{}".format(*runner.addresses[0][:2])
            try:
                return await asyncio.to_thread(findings, home, TELEGRAM_API_BASE_URL=url, **more)
            finally:
                await runner.cleanup()

        return asyncio.run(run())


def findings(home: Path, **more: str) -> dict[str, tuple[State, str]]:
    given = {
        "YUNWEN_HOME": str(home),
        "YUNWEN_CACHE": str(home.parent / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        **more,
    }
    return {each.name: (each.state, each.text) for each in examine(Settings(_env_file=None, **given))}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("doctor") / "home"
    settings = {
        "YUNWEN_HOME": str(home),
        "YUNWEN_CACHE": str(home.parent / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
    }
    assert run_command(["ingest", "seeds"], os.environ | settings).returncode == 0
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


def test_all_is_well(home: Path) -> None:
    found = Api().examine(home)
    assert {name for name, (state, _) in found.items() if state is State.OK} >= {
        *("versions", "zones", "folders", "index", "model", "token", "clock", "webhook")
    }
    assert found["token"][1] == "@yunwen_bot (123456)"
    assert "3 updates wait" in found["webhook"][1]
    assert not [text for _, text in found.values() if "secret" in text]


def test_torch_may_be_left_out_and_nothing_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version_but_of(missing: str) -> Callable[[str], str]:
        def found(name: str) -> str:
            if name == missing:
                raise PackageNotFoundError(name)
            return version(name)

        return found

    monkeypatch.setattr("bot.operations.doctor.find_spec", lambda name: None)
    monkeypatch.setattr("bot.operations.doctor.version", version_but_of("torch"))
    state, text = findings(home)["versions"]
    assert (state, text.endswith(", without torch")) == (State.OK, True)
    monkeypatch.setattr("bot.operations.doctor.version", version_but_of("numpy"))
    state, text = findings(home)["versions"]
    assert (state, "numpy is missing" in text) == (State.BROKEN, True)


def test_a_python_that_is_not_supported_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.operations.doctor.sys.version", "3.10.1 (main)")
    state, text = findings(home)["versions"]
    assert (state, "Python 3.10.1" in text, "use Python " in text) == (State.BROKEN, True, True)


def test_a_home_is_for_its_owner_whatever_the_umask_and_an_old_one_is_told_of(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    before = os.umask(0)
    try:
        made_anew = Yunwen(home.parent)
        assert made_anew.run("ingest", "seeds").returncode == 0
    finally:
        os.umask(before)
    made = [home, *home.rglob("*")]
    assert len(made) > 3
    assert [path for path in made if path.stat().st_mode & 0o077] == []
    assert findings(home)["access"][0] is State.OK
    (home / "yunwen.db").chmod(0o644)
    state, text = findings(home)["access"]
    assert (state, "yunwen.db" in text) == (State.WARNING, True)
    home.chmod(0o755)
    state, text = findings(home)["access"]
    assert (state, "chmod -R go=" in text) == (State.WARNING, True)


def test_without_a_network_it_says_that_telegram_was_not_reached(home: Path) -> None:
    state, text = findings(home, TELEGRAM_API_BASE_URL="http://127.0.0.1:9")["token"]
    assert (state, "was not reached (ConnectError)" in text) == (State.WARNING, True)
    assert "secret" not in text


def test_a_token_that_telegram_does_not_know_is_broken(home: Path) -> None:
    state, text = Api().examine(home, TELEGRAM_BOT_TOKEN="1:other-secret")["token"]
    assert (state, "@BotFather" in text, "secret" in text) == (State.BROKEN, True, False)


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, State.OK), (20, State.WARNING), (-20, State.WARNING), (3600, State.BROKEN), (-3600, State.BROKEN)],
)
def test_a_clock_that_is_wrong_is_seen(home: Path, seconds: int, state: State) -> None:
    api = Api()
    api.ahead = timedelta(seconds=seconds)
    assert api.examine(home)["clock"][0] is state


def test_a_webhook_left_behind_is_told(home: Path) -> None:
    api = Api()
    api.webhook = {"url": "https://old.invalid/", "pending_update_count": 0}
    state, text = api.examine(home)["webhook"]
    assert (state, "WEBHOOK_URL is not set" in text) == (State.WARNING, True)


def test_a_damaged_database_is_broken_with_what_to_do(home: Path) -> None:
    path = home / "yunwen.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    path.write_bytes(data)
    broken = examine(
        Settings(_env_file=None, YUNWEN_HOME=str(home), EMBEDDING_MODEL="hashing", RERANKER_MODEL="none")
    )  # type: ignore[call-arg]
    told = [each.text for each in broken if each.name == "database" and each.state is State.BROKEN]
    assert told
    assert "restore" in told[0]


def test_a_database_of_a_newer_version_is_broken(home: Path) -> None:
    with closing(sqlite3.connect(home / "yunwen.db")) as connection, connection:
        connection.execute("UPDATE yunwen_retrieval_version SET version_num = '9999'")
    found = examine(
        Settings(_env_file=None, YUNWEN_HOME=str(home), EMBEDDING_MODEL="hashing", RERANKER_MODEL="none")
    )  # type: ignore[call-arg]
    told = [each.text for each in found if each.name == "database" and each.state is State.BROKEN]
    assert "upgrade yunwen" in told[0]


def test_another_encoder_than_the_stores_is_broken(home: Path) -> None:
    with closing(sqlite3.connect(home / "yunwen.db")) as connection, connection:
        connection.execute("UPDATE settings SET value = replace(value, 'hashing-256', 'hashing-99')")
    state, text = findings(home, TELEGRAM_API_BASE_URL="http://127.0.0.1:9")["model"]
    assert (state, "--reencode" in text) == (State.BROKEN, True)


def test_a_folder_of_pages_that_is_not_there_is_broken(home: Path) -> None:
    state, text = findings(home, TELEGRAM_API_BASE_URL="http://127.0.0.1:9", YUNWEN_PAGES="/no/such/folder")[
        "folders"
    ]
    assert (state, "/no/such/folder" in text) == (State.BROKEN, True)


def test_the_exit_status_says_whether_anything_is_broken(home: Path) -> None:
    settings = {
        "YUNWEN_HOME": str(home),
        "YUNWEN_CACHE": str(home.parent / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9",
    }
    done = run_command(["doctor", "--json"], os.environ | settings)
    assert (done.returncode, "secret" in done.stdout + done.stderr) == (0, False)
    assert {each["state"] for each in json.loads(done.stdout)["findings"]} == {"ok", "warning"}
    (home / "yunwen.db").write_bytes(b"no database" * 1000)
    done = run_command(["doctor"], os.environ | settings)
    assert (done.returncode, "broken   database" in done.stdout) == (1, True)


def test_a_prepared_model_with_a_file_cut_short_is_damaged(tmp_path: Path) -> None:
    assert not check_prepared(tmp_path)
    from embeddings.bundled import folder_of

    folder_of(tmp_path).mkdir(parents=True)
    with pytest.raises(EncoderError, match="remove this folder"):
        check_prepared(tmp_path)


def test_vectors_that_are_not_of_length_one_are_refused() -> None:
    class Long(HashingEncoder):
        def encode_passages(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
            return 2 * super().encode_passages(texts)

    assert probe(HashingEncoder()) is None
    with pytest.raises(EncoderError, match="length 1"):
        probe(Long())


@pytest.mark.model
def test_the_bundled_model_gives_the_vector_that_it_should(bundled: Encoder) -> None:
    found = probe(bundled)
    assert found is not None
    assert found > NEAR_ENOUGH
    others = bundled.encode_passages(["奈曼旗玉米产量", "今天天气很好"])
    from embeddings.probe import _expected

    assert np.all(others @ _expected() < NEAR_ENOUGH)
