"""Settings from the environment and `.env`; the only reader of either. `.env.example` lists them all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import BotError
from bot.logs import passwords_in
from bot.secret_files import FEWEST_CHARS, WEBHOOK_SECRET, read_secret
from embeddings import DEFAULT_MODEL, DEFAULT_RERANKER

_ADDRESS = r"^(?:\[[0-9a-fA-F:]+\]|[\w.-]+):[0-9]{1,5}$"
_KEY = r"[A-Za-z0-9_.-]{1,64}:[0-9a-f]{64}"
_KEYS = rf"^\s*{_KEY}(?:[\s,]+{_KEY})*\s*$"
_ORIGIN = r"https?://[\w.:\[\]-]+"
_ORIGINS = rf"^\s*(?:\*|{_ORIGIN}(?:\s+{_ORIGIN})*)\s*$"
_ID = r"-?[0-9]{1,18}"
_IDS = rf"^\s*{_ID}(?:\s*,\s*{_ID})*\s*$"
_PEOPLE = r"^\s*[0-9]{1,18}(?:\s*,\s*[0-9]{1,18})*\s*$"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OF_THE_WEB = ("http://", "https://")
_OF_INDEXES = (*_OF_THE_WEB, "tcp://", "file://")
_MONTH_MINUTES = 43_200
_MOST = 1_000_000
"""Of what may come in a minute, or at once: more is no limit."""


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: TELEGRAM_BOT_TOKEN_FILE=/run/secrets/token, and so for every other setting that is secret."""

    def __init__(self, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._named = [source.env_vars for source in sources if isinstance(source, EnvSettingsSource)]

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file that is named for a secret; raises BotError if it holds none."""
        name = f"{field.alias}_FILE"
        path = next((value for each in self._named if (value := each.get(name.lower()))), None)
        if path is None or "SecretStr" not in str(field.annotation):
            return None, field_name, False
        return read_secret(name, Path(path)), field_name, False

    def __call__(self) -> dict[str, Any]:
        """What was found, by alias."""
        fields = self.settings_cls.model_fields
        found = {str(field.alias): self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {alias: value for alias, value in found.items() if value}


class Settings(BaseSettings):
    """What an operator can choose. Names in the environment are those of the aliases."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("yunwen", appauthor=False), alias="YUNWEN_HOME"
    )
    """Folder of the database and the search index."""
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("yunwen", appauthor=False), alias="YUNWEN_CACHE"
    )
    """Folder of what can be made again: the prepared model, jieba's dictionary."""
    database: SecretStr | None = Field(default=None, alias="DATABASE_URL")
    """SQLAlchemy URL of a PostgreSQL database; without one all is in SQLite files in the home folder."""
    chats_database: SecretStr | None = Field(default=None, alias="CHATS_DATABASE_URL")
    """That of a database for the chats alone."""
    home_region: str = Field(default="150000", alias="YUNWEN_HOME_REGION", pattern=r"^[0-9]{6}$")
    """Division code of the paper's own province: its short place names are understood."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", alias="YUNWEN_LOG_LEVEL"
    )
    """Least severe kind of log line written to stderr."""
    log_format: Literal["text", "json"] = Field(default="text", alias="LOG_FORMAT")
    """How log lines look: for people, or a JSON object a line."""
    log_questions: bool = Field(default=False, alias="LOG_QUESTIONS")
    """Whether log lines may hold what people ask."""
    telegram_token: SecretStr | None = Field(default=None, alias="TELEGRAM_BOT_TOKEN")
    """The bot's token from @BotFather; without one the conversation is in the terminal."""
    telegram_api: str = Field(default="https://api.telegram.org", alias="TELEGRAM_API_BASE_URL")
    """Root of the Bot API server."""
    pages: str | None = Field(default=None, alias="YUNWEN_PAGES")
    """Folders of pages that the running bot keeps up to date with, separated by colons."""
    feeds: str | None = Field(default=None, alias="FEEDS")
    """Addresses of RSS or Atom feeds that the running bot reads, separated by spaces."""
    feed_minutes: int = Field(default=15, alias="FEED_MINUTES", ge=1, le=_MONTH_MINUTES)
    """Minutes between two looks at a feed."""
    feed_full_text: bool = Field(default=False, alias="FEED_FULL_TEXT")
    """Whether a teaser's linked page on the feed's own site is read too."""
    papers: str | None = Field(default=None, alias="PAPERS")
    """Addresses of newspapers' digital editions that the running bot follows, separated by spaces."""
    paper_minutes: int = Field(default=60, alias="PAPER_MINUTES", ge=1, le=_MONTH_MINUTES)
    """Minutes between two looks at a newspaper."""
    paper_days: int = Field(default=7, alias="PAPER_DAYS", ge=0, le=366)
    """Days back for which issues that are not read in full are looked for."""
    paper_seconds: float = Field(default=1.2, alias="PAPER_SECONDS", ge=0, le=60)
    """Least time between two requests to a newspaper."""
    paper_pictures: int = Field(default=500, alias="PAPER_PICTURES", ge=0, le=100_000)
    """Pictures of newspaper pages that are kept, the newest; 0: none is fetched."""
    fetch_private: bool = Field(default=False, alias="FETCH_PRIVATE")
    """Whether feeds and papers may lie on this machine or in its own network."""
    fetch_agent: str = Field(
        default="yunwen/0.1 (newspaper reader)", alias="FETCH_AGENT", pattern=r"^[\x20-\x7e]{3,200}$"
    )
    """What servers of feeds and papers are told of who asks."""
    ingest_nice: int = Field(default=19, alias="INGEST_NICE", ge=0, le=19)
    """By how much the process in which the running bot takes pages in gives way to all others; 0: not at all."""
    reading_seconds: int = Field(default=30, alias="READING_SECONDS", ge=1, le=3600)
    """Seconds of processor time that reading one page may take; a page that takes more is skipped."""
    reading_megabytes: int = Field(default=1000, alias="READING_MEGABYTES", ge=200, le=100_000)
    """Megabytes of memory that reading one page may take; a page that takes more is skipped."""
    admin_user_ids: str | None = Field(default=None, alias="ADMIN_USER_IDS", pattern=_PEOPLE)
    """Telegram's numeric ids of who may send pages to the bot, separated by commas."""
    digest_per_second: int = Field(default=25, alias="DIGEST_PER_SECOND", gt=0, le=1000)
    """Messages a second that digests may take; Telegram allows about 30 to a bot that does not pay for more."""
    digest_in_flight: int = Field(default=1, alias="DIGEST_IN_FLIGHT", gt=0, le=100)
    """Digest messages under way at a time; as many may come twice when the process is killed."""
    rich_messages: bool = Field(default=True, alias="RICH_MESSAGES")
    """Whether digests and tables are sent as rich messages where the Bot API server knows them; old Telegram apps do not."""
    bot_sends: bool = Field(default=True, alias="BOT_SENDS")
    """Whether the bot sends digests and answers to standing questions itself; false where `yunwen deliver` does."""
    bot_ingests: bool = Field(default=True, alias="BOT_INGESTS")
    """Whether the bot takes pages in itself; false where `yunwen ingest --watch` does."""
    webhook_url: str | None = Field(default=None, alias="WEBHOOK_URL", pattern=r"^https?://[^\s?#]+$")
    """Public address to which Telegram sends updates; without one they are fetched."""
    webhook_secret: SecretStr | None = Field(default=None, alias="WEBHOOK_SECRET")
    """What Telegram proves itself with; by default made once and kept in the home folder."""
    webhook_listen: str = Field(default="127.0.0.1:8080", alias="WEBHOOK_LISTEN", pattern=_ADDRESS)
    """host:port on which updates are taken from the reverse proxy."""
    http_listen: str | None = Field(default=None, alias="HTTP_LISTEN", pattern=_ADDRESS)
    """host:port of /healthz, /readyz and /metrics; by default they are served nowhere."""
    web_listen: str | None = Field(default=None, alias="WEB_LISTEN", pattern=_ADDRESS)
    """host:port of the pages that anyone can open and of the interface for programs; by default they are served nowhere."""
    web_url: str | None = Field(default=None, alias="WEB_URL", pattern=r"^https?://[^\s?#@]+$")
    """Public address of the pages; titles in Telegram lead there. A path in it is what a proxy serves them under."""
    web_indexed: bool = Field(default=False, alias="WEB_INDEXED")
    """Whether search engines may index articles and places, and are given a sitemap."""
    web_proxies: str = Field(default="127.0.0.1,::1", alias="WEB_PROXIES")
    """Addresses or networks of reverse proxies, separated by commas, whose X-Forwarded-For says who is asking."""
    api_keys: str | None = Field(default=None, alias="API_KEYS", pattern=_KEYS)
    """Keys of programs as name:hash, separated by spaces or commas; `yunwen api-key NAME` makes one."""
    api_keys_required: bool = Field(default=False, alias="API_KEYS_REQUIRED")
    """Whether only programs with a key are answered; the pages are open to all."""
    api_per_minute: float = Field(default=60.0, alias="API_PER_MINUTE", gt=0, le=_MOST)
    """Requests a minute that one key may send in the long run; without a key a program is a person at its address."""
    api_burst: int = Field(default=40, alias="API_BURST", gt=0, le=_MOST)
    """How many of them may come at once."""
    api_cors: str | None = Field(default=None, alias="API_CORS", pattern=_ORIGINS)
    """Sites whose scripts may ask from a browser, separated by spaces, or * for all."""
    queue_limit: int = Field(default=200, alias="QUEUE_LIMIT", gt=0, le=10_000)
    """Questions that may wait at a time; further ones are declined politely."""
    answers_at_once: int = Field(default=2, alias="ANSWERS_AT_ONCE", gt=0, le=64)
    """Answers computed at a time; more than there are cores only makes each slower."""
    user_per_minute: float = Field(default=30.0, alias="USER_PER_MINUTE", gt=0, le=_MOST)
    """Questions, commands and presses a minute that one person may send in the long run."""
    user_burst: int = Field(default=20, alias="USER_BURST", gt=0, le=_MOST)
    """How many of them may come at once."""
    chat_per_minute: float = Field(default=60.0, alias="CHAT_PER_MINUTE", gt=0, le=_MOST)
    """The same for all people of one chat together."""
    chat_burst: int = Field(default=40, alias="CHAT_BURST", gt=0, le=_MOST)
    """How many of them may come at once."""
    allow_chats: str | None = Field(default=None, alias="ALLOW_CHATS", pattern=_IDS)
    """Numeric ids of the chats and people that alone are answered, separated by commas."""
    block_chats: str | None = Field(default=None, alias="BLOCK_CHATS", pattern=_IDS)
    """Numeric ids of chats and people that are never answered, separated by commas."""
    model: str = Field(default=DEFAULT_MODEL, alias="EMBEDDING_MODEL")
    """Name or folder of a sentence-transformers model."""
    reranker: str = Field(default=DEFAULT_RERANKER, alias="RERANKER_MODEL")
    """Name or folder of a sentence-transformers CrossEncoder, or none."""
    backend: Literal["onnx", "torch"] | None = Field(default=None, alias="EMBEDDING_BACKEND")
    """What computes the model; by default onnx for the bundled model and torch for others."""
    device: str | None = Field(default=None, alias="EMBEDDING_DEVICE")
    """torch device: cpu, cuda, cuda:1, mps."""
    query_prompt: str | None = Field(default=None, alias="EMBEDDING_QUERY_PROMPT")
    """Put before every question; by default the model's own."""
    passage_prompt: str | None = Field(default=None, alias="EMBEDDING_PASSAGE_PROMPT")
    """Put before every passage; by default the model's own."""
    index_url: str | None = Field(default=None, alias="INDEX_URL")
    """Address of a Milvus server for the search index; without one it is in the home folder."""
    embedding_url: str | None = Field(default=None, alias="EMBEDDING_URL")
    """Address of a server that encodes: text-embeddings-inference, or OpenAI's form of embeddings endpoint."""
    embedding_key: SecretStr | None = Field(default=None, alias="EMBEDDING_API_KEY")
    """The key that this server wants."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then `.env`, then the files that either names for a secret."""
        named = SecretFiles(settings_cls, env_settings, dotenv_settings)
        return init_settings, env_settings, dotenv_settings, named, file_secret_settings

    @field_validator("*", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        if isinstance(value, str) and _NO_TEXT.search(value):
            raise ValueError("holds control characters or bytes that are no UTF-8")
        return value

    @field_validator("home", "cache")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return _folder(path)

    @field_validator("model", "reranker")
    @classmethod
    def _name_or_folder(cls, name: str) -> str:
        _folder(Path(name))
        return name

    @field_validator("pages")
    @classmethod
    def _folders(cls, pages: str | None) -> str | None:
        for name in _names(pages):
            _folder(Path(name))
        return pages

    @field_validator("telegram_api", "web_url", "webhook_url", "index_url", "embedding_url")
    @classmethod
    def _address(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        schemes = _OF_INDEXES if info.field_name == "index_url" else _OF_THE_WEB
        if not _is_address(url, schemes):
            raise ValueError(f"must be an address that begins with {' or '.join(schemes)}")
        return url.rstrip("/") if info.field_name in ("telegram_api", "web_url") else url

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("is no bot's token: digits, a colon and letters, as @BotFather gives it")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _allowed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError(f"must be {FEWEST_CHARS} to 256 of A-Z, a-z, 0-9, _ and -")
        return secret

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database.get_secret_value() if self.database else f"sqlite:///{self.home / 'yunwen.db'}"

    @property
    def chats_url(self) -> str:
        """SQLAlchemy URL of the database of chats: a file of its own, or the one PostgreSQL database."""
        chosen = self.chats_database or self.database
        return chosen.get_secret_value() if chosen else f"sqlite:///{self.home / 'chats.db'}"

    @property
    def admins(self) -> frozenset[int]:
        """Numeric ids of the bot's operators."""
        return numbers(self.admin_user_ids)

    @property
    def secrets(self) -> list[str]:
        """What no log line may hold: the secrets themselves, and what an address is opened with."""
        kept = (self.telegram_token, self.webhook_secret, self.embedding_key)
        urls = (self.database, self.chats_database)
        addresses = [each.get_secret_value() for each in urls if each]
        addresses += [each for each in (self.index_url, self.embedding_url, self.telegram_api) if each]
        addresses += [*(self.feeds or "").split(), *self.paper_addresses]
        found = [part for address in addresses for part in passwords_in(address)]
        return [*(each.get_secret_value() for each in kept if each), *found]

    @property
    def uploads(self) -> Path:
        """Folder of pages sent to the bot."""
        return self.home / "uploads"

    @property
    def page_folders(self) -> tuple[Path, ...]:
        """The folders to keep up to date with."""
        return tuple(_folder(Path(name)) for name in _names(self.pages))

    @property
    def paper_addresses(self) -> tuple[str, ...]:
        """The newspapers to follow."""
        return tuple(dict.fromkeys((self.papers or "").split()))

    @property
    def snapshot(self) -> Path:
        """File of the dense index."""
        return self.home / "dense.index"

    @property
    def index_address(self) -> str:
        """Where the search index is: on a server, or a file in the home folder."""
        return self.index_url or self.snapshot.absolute().as_uri()


def _names(pages: str | None) -> list[str]:
    return [name.strip() for name in (pages or "").split(":") if name.strip()]


def _folder(path: Path) -> Path:
    """Return a folder's absolute path, whether it is there or not. Raises ValueError if there can be none."""
    try:
        found = path.expanduser().absolute()
        found.exists()
    except (OSError, RuntimeError) as error:  # RuntimeError: the home of nobody
        raise ValueError(f"cannot be a folder ({getattr(error, 'strerror', error)})") from None
    return found


def _is_address(url: str, schemes: Iterable[str]) -> bool:
    try:
        parts = urlsplit(url)
        is_somewhere = bool(parts.hostname if parts.scheme != "file" else parts.path) and parts.port != 0
    except ValueError:
        return False
    return is_somewhere and url.startswith(tuple(schemes)) and not any(map(str.isspace, url))


def numbers(text: str | None) -> frozenset[int]:
    """The ids of a list with commas."""
    return frozenset(int(each) for each in (text or "").split(",") if each.strip())


def load_settings() -> Settings:
    """The settings in force; raises BotError naming the setting that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "settings"
        raise BotError(
            f"{name}: {first['msg']}: correct it in .env or the environment (see .env.example)"
        ) from None
    except UnicodeDecodeError:
        raise BotError(".env: is not UTF-8: save it as UTF-8") from None
