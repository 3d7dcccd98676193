"""The READMEs and docs say what is true, and both READMEs say the same."""

import os
import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from commands import run_command
from paths import ROOT

from bot.composition import open_library
from bot.languages import Language, texts_of
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.settings import Settings
from bot.telegram.rendering import render_answer

READMES = ("README.md", "README.zh-CN.md")
PAGES = (*(ROOT / name for name in READMES), *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md")
PICTURE, TRANSCRIPT = "docs/pictures/question-light.png", "docs/pictures/question.txt"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text_of(name), flags=re.DOTALL)


@cache
def listed_commands() -> set[str]:
    """The commands that `yunwen --help` lists."""
    usage = run_command(["--help"], os.environ)
    return set(re.findall(r"^    ([a-z][a-z-]*)\b", usage.stdout, flags=re.MULTILINE))


# ---------------------------------------------------------------------------------------- both READMEs


def test_both_have_the_same_commands() -> None:
    first, second = ([re.sub(r" +#.*", "", block) for block in blocks(name, "sh")] for name in READMES)
    assert first == second
    assert first[0].split("\n")[:2] == ["make run", "make test"]
    assert blocks(READMES[0], "text") == blocks(READMES[1], "text")


def test_both_have_as_many_headings_of_each_depth() -> None:
    first, second = (re.findall(r"^(#+) ", text_of(name), flags=re.MULTILINE) for name in READMES)
    assert first == second


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_read_on_two_screens(name: str) -> None:
    assert len(text_of(name).splitlines()) <= 110
    assert f'src="{PICTURE}"' in text_of(name)


def test_both_name_the_same_settings_files_and_options() -> None:
    first, second = (
        {each for each in re.findall(r"`([^`\n]+)`", text_of(name)) if each.isascii()} for name in READMES
    )
    assert first == second


def test_both_say_as_much_below_each_heading() -> None:
    first, second = (
        [
            (part.count("\n- "), part.count("```"))
            for part in re.split(r"^## ", text_of(name), flags=re.MULTILINE)
        ]
        for name in READMES
    )
    assert first == second


def test_both_lead_to_the_same_pages() -> None:
    first, second = (set(re.findall(r"\]\(([^)]+)\)", text_of(name))) for name in READMES)
    assert {target.replace(".zh-CN", "") for target in first} == {
        target.replace(".zh-CN", "") for target in second
    }


# -------------------------------------------------------------------------------------------- commands


def test_the_commands_exist() -> None:
    makefile = text_of("Makefile")
    for target in ("run", "test", "soak", "check"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
    assert text_of(".ci/run").endswith("\nmake test\nexec make soak\n")
    for name in READMES:
        named = set(re.findall(r"bin/yunwen ([a-z-]+)", text_of(name))) - {"--help"}
        assert named == listed_commands()


def test_the_page_of_commands_lists_what_help_lists() -> None:
    headings = re.findall(r"^## (.+)$", text_of("docs/command-line.md"), flags=re.MULTILINE)
    described = {command for heading in headings for command in re.findall(r"`yunwen ([a-z-]+)", heading)}
    assert described == listed_commands()


# ----------------------------------------------------------------------------------------------- paths


def test_every_link_within_the_repository_leads_somewhere() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_module_that_a_page_names_is_there() -> None:
    named = re.compile(r"`((?:bot|retrieval|embeddings|tests|bench|deploy|seeds)/[\w./-]*)`")
    for path in PAGES:
        for target in named.findall(path.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{path.name}: {target}"


def test_the_index_leads_to_every_page() -> None:
    index = text_of("docs/index.md")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


# --------------------------------------------------------------------------------------------- answers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, bundled: object) -> Path:
    """A home into which the page in seeds/ has been read."""
    folder = tmp_path_factory.mktemp("home")
    assert run_command(["ingest", "seeds"], environment(folder)).returncode == 0
    return folder


def environment(home: Path) -> Mapping[str, str]:
    """The environment without settings but the home folder."""
    names = {str(field.alias) for field in Settings.model_fields.values()}
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "YUNWEN_HOME": str(home)
    }


@pytest.mark.model
def test_the_pictured_conversation_is_what_is_printed(home: Path) -> None:
    asked, _, printed = blocks(READMES[0], "text")[0].partition("\n")
    pipe = re.fullmatch(r"\$ printf '(.+)' \| \.venv/bin/yunwen chat", asked)
    assert pipe is not None
    done = run_command(["chat"], environment(home), pipe[1].replace("\\n", "\n"))
    assert done.stdout == printed


@pytest.mark.model
def test_the_picture_shows_what_the_bot_says(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("YUNWEN_HOME", str(home))
    pictured = without_blanks(text_of(TRANSCRIPT))
    library, texts, previous = open_library(Settings(_env_file=None)), texts_of(Language.SIMPLIFIED), None
    for question in ("库伦旗水稻种植面积", "那奈曼旗呢"):
        answer = library.ask(question, k=8, previous=previous)
        previous = answer.turn
        reply = render_answer(answer, "id", texts, Links("bot"))
        assert question in pictured
        for line in lines_before_the_quotation(reply):
            assert without_blanks(line) in pictured
        assert all(without_blanks(each.label) in pictured for row in reply.buttons for each in row)


def lines_before_the_quotation(reply: Reply) -> list[str]:
    """The lines of a reply as a person sees them, but for the passage, which is folded."""
    return unescape(re.sub(r"<[^>]+>", "", reply.html.partition("<blockquote")[0])).split("\n")


def without_blanks(text: str) -> str:
    return "".join(text.split())
