import re
from pathlib import Path

import pytest
from paths import ROOT

from bot.errors import BotError
from bot.settings import Settings, load_settings

NAMES = {field.alias for field in Settings.model_fields.values()}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(str(name), raising=False)
    monkeypatch.chdir(tmp_path)


def example() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert set(example()) == NAMES


def test_the_examples_values_are_the_defaults() -> None:
    defaults = load_settings()
    for name, field in Settings.model_fields.items():
        shown = example()[str(field.alias)]
        if shown:
            assert str(getattr(defaults, name)) == shown
        else:
            assert field.default is None or field.default_factory is not None


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"YUNWEN_HOME={tmp_path}/file\nEMBEDDING_MODEL=hashing\nRERANKER_MODEL=none\n", encoding="utf-8"
    )
    monkeypatch.setenv("YUNWEN_HOME", str(tmp_path / "environment"))
    settings = load_settings()
    assert (settings.home, settings.model) == (tmp_path / "environment", "hashing")


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=\n", encoding="utf-8")
    assert load_settings().telegram_token is None


def test_home_has_nothing_to_do_with_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert load_settings().home == Path("/somewhere/.local/share/yunwen")


def test_the_token_is_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:hidden")
    assert "hidden" not in repr(load_settings()) + str(load_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_BASE_URL", "ftp://x"),
        ("YUNWEN_HOME_REGION", "15"),
        ("EMBEDDING_BACKEND", "gpu"),
        ("YUNWEN_LOG_LEVEL", "LOUD"),
        ("WEBHOOK_URL", "example.org"),
        ("WEBHOOK_SECRET", "with a space"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_LISTEN", "8080"),
        ("HTTP_LISTEN", ":9000"),
        ("QUEUE_LIMIT", "0"),
        ("ALLOW_CHATS", "@name"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BotError, match=f"{name}.*env.example"):
        load_settings()


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:from-file\n", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    settings = load_settings()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123:from-file"
    assert "from-file" not in repr(settings)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:from-environment")
    token = load_settings().telegram_token
    assert token is not None
    assert token.get_secret_value() == "123:from-environment"


def test_only_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("/elsewhere", encoding="utf-8")
    monkeypatch.setenv("YUNWEN_HOME_FILE", str(tmp_path / "home"))
    assert load_settings().home != Path("/elsewhere")


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(BotError, match="TELEGRAM_BOT_TOKEN_FILE.*none.*No such file"):
        load_settings()
    (tmp_path / "none").write_bytes(b"\xff\xfe")
    with pytest.raises(BotError, match="no text"):
        load_settings()
