"""The arrows: bot -> retrieval -> embeddings, layers within both, no cycles, one user for each wrapped library."""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from paths import ROOT

PACKAGES = ("embeddings", "retrieval", "bot")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OWNERS = {
    "faiss": {"retrieval.index.dense"},
    "jieba": {"retrieval.text.tokenization"},
    "tantivy": {"retrieval.index.sparse"},
    "onnxruntime": {"embeddings"},
    "opencc": {"retrieval.text.tokenization", "bot.languages.traditional"},
    "ahocorasick_rs": {"retrieval.regions"},
    "trafilatura": {"retrieval.reading.webpage.main_text"},
    "lxml": {
        "retrieval.reading.papers.markup",
        "retrieval.reading.formats.docx",
        "retrieval.reading.webpage",
    },
    "PIL": {"bot.messages.courses.charts", "bot.messages.courses.maps", "retrieval.reading.papers.picture"},
    "docx": {"retrieval.reading.formats.docx", "bot.web.pages.exports"},
    "pypdfium2": {"retrieval.reading.formats.pdf_text"},
    "feedparser": {"retrieval.reading.formats.feed"},
    "watchfiles": {"bot.ingest.watchers"},
    "psycopg": {"retrieval.store.postgresql"},
    "pymilvus": {"retrieval.index.milvus_server"},
    "sentence_transformers": {"embeddings"},
    "torch": {"embeddings"},
    "telegram": {"bot.telegram"},
    "aiohttp": {
        "bot.telegram.client.connections",
        "retrieval.reading.web.fetching",
    },
    "xlsxwriter": {"bot.web.pages.exports"},
    "jinja2": {"bot.web.pages.rendering"},
    "uvicorn": {"bot.serving"},
    "fastapi": {"bot.web"},
    "starlette": {"bot.web", "bot.serving", "bot.telegram.updates.webhook", "bot.telegram.monitoring"},
    "prometheus_client": {"bot.metrics"},
    "pydantic_settings": {"bot.settings"},
    "mcp": {"bot.web.mcp"},
    "prompt_toolkit": {"bot.command_line.line_input"},
}

BOT_LAYERS = (
    ["bot.command_line"],
    ["bot.operations"],
    ["bot.composition"],
    ["bot.telegram.lifetime", "bot.web.application"],
    ["bot.web.miniapp"],
    ["bot.web.pages", "bot.web.api", "bot.web.mcp"],
    ["bot.web.errors", "bot.web.delivery", "bot.web.parts"],
    ["bot.web.programs"],
    ["bot.web.gate", "bot.web.memory", "bot.web.keys", "bot.web.inquiries"],
    ["bot.telegram.application"],
    ["bot.telegram.spoken"],
    ["bot.telegram.handlers", "bot.telegram.updates"],
    ["bot.telegram.monitoring"],
    ["bot.telegram.registration", "bot.telegram.health", "bot.telegram.commands"],
    ["bot.telegram.context", "bot.telegram.delivery"],
    ["bot.telegram.addressing", "bot.telegram.rendering", "bot.telegram.prompts"],
    ["bot.telegram.admission", "bot.telegram.client"],
    ["bot.telegram.token_bucket"],
    ["bot.documents"],
    ["bot.messages", "bot.ingest"],
    ["bot.chats"],
    ["bot.settings"],
    ["bot.languages", "bot.metrics", "bot.progress", "bot.logs", "bot.secret_files", "bot.serving"],
    ["bot.errors"],
)
"""From top to bottom; what stands in one line does not know each other."""
RETRIEVAL_LAYERS = (
    ["retrieval"],
    ["retrieval.issue"],
    ["retrieval.library", "retrieval.evaluation"],
    ["retrieval.browsing", "retrieval.paper_issues", "retrieval.timelines"],
    ["retrieval.editions"],
    ["retrieval.answering", "retrieval.sample_questions"],
    ["retrieval.index", "retrieval.ingestion"],
    ["retrieval.store"],
    ["retrieval.reading", "retrieval.regions"],
    ["retrieval.text"],
    ["retrieval.answer_types"],
    ["retrieval.types", "retrieval.errors", "retrieval.progress"],
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SUBMODULES = {module_name(path) for path in MODULES}


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names
            if names - SUBMODULES:  # `from package import module` does not need what the package exports
                found.add(node.module)
    return frozenset(found)


def test_embeddings_knows_neither_of_the_others() -> None:
    for path in MODULES:
        if module_name(path).startswith("embeddings"):
            assert not {name for name in imports(path) if name.split(".")[0] in ("retrieval", "bot")}, path


def test_retrieval_does_not_know_the_bot() -> None:
    for path in MODULES:
        if module_name(path).startswith("retrieval"):
            assert not {name for name in imports(path) if name.split(".")[0] in ("bot", "telegram")}, path


def test_the_bot_imports_only_what_the_packages_export() -> None:
    exported = {
        f"{package}.{name}"
        for package in ("retrieval", "embeddings")
        for name in ast.literal_eval(_all_of(ROOT / package / "__init__.py"))
    }
    for path in MODULES:
        if module_name(path).startswith("bot"):
            used = {name for name in imports(path) if name.split(".")[0] in ("retrieval", "embeddings")}
            assert used <= exported | {"retrieval", "embeddings"}, path


def _all_of(path: Path) -> str:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            return ast.unparse(node.value)
    raise AssertionError(f"{path} exports nothing")


def test_every_export_is_used_or_is_a_value_of_the_interface() -> None:
    for package in ("retrieval", "embeddings"):
        module = __import__(package)
        assert sorted(set(module.__all__)) == sorted(module.__all__)
        assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_wrapped_library_ends_at_its_own_module(library: str) -> None:
    users = {module_name(path) for path in MODULES if library in {i.split(".")[0] for i in imports(path)}}
    strangers = {
        user
        for user in users
        if not any(user == owner or user.startswith(owner + ".") for owner in OWNERS[library])
    }
    assert users, f"nothing uses {library}: drop it from the list and from pyproject.toml"
    assert not strangers


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        module_name(path)
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"bot.settings"}


