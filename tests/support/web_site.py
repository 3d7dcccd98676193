"""A small site over made-up articles, some of them hostile, for the tests of the pages and of the interface."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from starlette.types import ASGIApp
from stores import ENCODER, RESOLVER, TOKENIZER, article, entry, put, regions

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.chats.feedback import FeedbackStore
from bot.telegram.token_bucket import Rate
from bot.web.application import create_app
from bot.web.gate import Gate
from bot.web.memory import Memory
from bot.web.parts import Site, WebParts
from retrieval import Answerer, Library, Store, open_index

HOSTILE = '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">"\'>{{7*7}}${7*7}</textarea></title>'
NOW = datetime(2022, 7, 2, 8, 0, tzinfo=UTC)
_PADDY = "今年库伦旗水稻种植面积达到3万余亩，预计总产量1.5万吨。"
_NEWS = (
    ("库伦旗", "库伦旗水稻丰收在望", f"{_PADDY}农牧局派人到田间指导。", date(2022, 6, 30)),
    ("库伦旗", "库伦旗修通乡村公路", "库伦旗全年新修乡村公路120公里，通到36个嘎查村。", date(2022, 6, 30)),
    ("奈曼旗", "奈曼旗甘薯产业兴旺", "奈曼旗甘薯种植面积达到12万亩，带动农户5000户增收。", date(2022, 6, 30)),
    ("开鲁县", "开鲁县红干椒开种", "开鲁县红干椒种植面积稳定在60万亩，产值20亿元。", date(2022, 6, 29)),
    ("科尔沁区", "科尔沁区新建口袋公园", "科尔沁区今年新建口袋公园9处，面积4.5万平方米。", date(2022, 6, 29)),
    (
        "海拉尔区",
        "海拉尔区冰雪节开幕",
        "海拉尔区冰雪节接待游客8万人次，旅游收入6000万元。",
        date(2022, 5, 20),
    ),
    ("海拉尔区", "海拉尔区修缮老街", "海拉尔区修缮老街3条，工期90天。", date(2022, 5, 10)),
    ("扎兰屯市", "扎兰屯市植树造林", "扎兰屯市植树造林2万亩。", date(2022, 5, 9)),
    ("扎兰屯市", "扎兰屯市木耳上市", "扎兰屯市黑木耳产量达到2400吨。", date(2022, 5, 3)),
)


def open_site_library(folder: Path) -> Library:
    """A library of the made-up news, of one copy, and of an article that would harm its reader."""
    store = Store.open(f"sqlite:///{folder / 'yunwen.db'}", RESOLVER.gazetteer.names)
    for number, (place, title, text, day) in enumerate(_NEWS):
        item = article(title, f"{text}\n记者从{place}了解到，各项工作正在有序推进。", place=place, day=day)
        put(store, f"/pages/{number}.txt", entry(item, *regions(item)))
    copy = article("水稻丰收", f"{_PADDY}农牧局派人到田间指导。", place="库伦旗", day=date(2022, 7, 1))
    put(store, "/pages/copy.txt", entry(copy, *regions(copy)))
    secret = replace(
        article("地铁", "呼和浩特市地铁开通。", place="呼和浩特市", day=date(2022, 4, 1)),
        url="https://editor:secret@intern.example/1",
    )
    put(store, "/pages/secret.txt", entry(secret, *regions(secret)))
    harmful = article(HOSTILE, f"库伦旗荞麦面积8万亩{HOSTILE}。", place=HOSTILE, day=date(2022, 6, 28))
    put(store, "/pages/harm.txt", entry(harmful, *regions(harmful)))
    index = open_index((folder / "dense.index").as_uri(), store, ENCODER)
    return Library(store, Answerer(store, index, ENCODER, TOKENIZER, RESOLVER), RESOLVER)


YEARS = {2019: "1.2", 2020: "2.1", 2021: "2.6", 2022: "3.2"}
"""The rice of 库伦旗, by year, in 万亩."""


def open_course_library(folder: Path) -> Library:
    """A library with a figure told year after year, and with a matter told twice."""
    store = Store.open(f"sqlite:///{folder / 'yunwen.db'}", RESOLVER.gazetteer.names)
    told = [
        ("库伦旗水稻丰收", f"{year}年库伦旗水稻种植面积达到{area}万亩。", date(year, 10, 8))
        for year, area in YEARS.items()
    ]
    told += [
        ("平陆运河开工建设", "平陆运河在库伦旗开工建设，全长134公里，工期52个月。", date(2022, 8, 28)),
        ("平陆运河完成土石方一亿方", "平陆运河累计完成土石方1亿立方米，进度过半。", date(2022, 11, 3)),
        ("奈曼旗甘薯上市", "奈曼旗甘薯产量达到8万吨。", date(2022, 11, 1)),
    ]
    for number, (title, text, day) in enumerate(told):
        item = article(title, text, place=title[:3] if "旗" in title else "库伦旗", day=day)
        put(store, f"/pages/{number}.txt", entry(item, *regions(item)))
    index = open_index((folder / "dense.index").as_uri(), store, ENCODER)
    return Library(store, Answerer(store, index, ENCODER, TOKENIZER, RESOLVER), RESOLVER)


def make_parts(
    library: Library,
    folder: Path,
    *,
    site: Site | None = None,
    rate: Rate | None = None,
    queue_limit: int = 100,
    clock: Callable[[], float] = time.monotonic,
) -> WebParts:
    """The parts of a site over a library, with a database of chats of their own."""
    engine = open_chats(f"sqlite:///{folder / 'chats.db'}")
    return WebParts(
        library=library,
        answers=AnswerStore(engine),
        feedback=FeedbackStore(engine),
        gate=Gate(asyncio.Semaphore(2), rate or Rate(100_000, 100_000), queue_limit, clock),
        site=site or Site(),
        clock=lambda: NOW,
        memory=Memory(library.store.log_head, time.monotonic),
        secret=b"secret of the tests",
    )


def make_app(parts: WebParts) -> ASGIApp:
    return create_app(parts)


def paths_of(library: Library) -> list[str]:
    """A page of each kind; the last is not there."""
    articles = {each.title: each.id for each in library.newest_articles(50)}
    return [
        "/",
        "/?q=库伦旗水稻种植面积",
        "/?q=奈曼旗水稻种植面积",
        "/?q=朝阳区有什么新闻",
        f"/a/{articles['库伦旗水稻丰收在望']}",
        f"/a/{articles[HOSTILE]}",
        "/r/150500",
        "/r/all",
        "/d/150500/2022-06-30",
        f"/a/{articles[HOSTILE]}/story",
        "/r/150500?lang=en",
        "/r/150500/week/2022-W26",
        "/nothing",
    ]
