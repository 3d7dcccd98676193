"""`yunwen ask`, `chat`, `digest` and `regions`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.command_line import documents
from bot.command_line.documents import print_json
from bot.errors import BotError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.documents.composing import Composer

_SAMPLES = 3
"""Questions to begin with."""


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or a file of them."""
    if (options.question is None) == (options.batch is None):
        options.parser.error("give either a question or --batch FILE")
    if options.batch is not None:
        return _ask_batch(options, settings)
    if not any(character.isalnum() for character in options.question):
        raise BotError("the question has no words to look for: type it in words, such as 库伦旗水稻种植面积")
    from bot.composition import open_library
    from bot.messages.unasked import ask_typed

    library = open_library(settings)
    answer = ask_typed(library, options.question, k=options.k, today=options.today)
    if options.json:
        print_json(documents.answer_document(answer, _composer(settings), explain=options.explain))
    else:
        from rich.console import Console

        from bot.command_line.conversation import render_answer

        Console(highlight=False, soft_wrap=True).print(render_answer(answer, explain=options.explain))
    return 0


def _ask_batch(options: argparse.Namespace, settings: Settings) -> int:
    questions = list(_read_batch(options.batch))
    from bot.composition import open_library
    from bot.messages.unasked import ask_typed

    library = open_library(settings)
    for question in questions:
        answer = ask_typed(library, question["question"], k=options.k, today=options.today)
        document = documents.answer_document(answer, _composer(settings), explain=options.explain)
        print(json.dumps({"id": question["id"], **document}, ensure_ascii=False), flush=True)
    return 0


def _composer(settings: Settings) -> Composer:
    """Return what makes documents; it is imported here, as the shapes take longer to load than many a command to run."""
    from bot.documents.composing import Composer

    return Composer(settings.web_url)


def _read_batch(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BotError(
            f"{path}: cannot be read ({error.strerror}): give a JSONL file of questions"
        ) from error
    except UnicodeDecodeError:
        raise BotError(f"{path}: is not UTF-8: save it as UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BotError(f"{path}:{number}: is not JSON ({error.msg}): one object a line") from None
        if not isinstance(record, dict) or "id" not in record or not isinstance(record.get("question"), str):
            raise BotError(f"{path}:{number}: needs an id and a question (text)")
        yield record


def chat(options: argparse.Namespace, settings: Settings) -> int:
    """Hold a conversation in the terminal."""
    from bot.composition import open_library

    library = open_library(settings)
    converse(library, options.today, settings)
    return 0


def converse(library: Any, today: date | None, settings: Settings) -> None:
    """Talk on a terminal; without one, answer a question a line."""
    from rich.console import Console

    from bot.command_line.conversation import answer_lines, converse, prompted_lines

    console = Console(highlight=False, soft_wrap=True)
    stdin: TextIO = sys.stdin
    if not stdin.isatty():
        answer_lines(library, stdin, console, today=today)
        return
    lines = _typed_lines(library, settings) if sys.stdout.isatty() else prompted_lines(stdin, console)
    converse(library, lines, console, today=today, samples=library.sample_questions(_SAMPLES))


def _typed_lines(library: Any, settings: Settings) -> Iterator[str]:
    from bot.command_line.line_input import open_session, typed_lines
    from bot.languages import DEFAULT, keywords, texts_of

    # a county before a township of its name
    places = (each.name for each in sorted(library.resolver.gazetteer, key=lambda each: each.level))
    prompt, history = texts_of(DEFAULT).prompt, settings.home / "asked"
    return typed_lines(open_session(prompt, keywords.TYPED_COMMANDS, places, history))


def digest(options: argparse.Namespace, settings: Settings) -> int:
    """Print what the papers of a day say about a place."""
    from bot.composition import open_resolver, open_store, open_tokenizer
    from bot.languages import DEFAULT, texts_of
    from retrieval import Choice, edition_dated

    resolver = open_resolver(settings, open_tokenizer(settings))
    code = _division(options.region, resolver)
    store = open_store(settings)
    items = edition_dated(store, resolver.gazetteer, options.date).choose([Choice(code)])
    name = resolver.gazetteer.path_name(code)
    if options.json:
        document = _composer(settings).digest(code, name.rpartition(" › ")[2], options.date, items)
        print_json(document.model_dump(mode="json"))
        return 0
    texts = texts_of(DEFAULT)
    print(texts.terminal_digest_head.format(path=name, day=options.date, n=len(items)))
    for item in items:
        place = resolver.gazetteer.path_name(item.code).rpartition(" › ")[2]
        print(f"\n· {item.article.title}{texts.in_parenthesis(place)}\n  {item.sentence.text}")
        for each in item.also:
            source = texts.in_parenthesis(each.source or each.page)
            print(f"  {texts.terminal_also.format(title=each.title, source=source)}")
    return 0


def _division(name: str, resolver: Any) -> str:
    """The code of the one division that a name or code means; raises BotError with what may have been meant."""
    if resolver.gazetteer.get(name) is not None:
        return name
    found = resolver.resolve_question(name)
    codes = list(dict.fromkeys(mention.code for mention in found.mentions))
    if codes:
        return str(codes[-1])
    meant = [resolver.gazetteer.path_name(code) for each in found.candidates for code in each.codes]
    slip = None if meant else resolver.suggest(name)
    meant += [resolver.gazetteer.path_name(slip[1].code)] if slip else []
    raise BotError(
        f"{name}: no place of this name is known"
        + (f": did you mean {' or '.join(meant)}?" if meant else ": write it in full, as 通辽市库伦旗")
    )


def regions(options: argparse.Namespace, settings: Settings) -> int:
    """Print the places that a text names."""
    from bot.composition import open_resolver, open_tokenizer
    from retrieval import Gazetteer

    gazetteer = Gazetteer.load()
    resolution = open_resolver(settings, open_tokenizer(settings)).resolve_text(options.text)
    document = documents.resolution_document(resolution, gazetteer)
    if options.json:
        print_json(document)
        return 0
    for each in resolution.mentions:
        mark = "*" if each.code == resolution.primary else " "
        print(f"{mark} {each.text}  {each.code}  {each.path}  ({each.rule}, {each.confidence:.2f})")
    for each in document["candidates"]:
        print(f"? {each['text']}  {' / '.join(each['names'])}")
    if not resolution.mentions and not resolution.candidates:
        print("no place is named")
    return 0