@cache
def graph() -> dict[str, set[str]]:
    """Every module's imports of ours, wherever they stand: at the top, in functions, under TYPE_CHECKING."""
    names = {module_name(path) for path in MODULES}
    found: dict[str, set[str]] = {}
    for path in MODULES:
        targets = {name if name in names else name.rpartition(".")[0] for name in imports(path)}
        found[module_name(path)] = (targets & names) - {module_name(path)}
    return found


def test_the_import_graph_has_no_cycle() -> None:
    imported = graph()
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for target in imported[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in imported:
        visit(name, ())


@pytest.mark.parametrize("layers", [BOT_LAYERS, RETRIEVAL_LAYERS])
def test_a_layer_imports_only_layers_below_it(layers: Sequence[Sequence[str]]) -> None:
    floors = {room: number for number, rooms in enumerate(layers) for room in rooms}
    package = next(iter(floors)).partition(".")[0]

    def room_of(module: str) -> str | None:
        """The room that a module lies in: the longest name of one that begins its own."""
        if module == package:
            return package if package in floors else None
        inside = [room for room in floors if room != package and f"{module}.".startswith(f"{room}.")]
        return max(inside, key=len, default=None)

    breaches = []
    for module, targets in graph().items():
        if module.partition(".")[0] != package or module in (package, "bot.telegram", "bot.web"):
            continue
        here = room_of(module)
        assert here is not None, f"{module}: lies in no layer: put it into the table"
        for target in targets:
            there = room_of(target)
            if there is not None and there != here and floors[there] <= floors[here]:
                breaches.append(f"{module} -> {target}")
    assert breaches == []


def test_only_some_rooms_read_the_settings() -> None:
    readers = {module for module, targets in graph().items() if "bot.settings" in targets}
    rooms = ("bot.composition", "bot.command_line", "bot.operations", "bot.ingest")
    assert [each for each in readers if not each.startswith(rooms)] == []


def test_a_folder_has_at_most_fourteen_modules_on_at_most_eight_floors() -> None:
    imported = graph()
    folders: dict[str, set[str]] = {}
    for path in MODULES:
        if path.name != "__init__.py" and path.parent.name != "versions":
            folders.setdefault(module_name(path).rpartition(".")[0], set()).add(module_name(path))
    assert {folder: len(modules) for folder, modules in folders.items() if len(modules) > 14} == {}
    for folder, modules in folders.items():

        @cache
        def floor(module: str, inside: frozenset[str] = frozenset(modules)) -> int:
            return 1 + max((floor(target, inside) for target in imported[module] & inside), default=0)

        assert max(map(floor, modules)) <= 8, folder


def test_no_module_has_outgrown_its_reader() -> None:
    lengths = {module_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > 400} == {}
