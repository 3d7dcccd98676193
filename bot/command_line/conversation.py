"""The same conversation in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.text import Text

from bot.languages import DEFAULT, keywords, texts_of
from bot.languages.intent_table import COURTESIES, Act
from bot.languages.intents import Intent, recognise_intent, without_courtesy
from bot.messages.answers import Quote, Report, compose_answer, compose_report
from bot.messages.browsing.stories import author_of, compose_browse
from bot.messages.courses.responses import Response, respond
from bot.messages.courses.weeks import say_places
from bot.messages.sources import Source, compose_source, source_name
from bot.messages.unasked import ask_typed, hear, say_courtesy
from bot.messages.weeks import WeekMessage
from retrieval import Answer, Course, Hit, Library, Outcome, Turn

_TEXTS = texts_of(DEFAULT)
_SHOWN = 3
_STORIES = 5


def render_answer(
    answer: Answer, *, explain: bool = False, n_shown: int = _SHOWN, has_passage: bool = True
) -> RenderableType:
    """Return an answer for a terminal: sentences, bold where they meet the question, their source, the passage, further reports."""
    if answer.outcome is Outcome.BROWSE:
        return _stories(answer)
    said = compose_answer(answer, _TEXTS, n_shown - 1)
    parts: list[RenderableType] = [Text(said.reason)] if said.reason else []
    if said.must_choose:
        return Group(*parts, *(Text(f"  {n}. {each.path}") for n, each in enumerate(said.choices, start=1)))
    hits = {hit.rank: hit for hit in answer.hits}
    if said.found is not None:
        for quote in said.found.quotes:
            parts += [Text(_TEXTS.quoted_elsewhere, style="dim")] if quote.is_elsewhere else []
            parts.append(_quote(quote))
        parts.append(_source(replace(said.found.source, title=said.found.title)))
        if has_passage:
            parts.append(Text("  " + said.found.passage.replace("\n", "\n  "), style="dim"))
        if explain:
            parts.append(_explanation(hits[said.found.rank]))
    elif said.choices:
        listed = "  ".join(f"{n}. {each.name}" for n, each in enumerate(said.choices, start=1))
        parts.append(Text(_TEXTS.terminal_did_you_mean.format(names=listed)))
    if said.heading:
        parts.append(Text(said.heading))
    for each in said.further:
        parts.append(_further(each))
        if explain:
            parts.append(_explanation(hits[each.rank]))
    return Group(*parts)


def _stories(answer: Answer) -> RenderableType:
    """Stories by day, each with its rank."""
    said = compose_browse(answer, _TEXTS)
    parts: list[RenderableType] = [Text(said.heading, style="bold")]
    parts += [Text(said.reason)] if said.reason else []
    for day, lines in said.days:
        parts.append(Text(day, style="cyan"))
        for each in lines:
            text = Text(f"  {each.rank}. {each.title}")
            text.append(_TEXTS.in_parenthesis(each.place or ""), style="cyan")
            text.append(f"  {each.author}" if each.author else "", style="dim")
            parts.append(text)
    if said.has_more:
        parts.append(Text(_TEXTS.terminal_more, style="dim"))
    return Group(*parts)


def render_story(course: Course) -> RenderableType:
    """Return a story's articles for a terminal, the oldest first, each with the sentence that it says anew."""
    heading = _TEXTS.story_heading.format(title=course.of.title, n=len(course.steps))
    parts: list[RenderableType] = [Text(heading, style="bold")]
    for step in course.steps:
        source = compose_source(step.article, _TEXTS)
        parts.append(Text(f"{source.day or _TEXTS.date_unknown}  {source.title}", style="cyan"))
        parts.append(Text(f"  {' '.join(step.sentence_text.split())}"))
    return Group(*parts)


def render_look(said: WeekMessage) -> RenderableType:
    """Return a place's week or month for a terminal: the news, the figures, how many stories each place has."""
    parts: list[RenderableType] = [Text(said.heading, style="bold")]
    for head, lines in ((_TEXTS.week_news, said.news), (_TEXTS.week_figures, said.figures)):
        parts += [Text(head, style="cyan")] if lines else []
        for line in lines:
            text = Text(f"  · {line.source.title}")
            text.append(_TEXTS.in_parenthesis(line.source.day or ""), style="cyan")
            parts += [text, Text(f"    {' '.join(line.quote.text.split())}")]
    parts += [Text(say_places(said, _TEXTS))] if said.places else []
    return Group(*parts)


