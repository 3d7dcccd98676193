"""Killed with -9 before any one of its statements, a migration or an encoding anew leaves the old state or the new one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from old_home import unpack
from paths import ROOT
from waiting import HANG_SECONDS

KILLING = """
import json, os, shutil, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event, text
from bot.chats.database import open_chats
from embeddings import HashingEncoder
from retrieval import HEAD, Ingester, Store, Tokenizer, reading_from, writing_to

home, work = Path(sys.argv[2]), Path(sys.argv[2] + "-tried")

def open_stores():
    store = Store.open(f"sqlite:///{work / 'yunwen.db'}")
    return store, open_chats(f"sqlite:///{work / 'chats.db'}")

def migrate():
    for each in open_stores():
        getattr(each, "engine", each).dispose()

def encode_anew():
    store = Store.open(f"sqlite:///{work / 'yunwen.db'}")
    Ingester(store, HashingEncoder(24), Tokenizer(), lambda _: [], encode_batch=4).reencode()
    store.engine.dispose()

def killed_before(number, do):
    # whether it was killed before its statement of this number, and not done by then
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(home, work)
    child = os.fork()
    if child == 0:
        seen = 0
        def count(*_):
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        do()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL), status
    return os.waitstatus_to_exitcode(status) != 0

def content():
    found = {}
    for name in ("yunwen.db", "chats.db"):
        engine = Store.open(f"sqlite:///{work / name}").engine if name == "yunwen.db" else open_chats(f"sqlite:///{work / name}")
        with engine.connect() as connection:
            for (table,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).fetchall():
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).fetchall()
                found[name, table] = sorted(map(repr, rows))
        engine.dispose()
    return found

def state():
    # which encoder the store has, and whether every passage has its vector
    store = Store.open(f"sqlite:///{work / 'yunwen.db'}")
    digests = {digest for _, _, digest in store.passage_checksums()}
    known = store.known_checksums(store.encoder[0], digests)
    found = "new" if store.encoder[0] == HashingEncoder(24).fingerprint else "old", digests == known
    store.engine.dispose()
    return found

do = {"migrate": migrate, "encode anew": encode_anew}[sys.argv[1]]
if sys.argv[1] == "encode anew":  # of a home that is up to date
    shutil.copytree(home, work); migrate(); shutil.rmtree(home); shutil.move(work, home)
killed_before(0, do)
wanted, between = content(), set()
number = 1
while killed_before(number, do):
    if sys.argv[1] == "encode anew":
        between.add(state())
    do()  # it goes on
    assert content() == wanted, number
    number += 1
print(json.dumps({"kills": number - 1, "between": sorted(between)}))
"""


def killed(what: str, home: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", KILLING, what, str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    unpack(tmp_path)
    return tmp_path / "home"


@pytest.mark.soak
def test_a_migration_that_is_killed_anywhere_is_made_whole_at_the_next_start(home: Path) -> None:
    assert killed("migrate", home)["kills"] >= 20


@pytest.mark.soak
def test_an_encoding_anew_that_is_killed_anywhere_leaves_what_answers_and_goes_on(home: Path) -> None:
    found = killed("encode anew", home)
    assert found["kills"] >= 20
    assert found["between"] == [["new", True], ["old", True]]
