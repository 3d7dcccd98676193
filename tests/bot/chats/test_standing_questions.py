"""Standing questions: asked once of what is new, marked after sending, repeated by nothing that breaks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chats.answers import AnswerStore
from bot.chats.claims import LEASE, Worker
from bot.chats.database import open_chats
from bot.chats.standing_questions import GAP, MOST_STANDING, StandingQuery, StandingQuestionStore
from bot.chats.subscriptions import ChatState, SubscriptionStore, TooMany
from bot.composition import compose_library, open_article_source, open_ingester, open_resolver, open_tokenizer
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.settings import Settings
from bot.telegram.delivery.outbox import Claimed, pack_parts
from bot.telegram.delivery.standing_questions import StandingLedger, StandingQuestionChecker
from embeddings import HashingEncoder
from retrieval import Gazetteer, Store

LINKS = Links("yunwen_bot")
QUERY = StandingQuery("库伦旗水稻种植面积", ("150524",))
PAGE = "date: {day}\n## 库伦旗 水稻种植达{n}万余亩\n\n库伦旗今年水稻种植面积达{n}万余亩，稻农喜笑颜开，{more}。\n"
FILLER = (
    "date: 2022-06-01\n## 奈曼旗 养老院整治\n\n奈曼旗排查养老院2家，整改问题5个。\n\n"
    "## 开鲁县 玉米长势好\n\n开鲁县玉米长势喜人，县里派出技术员30名。\n\n"
    "## 乌海市 老旧小区改造\n\n乌海市今年改造老旧小区12个，惠及居民3000户。\n"
)


class Service:
    """A small store and chats with standing questions; the clock is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.pages = folder / "pages"
        self.pages.mkdir()
        self.settings = Settings(
            YUNWEN_HOME=folder / "home",
            YUNWEN_CACHE=folder / "cache",
            EMBEDDING_MODEL="hashing",
            RERANKER_MODEL="none",
        )
        self.store = Store.open(self.settings.database_url, Gazetteer.load().names)
        tokenizer, encoder = open_tokenizer(self.settings), HashingEncoder()
        self.ingester = open_ingester(self.store, encoder, tokenizer, open_resolver(self.settings, tokenizer))
        self.put("filler.txt", FILLER)
        self.library = compose_library(self.settings, self.store, encoder, tokenizer)
        engine = open_chats(self.settings.chats_url)
        self.questions, self.subscribers = StandingQuestionStore(engine), SubscriptionStore(engine)
        self.ledger = StandingLedger(engine, Worker("host", 1, "a"))
        self.other = StandingLedger(engine, Worker("other", 2, "b"))
        self.now = datetime.now(UTC)
        self.source = open_article_source(self.settings, self.store)
        self.checker = StandingQuestionChecker(
            self.source, self.questions, AnswerStore(engine), self.subscribers, lambda: self.now
        )

    def put(self, name: str, text: str) -> None:
        (self.pages / name).write_text(text, encoding="utf-8")
        self.ingester.ingest([self.pages])

    def known(self) -> datetime:
        known = self.store.known_until()
        assert known is not None
        return known

    def watch(self, chat_id: int = 7, query: StandingQuery = QUERY) -> int:
        return self.questions.put(chat_id, query, self.known(), self.now)[0]

    def check(self) -> list[Claimed]:
        """Check as the bot does; the deliveries that are claimed then."""
        self.checker.check(lambda: False, LINKS)
        return self.ledger.claim(10, self.now)

    def mark_sent(self, claimed: Claimed) -> None:
        self.ledger.part_sent(claimed, 1, self.now)
        self.ledger.sent(claimed, self.now)
        self.now += GAP


def said(claimed: list[Claimed]) -> list[str]:
    return [part.html for each in claimed for part in each.parts or ()]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def test_a_chat_is_told_once_of_a_new_article_that_answers(service: Service) -> None:
    service.watch()
    assert service.check() == []
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    (claimed,) = service.check()
    (text,) = said([claimed])
    assert text.startswith("<b>🔔 您关注的“库伦旗水稻种植面积”有新消息：</b>")
    assert "达3万余亩，稻农喜笑颜开，收成可望。" in text
    labels = [button.label for part in claimed.parts or () for row in part.buttons for button in row]
    assert labels == ["全文", "复制", "不再关注", "👍👎"]
    assert claimed.chat_id == 7
    service.mark_sent(claimed)
    assert service.check() == []
    service.put("b.txt", PAGE.format(day="2022-07-30", n=5, more="又有新田"))
    (again,) = service.check()
    assert "5万余亩" in said([again])[0]


def test_what_was_known_when_the_question_was_set_is_not_told(service: Service) -> None:
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    service.watch()
    service.put("c.txt", FILLER.replace("12个", "13个"))
    assert service.check() == []


def test_news_of_another_place_or_topic_is_not_told(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望").replace("库伦旗", "奈曼旗"))
    service.put("b.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望").replace("水稻", "玉米"))
    assert service.check() == []


def test_a_copy_of_a_story_that_was_told_is_not_told_again(service: Service) -> None:
    service.watch()
    page = PAGE.format(day="2022-06-30", n=3, more="收成可望")
    service.put("a.txt", page)
    service.mark_sent(service.check()[0])
    service.put("copy.txt", page.replace("2022-06-30", "2022-07-01"))
    assert service.check() == []