def _quote(quote: Quote) -> Text:
    text = Text(quote.text)
    for start, end in quote.bold:
        text.stylize("bold", start, end)
    for start, end in quote.figures:
        text.stylize("underline", start, end)
    if quote.resolved:
        said = _TEXTS.comma.join(
            _TEXTS.terminal_resolved.format(word=word, meaning=meaning) for word, meaning in quote.resolved
        )
        text.append(_TEXTS.in_parenthesis(said))
    return text


def _source(source: Source) -> Text:
    parts = (source.title, source.section, source.place, source.as_of, source.paper, source.author)
    text = Text("—— " + " · ".join(part for part in parts if part), style="cyan")
    if source.url:  # a terminal that knows links opens the article where it stands
        text.stylize(Style(link=source.url), len("—— "), len("—— ") + len(source.title))
    return text


def _further(report: Report) -> Text:
    where = " · ".join(part for part in (report.source.place, report.source.day) if part)
    text = Text(f"  {report.rank}. {report.title}")
    text.append(_TEXTS.in_parenthesis(where), style="cyan")
    text.append(report.quotes[0].text)
    return text


def _explanation(hit: Hit) -> Text:
    adding = sorted(hit.contributions.items(), key=lambda pair: -abs(pair[1]))
    words = _TEXTS.list_comma.join(
        hit.article.text[start:end] for each in hit.evidence for start, end in each.matched
    )
    listed = "  ".join(f"{name} {value:+.2f}" for name, value in adding if abs(value) >= 0.005)
    return Text(f"     score {hit.score:.3f} = {listed}; matched: {words}", style="dim")


def answer_lines(library: Library, stdin: TextIO, console: Console, *, today: date | None = None) -> None:
    """Answer one question a line until the lines end; blank lines are passed over."""
    previous: Turn | None = None
    answer: Answer | None = None
    for question in _lines(stdin):
        if not question.strip():
            continue
        if not any(character.isalnum() for character in question):
            console.print(_TEXTS.no_words)
            continue
        intent = recognise_intent(question)
        if intent is not None and intent.act is Act.STORY:
            console.print(_story_behind(library, answer))
            continue
        response = _respond(library, question, previous, today=today)
        answer = response.answer
        # one answer a line asked: the sentence and its source, as a script or a pipe wants them
        console.print(render_response(response, n_shown=1, has_passage=False))
        previous = answer.turn or previous


def _respond(
    library: Library, text: str, previous: Turn | None, *, today: date | None, region: str | None = None
) -> Response:
    question = without_courtesy(text)
    ask = partial(ask_typed, library, text, today=today, region=region, previous=previous)
    return respond(library, question, _TEXTS, ask, today=today, region=region)


def render_response(response: Response, *, n_shown: int = _SHOWN, has_passage: bool = True) -> RenderableType:
    """Return an answer, or what is shown in its place, for a terminal."""
    if response.course is not None:
        return render_story(response.course)
    if response.look is not None:
        return render_look(response.look)
    return render_answer(response.answer, n_shown=n_shown, has_passage=has_passage)


def _story_behind(library: Library, answer: Answer | None) -> RenderableType:
    """How the matter of the last answer went on, or that nothing is known of that."""
    if answer is None:
        return Text(_TEXTS.nothing_before)
    course = library.story(answer.hits[0].article) if answer.hits else None
    return render_story(course) if course is not None and course.is_shown else Text(_TEXTS.story_none)


def converse(
    library: Library,
    lines: Iterator[str],
    console: Console,
    *,
    today: date | None = None,
    samples: Sequence[str] = (),
) -> None:
    """Talk with a person until they leave; `samples` are questions to begin with."""
    console.print(Text(_TEXTS.terminal_greeting + _TEXTS.terminal_help, style="dim"))
    for sample in samples:
        console.print(Text(f"  {sample}", style="dim"))
    talk = _Talk(library, console, today)
    while True:
        try:
            line = next(lines, None)
        except KeyboardInterrupt:
            line = None
        if line is None or line.strip().lower() in keywords.LEAVE_WORDS:
            console.print()
            return
        talk.take(line.strip())


