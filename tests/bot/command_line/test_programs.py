"""`yunwen api-key`, and what the setting takes of a key."""

import json
import os
from pathlib import Path

import pytest
from commands import run_command

from bot.errors import BotError
from bot.settings import load_settings
from bot.web.keys import KeyRing


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"YUNWEN_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}


def test_a_key_is_known_by_what_the_setting_takes_of_it_and_by_nothing_else(
    environment: dict[str, str],
) -> None:
    made = [
        json.loads(run_command(["api-key", name, "--json"], environment).stdout)
        for name in ("archive", "b.2")
    ]
    ring = KeyRing(", ".join(each["entry"] for each in made))
    assert [ring.name_of(each["key"]) for each in made] == ["archive", "b.2"]
    assert [ring.name_of(each["entry"].partition(":")[2]) for each in made] == [None, None]
    assert made[0]["key"] not in made[0]["entry"]
    assert not (Path(environment["YUNWEN_HOME"])).exists()


def test_the_entry_is_taken_by_the_setting(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = json.loads(run_command(["api-key", "archive", "--json"], environment).stdout)
    monkeypatch.setenv("API_KEYS", f"{made['entry']} {made['entry']}")
    assert KeyRing(load_settings().api_keys).name_of(made["key"]) == "archive"
    for wrong in (made["key"], f"archive:{made['key']}", "archive:", made["entry"].upper()):
        monkeypatch.setenv("API_KEYS", wrong)
        with pytest.raises(BotError, match="API_KEYS"):
            load_settings()


@pytest.mark.parametrize("name", ["", "two words", "库伦", "a:b", "x" * 65])
def test_a_name_that_the_setting_could_not_hold_is_refused(environment: dict[str, str], name: str) -> None:
    done = run_command(["api-key", name], environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be a key's name" in done.stderr


@pytest.mark.parametrize(
    ("origins", "is_taken"),
    [
        ("*", True),
        ("https://a.example http://b.example:8080", True),
        ("a.example", False),
        ("https://a/ b", False),
    ],
)
def test_origins_are_sites(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, origins: str, is_taken: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("API_CORS", origins)
    if is_taken:
        assert load_settings().api_cors == origins
        return
    with pytest.raises(BotError, match="API_CORS"):
        load_settings()