def test_an_article_that_was_corrected_and_read_anew_is_not_told_again(service: Service) -> None:
    service.watch()
    page = PAGE.format(day="2022-06-30", n=3, more="收成可望")
    service.put("a.txt", page)
    service.mark_sent(service.check()[0])
    service.put("a.txt", page + "\n补充：旗里另有大豆地一千亩，均已播种完毕。\n")
    assert service.source.store.known_until() == service.known()
    assert service.check() == []


def test_a_crash_before_or_after_the_answer_is_written_loses_nothing(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    (claimed,) = service.check()
    # the process dies here: another takes over, with the same words, and the question is not asked again
    assert service.other.claim(10, service.now) == []
    later = service.now + LEASE + timedelta(seconds=1)
    (resumed,) = service.other.claim(10, later)
    assert (resumed.parts, resumed.question_id) == (claimed.parts, claimed.question_id)
    assert not service.ledger.sent(claimed, later)
    service.checker.check(lambda: False, LINKS)
    assert service.ledger.claim(10, later) == []
    assert service.other.part_sent(resumed, 1, later)
    assert service.other.sent(resumed, later)
    service.now = later + GAP
    assert service.check() == []


def test_an_answer_that_did_not_arrive_comes_with_the_next_news(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    (claimed,) = service.check()
    service.ledger.fail(claimed, "BadRequest", service.now)
    assert service.check() == []  # not tried for ever
    service.put("c.txt", FILLER.replace("12个", "13个"))
    assert "3万余亩" in said(service.check())[0]


def test_a_chat_that_had_shut_the_bot_out_is_told_when_it_is_back(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    service.ledger.fail(service.check()[0], "Forbidden", service.now, is_shut_out=True)
    service.put("b.txt", PAGE.format(day="2022-07-30", n=5, more="又有新田"))
    assert service.check() == []
    assert service.subscribers.welcome_back(7, service.now)
    waiting = service.check()
    assert ["3万余亩" in said(waiting)[0], "5万余亩" in said(waiting)[0]] == [True, True]


def test_a_pause_keeps_what_is_new_until_it_ends(service: Service) -> None:
    service.watch()
    service.subscribers.set_state(7, ChatState.PAUSED, service.now)
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    assert service.check() == []
    service.subscribers.set_state(7, ChatState.ACTIVE, service.now)
    assert len(service.check()) == 1


def test_answers_to_one_question_keep_a_distance(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    service.mark_sent(service.check()[0])
    service.now -= timedelta(minutes=5)
    service.put("b.txt", PAGE.format(day="2022-07-30", n=5, more="又有新田"))
    assert service.check() == []
    service.now += timedelta(minutes=5)
    assert "5万余亩" in said(service.check())[0]


def test_two_processes_that_check_at_once_enter_one_answer(service: Service) -> None:
    service.watch()
    (question,) = service.questions.of_chat(7)
    parts, until = [Reply("一")], service.now
    assert service.questions.enter(question, pack_parts(parts), len(parts), ["x"], until, service.now)
    assert not service.questions.enter(question, pack_parts(parts), len(parts), ["x"], until, service.now)


def test_the_same_question_is_one_and_there_are_only_so_many(service: Service) -> None:
    first = service.watch()
    assert service.questions.put(7, QUERY, service.now, service.now) == (first, False)
    for number in range(MOST_STANDING - 1):
        service.watch(7, StandingQuery(f"问题{number}"))
    with pytest.raises(TooMany):
        service.watch(7, StandingQuery("多了一个"))
    assert service.questions.put(8, QUERY, service.now, service.now)[1]
    assert not service.questions.remove(8, first)
    assert service.questions.remove(7, first)
    assert len(service.questions.of_chat(7)) == MOST_STANDING - 1


def test_a_group_that_moves_takes_its_questions_along_and_forgetting_deletes_them(service: Service) -> None:
    service.watch()
    service.subscribers.move(7, 70)
    assert [each.query for each in service.questions.of_chat(70)] == [QUERY]
    service.subscribers.forget(70)
    assert service.questions.of_chat(70) == []


def test_many_new_articles_are_looked_through_in_windows(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.delivery.standing_questions._WINDOW", 2)
    monkeypatch.setattr("bot.telegram.delivery.standing_questions._BATCH", 1)
    service.watch(7)
    service.watch(8, StandingQuery("奈曼旗养老院", ("150525",)))
    for number in range(3):
        service.put(
            f"f{number}.txt", FILLER.replace("养老院", f"{number}号学校").replace("12个", f"{number}2个")
        )
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    assert {each.chat_id for each in service.check()} == {7}
    assert service.questions.of_chat(8)[0].seen_until == service.known()


def test_it_waits_until_the_store_rests(service: Service) -> None:
    service.watch()
    service.put("a.txt", PAGE.format(day="2022-06-30", n=3, more="收成可望"))
    service.now = service.known() + timedelta(seconds=1)
    assert not service.checker.is_due(at_once=False)
    assert service.checker.is_due(at_once=True)
    service.now = service.known() + timedelta(seconds=4)
    assert service.checker.is_due(at_once=False)
    service.checker.check(lambda: False, LINKS)
    assert not service.checker.is_due(at_once=True)