class _Talk:
    """What one conversation remembers: the last answer."""

    def __init__(self, library: Library, console: Console, today: date | None) -> None:
        self._library = library
        self._console = console
        self._today = today
        self._answer: Answer | None = None
        self._n_shown = _SHOWN
        """Of the last answer's hits."""

    def take(self, line: str) -> None:
        """Do what a line says."""
        if not line:
            return
        intent = hear(line, self._library)
        if (number := _number_behind_full(line)) is not None:
            self._full(number)
        elif line.isdigit() and self._answer and self._answer.candidates:
            self._choose(int(line))
        elif intent is not None and not (intent.is_question_too and not self._can_go_on):
            self._do(intent)
        elif not any(character.isalnum() for character in line):
            self._console.print(_TEXTS.no_words)
        else:
            self._ask(line, None)

    @property
    def _can_go_on(self) -> bool:
        """Whether the last answer has anything behind it."""
        return self._answer is not None and bool(self._answer.hits)

    def _do(self, intent: Intent) -> None:
        """Do what was said; what needs a chat is done in Telegram."""
        if intent.act is Act.MORE:
            self._more()
        elif intent.act is Act.AUTHOR and self._answer and self._answer.hits:
            article = self._answer.hits[0].article
            self._console.print(f"{article.title}: {author_of(article) or _TEXTS.author_unknown}")
        elif intent.act is Act.SOURCE and self._answer and self._answer.hits:
            article = self._answer.hits[0].article
            self._console.print(f"{_TEXTS.said_source} {article.title} · {source_name(article)}")
        elif intent.act is Act.OPEN:
            self._full(intent.argument)
        elif intent.act is Act.STORY:
            self._console.print(_story_behind(self._library, self._answer))
        elif intent.act is Act.FULL:
            self._full("")
        elif intent.act in COURTESIES:
            self._console.print(say_courtesy(intent.act, _TEXTS))
        elif intent.act is Act.HELP:
            self._console.print(_TEXTS.terminal_help)
        else:
            self._console.print(_TEXTS.only_in_chats)

    def _ask(self, question: str, region: str | None) -> None:
        previous = self._answer.turn if self._answer else None
        response = _respond(self._library, question, previous, today=self._today, region=region)
        self._answer, self._n_shown = response.answer, _SHOWN
        self._console.print(render_response(response))

    def _choose(self, number: int) -> None:
        answer = self._answer
        if answer is not None and 1 <= number <= len(answer.candidates):
            self._ask(answer.question, answer.candidates[number - 1].code)
        else:
            self._console.print(_TEXTS.terminal_which_number)

    def _more(self) -> None:
        answer = self._answer
        if answer is not None and answer.browsed is not None:
            self._browse_on(answer)
            return
        shown = answer.hits[self._n_shown : self._n_shown + _SHOWN] if answer is not None else ()
        self._n_shown += len(shown)
        for hit in shown:
            self._console.print(_further(compose_report(hit, _TEXTS)))
        if not shown:
            self._console.print(_TEXTS.no_more)

    def _browse_on(self, answer: Answer) -> None:
        first = answer.hits[-1].rank if answer.hits and answer.turn else 0
        found = (
            self._library.browse_on(answer.turn, k=_STORIES, first=first, today=self._today)
            if answer.turn and first
            else None
        )
        if found is None or not found.hits:
            self._console.print(_TEXTS.no_more)
            return
        self._answer = found
        self._console.print(render_answer(found))

    def _full(self, number: str) -> None:
        hits = self._answer.hits if self._answer else ()
        rank = int(number) if number.isdigit() else 1
        hit = next((each for each in hits if each.rank == rank), None)
        if hit is None:
            self._console.print(_TEXTS.terminal_no_hit)
            return
        self._console.print(_source(compose_source(hit.article, _TEXTS, hit.place)))
        self._console.print(Text(hit.article.text))


def _number_behind_full(line: str) -> str | None:
    """What stands behind 全文, "" for nothing; None for a line that does not ask for a full text."""
    for word in keywords.FULL_WORDS:
        rest = line[len(word) :].strip()
        if line.lower().startswith(word) and (not rest or rest.isdigit()):
            return rest
    return None


def prompted_lines(stdin: TextIO, console: Console) -> Iterator[str]:
    """Yield lines as they come, each asked for with the prompt: where the screen is no terminal."""
    lines = _lines(stdin)
    while True:
        console.print(Text(_TEXTS.prompt, style="green"), end="")
        line = next(lines, None)
        if line is None:
            return
        yield line


def _lines(stdin: TextIO) -> Iterator[str]:
    """Lines as they come; bytes that are no text are replaced rather than ending the talk."""
    if hasattr(stdin, "reconfigure"):
        stdin.reconfigure(errors="replace")
    while line := stdin.readline():
        yield line.rstrip("\r\n")
