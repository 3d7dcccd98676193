"""The arrows: bot -> retrieval -> embeddings, no cycles, one user for each wrapped library."""

import ast
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
    "opencc": {"retrieval.text.tokenization"},
    "ahocorasick_rs": {"retrieval.regions"},
    "trafilatura": {"retrieval.reading.formats.html"},
    "docx": {"retrieval.reading.formats.docx"},
    "pypdfium2": {"retrieval.reading.formats.pdf_text"},
    "feedparser": {"retrieval.reading.formats.feed"},
    "watchfiles": {"bot.ingest.watchers"},
    "psycopg": {"retrieval.store.postgresql"},
    "pymilvus": {"retrieval.index.milvus"},
    "sentence_transformers": {"embeddings"},
    "torch": {"embeddings"},
    "telegram": {"bot.telegram"},
    "aiohttp": {"bot.telegram.client.connections", "bot.telegram.updates.http_server"},
    "prometheus_client": {"bot.metrics"},
    "pydantic_settings": {"bot.settings"},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SUBMODULES = {module_name(path) for path in MODULES}


def imports(path: Path, *, at_top_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if at_top_only else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names
            if names - SUBMODULES:  # `from package import module` does not need what the package exports
                found.add(node.module)
    return found


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
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"bot.settings"}


def test_the_import_graph_has_no_cycle() -> None:
    names = {module_name(path) for path in MODULES}
    graph = {
        module_name(path): {
            target
            for name in imports(path, at_top_only=True)
            for target in [name if name in names else name.rpartition(".")[0]]
            if target in names and target != module_name(path)
        }
        for path in MODULES
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for target in graph[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_no_module_has_outgrown_its_reader() -> None:
    lengths = {module_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > 600} == {}
