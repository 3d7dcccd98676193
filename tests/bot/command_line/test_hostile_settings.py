"""Whatever a setting holds: it is used, or refused in one sentence that names it, and never a trace."""

from pathlib import Path

import pytest
from own_home import Yunwen

from bot.composition import open_operation, open_programs
from bot.errors import BotError
from bot.settings import Settings, load_settings, numbers
from retrieval import engine_of

NAMES = sorted(str(field.alias) for field in Settings.model_fields.values())
HOSTILE = (
    *("x", " ", "-1", "0", "nan", "inf", "1e999", "9" * 310, "9" * 5000, "²", "٣", "null", "{}", "[1]", "%"),
    *(
        "\x01",
        "\udcff",
        "a\nb",
        "\u202e",
        "é",
        "库伦",
        "../../x",
        "x" * 5000,
        "/dev/null/x",
        "~nobody-here/x",
    ),
    *(
        "http://[",
        "http://[::1",
        "http://x:99999",
        "http://x:abc",
        "http://",
        "ftp://x",
        "file:///etc/passwd",
    ),
    *("postgresql://[", "postgresql://x:abc/y", "sqlite:////dev/null/x.db", "a:b:c", "1:2", ":::80"),
    *(
        "127.0.0.1:99999",
        "[::::]:80",
        "256.1.1.1:80",
        "-" + "9" * 30,
        ",".join(["1"] * 1000) + ",",
        "cuda:99",
    ),
)
"""Numbers, texts, paths, addresses and lists, each of a wrong kind for most settings."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YUNWEN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_of_any_content_is_of_use_or_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in HOSTILE:
        monkeypatch.setenv(name, value)
        try:
            settings = load_settings()
        except BotError as error:
            said = str(error)
            assert said.startswith(f"{name}: "), value
            assert len(said.splitlines()) == 1, value
            assert len(said) < 300, value
            continue
        engine_of(settings.index_address)
        numbers(settings.allow_chats)
        assert settings.admins <= {0, 1}
        assert all(map(str, (*settings.secrets, *settings.page_folders, *settings.paper_addresses)))
        open_programs(settings, settings.web_listen or "127.0.0.1:80")
        for rate in (open_operation(settings).user_rate, open_operation(settings).chat_rate):
            assert 0 < rate.per_minute < float("inf")
            assert 0 < rate.burst < float("inf")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("YUNWEN_HOME_REGION", "999999", "YUNWEN_HOME_REGION"),
        ("YUNWEN_HOME", "x" * 5000, "YUNWEN_HOME"),
        ("DATABASE_URL", "http://[::1", "postgresql://"),
        ("DATABASE_URL", "postgresql://x:abc/y", "postgresql://"),
        ("CHATS_DATABASE_URL", "http://x:abc", "postgresql://"),
        ("INDEX_URL", "gopher://x", "INDEX_URL"),
        ("EMBEDDING_URL", "http://[", "EMBEDDING_URL"),
        ("ADMIN_USER_IDS", "9" * 5000, "ADMIN_USER_IDS"),
    ],
)
def test_a_command_says_in_a_line_which_setting_it_cannot_go_by(
    yunwen: Yunwen, name: str, value: str, says: str
) -> None:
    yunwen.environment |= {
        "TELEGRAM_BOT_TOKEN": "1:x",
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9",
        "WEBHOOK_URL": "http://127.0.0.1:9",
        name: value,
    }
    assert says in yunwen.refuses("bot")


def test_a_cache_that_cannot_be_made_keeps_no_question_from_its_answer(yunwen: Yunwen) -> None:
    yunwen.environment["YUNWEN_CACHE"] = "/dev/null/x"
    assert yunwen.json("ask", "库伦旗水稻种植面积")["outcome"] == "found"
