"""Whatever a record holds, every message keeps to Telegram's limits: 4096 UTF-16 units, 100 entities, valid HTML."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import answer, article, hit
from stand_in import parse_html

from bot.chats.hours import Hours
from bot.chats.standing_questions import MOST_CHARS, MOST_STANDING, StandingQuery, StandingQuestion
from bot.chats.subscriptions import MOST_SUBSCRIPTIONS, ChatState, Subscriber, Subscription
from bot.languages import Language, texts_of
from bot.messages.answers import report_of
from bot.messages.daily.issues import render_digest, render_page
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.menus import render_articles, render_one, render_subscribed, render_subscriptions
from bot.messages.reply import Reply
from bot.messages.splitting import shorten, utf16_length
from bot.telegram.handlers.inline import list_results
from bot.telegram.rendering import render_answer, render_full, render_more, render_told
from retrieval import (
    Answer,
    ArticleRegion,
    Choice,
    DigestItem,
    Evidence,
    Figure,
    Gazetteer,
    Hit,
    Outcome,
    Passage,
    PlaceChoice,
    PlaceListing,
    RegionRole,
    SpanKind,
    StoredArticle,
    Wanted,
    arrange,
)

LINKS = Links("yunwen_bot")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW, DAY = Window(NOW, NOW), date(2026, 11, 24)
GAZETTEER = Gazetteer.load()
PIECES = st.text(alphabet="甲a7<>&\"' \n。，😀\u200b\u202e\u2066\ue000\u0301", min_size=1, max_size=6)
TIMES = st.sampled_from([1, 3, 40, 800, 4600])


@st.composite
def parts(draw: st.DrawFn) -> str:
    """A short, a long or an endless title, name or sentence of characters that trouble."""
    return draw(PIECES) * draw(TIMES)


maybe = st.none() | parts()
urls = st.sampled_from(
    [
        None,
        "https://a.example/" + "x" * 5000,
        "https://me:pass@a.example/",
        "https://a.example/?a=1&b=<2>",
        "http://[",
    ]
)


@st.composite
def articles(draw: st.DrawFn, number: int = 1) -> StoredArticle:
    place = draw(maybe)
    text = draw(parts())
    regions = draw(st.sampled_from([(), (ArticleRegion("150524", place or "库伦旗", RegionRole.PRIMARY),)]))
    return article(
        number,
        text=text,
        title=draw(parts()),
        section=draw(maybe),
        place=place,
        source=draw(maybe),
        byline=draw(maybe),
        credit=draw(maybe),
        url=draw(urls),
        regions=regions,
        date=draw(st.sampled_from([None, DAY])),
        page="/pages/" + draw(parts()),
    )


@st.composite
def sentences(draw: st.DrawFn, item: StoredArticle) -> Evidence:
    """A stretch of an article with stretches that meet the question."""
    edges = st.integers(0, len(item.text))
    start, end = sorted((draw(edges), draw(edges)))
    if start == end:
        start, end = 0, len(item.text)
    inner = sorted(draw(st.lists(st.integers(start, end), max_size=160, unique=True)))
    matched = tuple(zip(inner[::2], inner[1::2], strict=False))
    figure = Figure(item.text[start:end], start, end, "亩")
    resolved = draw(st.lists(st.tuples(parts(), parts()), max_size=8))
    answer = draw(st.sampled_from([None, *matched]))
    return Evidence(item.text[start:end], start, end, (figure,), matched, tuple(resolved), answer)


@st.composite
def hits(draw: st.DrawFn, rank: int) -> Hit:
    item = draw(articles(rank))
    evidence = tuple(draw(sentences(item)) for _ in range(draw(st.integers(1, 3))))
    passage = Passage(
        id=rank, article_id=item.id, kind=SpanKind.BODY, start=0, end=len(item.text), text=item.text
    )
    also = tuple(draw(articles(90 + n)) for n in range(draw(st.sampled_from([0, 1, 12]))))
    return Hit(rank=rank, score=0.5, article=item, passage=passage, evidence=evidence, also=also)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    n_hits = draw(st.sampled_from([0, 1, 3, 9]))
    found = tuple(draw(hits(rank)) for rank in range(1, n_hits + 1))
    outcomes = [Outcome.NONE, Outcome.WHICH_PLACE]
    outcomes += [Outcome.FOUND, Outcome.NEAR, Outcome.NEEDS_COUNTING] if found else []
    question = draw(parts())[:1000]
    place = PlaceChoice(question, "150524", "西拉木伦布统苏木" * 2, "内蒙古自治区 › 通辽市 › 库伦旗")
    outcome = draw(st.sampled_from(outcomes))
    must_choose = outcome is Outcome.WHICH_PLACE
    return answer(
        outcome,
        0,
        hits=found,
        question=question,
        wanted=Wanted(question, (question,), (question,), question),
        candidates=(place,)
        * (draw(st.sampled_from([1, 120])) if must_choose else draw(st.sampled_from([0, 120]))),
        differing=tuple(range(1, n_hits + 1)) if draw(st.booleans()) else (),
    )


def hold(replies: list[Reply] | Iterator[Reply]) -> None:
    """What Telegram refuses is refused here."""
    for reply in replies:
        text, tags, links = parse_html(reply.html)
        assert text.strip()
        assert utf16_length(text) <= 4096
        assert len(tags) <= 100
        assert all("@" not in link and len(link) <= 2000 for link in links)
        buttons = [button for row in reply.buttons for button in row]
        assert len(buttons) <= 100
        assert all(1 <= len(button.data.encode()) <= 64 and button.label.strip() for button in buttons)


RELAXED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@RELAXED
@given(answers(), st.sampled_from(list(Language)), PIECES)
def test_every_answer_keeps_to_the_limits(given_answer: Answer, language: Language, piece: str) -> None:
    texts = texts_of(language)
    hold([render_answer(given_answer, "abcdefgh1234", texts, LINKS)])
    question = (piece * MOST_CHARS)[:MOST_CHARS]
    hold([render_told(question, 2**31, given_answer, "abcdefgh1234", texts, LINKS)])
    results, _ = list_results(given_answer, LINKS)
    shown = [each.input_message_content.to_dict()["message_text"] for each in results]
    hold([Reply(html) for html in shown])
    if given_answer.hits:
        reports = [
            report_of(each.rank, each.article, None, each.evidence, texts) for each in given_answer.hits[:4]
        ]
        hold([render_more(reports, 3, 90, "abcdefgh1234", texts, LINKS)])


@RELAXED
@given(st.data(), st.sampled_from(list(Language)))
def test_every_article_digest_and_place_keeps_to_the_limits(data: st.DataObject, language: Language) -> None:
    texts = texts_of(language)
    told = [data.draw(articles(number)) for number in range(1, 5)]
    hold(reply for each in told if each.text.strip() for reply in render_full(each, 0, texts, LINKS))
    stories = [DigestItem("150524", each, NOW, data.draw(sentences(each)), tuple(told)) for each in told] * 8
    stories = arrange(stories, [])
    hold(render_digest(stories, DAY, WINDOW, GAZETTEER, LINKS, texts))
    hold([render_page(stories, 3, DAY, WINDOW, GAZETTEER, LINKS, texts)])
    listing = PlaceListing("150524", "150500", "内蒙古自治区 › 通辽市 › 库伦旗", 99, ())
    hold([render_articles(listing, told * 2, 8, texts, LINKS)])


@RELAXED
@given(PIECES, st.sampled_from([1, MOST_SUBSCRIPTIONS]), st.sampled_from([0, MOST_STANDING]))
def test_the_longest_list_of_subscriptions_keeps_to_the_limits(piece: str, n: int, n_standing: int) -> None:
    texts = texts_of(Language.SIMPLIFIED)
    word = (piece * 30)[:30]
    choice = Choice("150500", True, ("150524",) * MOST_SUBSCRIPTIONS, (word,) * 10, (word,) * 10)
    mine = tuple(Subscription(number, choice) for number in range(n))
    subscriber = Subscriber(7, ChatState.PAUSED, Hours(6, "Asia/Urumqi", (22, 5)), True, NOW, mine)
    query = StandingQuery((piece * MOST_CHARS)[:MOST_CHARS])
    standing = [StandingQuestion(number, 7, query, frozenset(), NOW) for number in range(n_standing)]

    def name_of(_code: str) -> str:
        return "西拉木伦布统苏木"

    hold([render_subscriptions(subscriber, name_of, texts, standing)])
    hold(
        [
            render_subscribed(subscriber, [choice] * n, True, name_of, texts),
            render_one(mine[0], name_of, texts),
        ]
    )


@given(parts(), st.integers(2, 5000))
def test_what_is_shortened_is_a_beginning_within_its_bound(text: str, n_units: int) -> None:
    short = shorten(text, n_units)
    assert utf16_length(short) <= n_units
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_of_a_sentence_that_is_cut_the_words_of_the_question_are_in_sight() -> None:
    text = "长" * 4000 + "水稻种植面积" + "长" * 600 + "。"
    shown = render_answer(
        answer(hits=(hit(text=text),)), "abcdefgh1234", texts_of(Language.SIMPLIFIED), LINKS
    )
    assert "长<b>水稻种植面积</b>长" in shown.html
    assert shown.html.startswith("…长")
