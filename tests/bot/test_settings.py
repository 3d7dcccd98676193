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
        ("TELEGRAM_BOT_TOKEN", "http://[::1"),
        ("TELEGRAM_BOT_TOKEN", "my-token"),
        ("WEBHOOK_SECRET", "with a space"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_SECRET", "x" * 15),
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
    (tmp_path / "token").write_text("123456:from-file\n", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    settings = load_settings()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123456:from-file"
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


@pytest.mark.parametrize("content", ["", "\n", "short"])
@pytest.mark.parametrize(
    "name",
    ["TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "DATABASE_URL", "CHATS_DATABASE_URL", "EMBEDDING_API_KEY"],
)
def test_a_secret_file_that_holds_no_secret_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / "kept").write_text(content, encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "kept"))
    with pytest.raises(BotError, match=f"{name}_FILE.*kept.*at least 16"):
        load_settings()


def test_every_secret_and_password_is_one_that_no_log_line_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://yunwen:p%40ss-one@host/yunwen")
    monkeypatch.setenv("CHATS_DATABASE_URL", "postgresql://host/chats?user=x&password=pass-two")
    monkeypatch.setenv("EMBEDDING_API_KEY", "key-three")
    monkeypatch.setenv("EMBEDDING_URL", "https://reader:pass-four@encoder.example/v1")
    monkeypatch.setenv("INDEX_URL", "https://root:pass-five@milvus.example:19530")
    monkeypatch.setenv("FEEDS", "https://a.example/feed https://me:pass-six@b.example/feed?token=token-seven")
    kept = load_settings().secrets
    assert {"p%40ss-one", "p@ss-one", "pass-two", "key-three", "pass-four", "pass-five"} <= set(kept)
    assert {"pass-six", "token-seven"} <= set(kept)
    assert "yunwen" not in kept
