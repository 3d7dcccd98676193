"""A site over a few made-up articles, in the test's own process: the application with the interfaces for programs."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from starlette.types import ASGIApp
from stores import ENCODER, RESOLVER, TOKENIZER, article, entry, put, regions
from web_site import make_app, make_parts

from bot.documents.composing import Composer
from bot.telegram.token_bucket import Rate
from bot.web.inquiries import Inquiries
from bot.web.parts import Site, WebParts
from bot.web.programs import Programs
from retrieval import Answerer, Gazetteer, Library, LocalIndex, Store

RICE = "今年库伦旗水稻种植面积达3万余亩，预计总产量达15000余吨。秋收已经开始。"
URL = "https://news.example/yw"
FREELY = Rate(1e9, 10**9)
WITH_PASSWORD = "https://editor:secret@intern.example/1"


def open_small_library(folder: Path) -> Library:
    """Return a library of a few articles about two banners, over words."""
    store = Store.open(f"sqlite:///{folder / 'yunwen.db'}", Gazetteer.load().names)
    day = date(2022, 6, 30)
    items = [
        replace(article("库伦旗水稻丰收在望", RICE, place="库伦旗", day=day), source="通辽日报"),
        replace(
            article(
                "库伦旗新修乡村公路", "库伦旗新修乡村公路120公里，方便群众出行。", place="库伦旗", day=day
            ),
            url=WITH_PASSWORD,
        ),
        article("奈曼旗玉米长势喜人", "奈曼旗玉米种植面积达200万亩。", place="奈曼旗", day=date(2022, 7, 1)),
        article(
            "科尔沁区举办赛马会",
            "科尔沁区举办赛马会，来了300名骑手。",
            place="科尔沁区",
            day=date(2022, 7, 2),
        ),
    ]
    put(store, "/home/editor/pages/a.txt", *(entry(each, *regions(each)) for each in items))
    index = LocalIndex(store, folder / "x.index", ENCODER)
    return Library(store, Answerer(store, index, ENCODER, TOKENIZER, RESOLVER), RESOLVER)


@dataclass
class SmallSite:
    """The application and what it was made of."""

    app: ASGIApp
    library: Library
    parts: WebParts
    inquiries: Inquiries


def small_site(
    folder: Path,
    library: Library,
    *,
    programs: Programs | None = None,
    rate: Rate = FREELY,
    queue_limit: int = 100,
    url: str | None = URL,
) -> SmallSite:
    """Return a site over a library; nobody is limited unless asked for."""
    site = Site(url)
    parts = make_parts(library, folder, site=site, rate=rate, queue_limit=queue_limit, clock=lambda: 0.0)
    parts = replace(parts, programs=programs or Programs(rate=FREELY))
    inquiries = Inquiries(library, Composer(url, is_public=True), "1")
    return SmallSite(make_app(parts), library, parts, inquiries)
