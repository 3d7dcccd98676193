"""Feeds are valid, whole, limited by words, and not sent again to who has them."""

import json
from datetime import datetime
from xml.etree import ElementTree

import feedparser
import jsonschema
import pytest
from lxml import etree
from paths import ROOT
from starlette.testclient import TestClient

from retrieval import Library

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: TestClient, path: str) -> set[str]:
    return {each["title"] for each in client.get(path).json()["items"]}


def test_an_atom_feed_is_well_formed_and_has_each_story_with_its_sentence_and_address(
    client: TestClient,
) -> None:
    response = client.get("/r/150500.atom")
    assert response.headers["content-type"] == "application/atom+xml"
    feed = feedparser.parse(response.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title == "云问 · 通辽市"
    assert feed.feed.id == "http://news.example/r/150500.atom"
    by_title = {each.title: each for each in feed.entries}
    assert {"库伦旗修通乡村公路", "奈曼旗甘薯产业兴旺", "开鲁县红干椒开种"} <= set(by_title)
    road = by_title["库伦旗修通乡村公路"]
    assert "120公里" in road.summary
    assert road.link.startswith("http://news.example/a/")
    assert road.published == "2022-06-30T00:00:00+08:00"


def test_an_atom_feed_has_what_the_standard_demands_once(client: TestClient) -> None:
    root = ElementTree.fromstring(client.get("/r/all.atom").content)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for each in (root, *entries):
        for name in ("id", "title", "updated"):
            (element,) = each.findall(f"{ATOM}{name}")
            assert element.text
        updated = datetime.fromisoformat(each.findtext(f"{ATOM}updated") or "")
        assert updated.tzinfo is not None
        assert [link.get("rel") for link in each.findall(f"{ATOM}link")].count("alternate") == 1
        assert each.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert len(set(ids)) == len(ids)


FEEDS = ("/r/all", "/r/150500", "/r/150524", "/r/110000")
"""With a hostile article among them, and one without any."""
WORDS = ("", "?with=甘薯&without=水稻&except=150524", "?lang=en", "?lang=zh-hant")


def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(ROOT / "tests" / "support" / "atom.rng"))


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("path", FEEDS)
def test_an_atom_feed_is_as_the_standard_has_it(client: TestClient, path: str, words: str) -> None:
    feed = etree.fromstring(client.get(f"{path}.atom{words}").content)
    schema().assertValid(feed)
    # what no schema can say (RFC 4287, 4.1.1 and 4.1.2)
    for each in feed.findall(f"{ATOM}entry"):
        assert each.find(f"{ATOM}author") is not None or feed.find(f"{ATOM}author") is not None
        links = [
            (link.get("rel"), link.get("type"), link.get("hreflang")) for link in each.findall(f"{ATOM}link")
        ]
        assert len(set(links)) == len(links)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("id", "no address"), ("updated", "2022-06-30"), ("entry/published", "30 June"), ("title", None)],
)
def test_the_schema_refuses_what_is_no_feed(client: TestClient, path: str, wrong: str | None) -> None:
    feed = etree.fromstring(client.get("/r/150500.atom").content)
    element = feed.find("/".join(f"{ATOM}{each}" for each in path.split("/")))
    if wrong is None:
        feed.remove(element)
    else:
        element.text = wrong
    assert not schema().validate(feed)


TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": r"^https?://[^\s]+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": URI,
        "feed_url": URI,
        "description": TEXT,
        "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
                "additionalProperties": False,
                "properties": {
                    "id": TEXT,
                    "url": URI,
                    "external_url": URI,
                    "title": TEXT,
                    "content_text": {"type": "string"},
                    "content_html": {"type": "string"},
                    "summary": {"type": "string"},
                    "date_published": MOMENT,
                    "date_modified": MOMENT,
                    "authors": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "object", "minProperties": 1},
                    },
                    "tags": {"type": "array", "items": TEXT},
                },
            },
        },
    },
}
"""What JSON Feed 1.1 demands of what we send of it."""


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("path", FEEDS)
def test_a_json_feed_is_as_its_version_has_it(client: TestClient, path: str, words: str) -> None:
    checker = jsonschema.Draft202012Validator(JSON_FEED)
    assert [error.message for error in checker.iter_errors(client.get(f"{path}.json{words}").json())] == []


def test_copies_of_a_story_are_one_entry(client: TestClient, library: Library) -> None:
    found = titles(client, "/r/150524.json")
    assert len(found & {"库伦旗水稻丰收在望", "水稻丰收"}) == 1


def test_a_json_feed_has_the_fields_of_its_version(client: TestClient) -> None:
    response = client.get("/r/150500.json")
    assert response.headers["content-type"] == "application/feed+json"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://news.example/r/150500.json"
    for each in feed["items"]:
        assert each["id"]
        assert each["url"].startswith("http://news.example/a/")
        assert each["content_text"]
        assert datetime.fromisoformat(each["date_modified"]).tzinfo is not None


def test_words_and_places_choose_as_in_subscriptions(client: TestClient) -> None:
    assert titles(client, "/r/150500.json?with=甘薯&with=红干椒") == {
        "奈曼旗甘薯产业兴旺",
        "开鲁县红干椒开种",
    }
    without = titles(client, "/r/150500.json?without=水稻")
    assert "库伦旗修通乡村公路" in without
    assert "水稻丰收" not in without
    assert not any("库伦旗" in each for each in titles(client, "/r/150500.json?except=150524"))
    assert titles(client, "/r/all.json?with=冰雪节") == {"海拉尔区冰雪节开幕"}
    assert (
        feedparser.parse(client.get("/r/150500.atom?with=甘薯").content).feed.title
        == "云问 · 通辽市 · 含：甘薯"
    )


def test_a_feed_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    for path in ("/r/150500.atom", "/r/150500.json"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        again = client.get(path, headers={"If-Modified-Since": first.headers["last-modified"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["last-modified"] == first.headers["last-modified"]
        older = {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
        assert client.get(path, headers=older).status_code == 200
        assert client.get(path, headers={"If-Modified-Since": "nonsense"}).status_code == 200


def test_an_address_with_a_password_is_shown_nowhere(client: TestClient) -> None:
    (item,) = client.get("/r/150100.json").json()["items"]
    found = item["url"].removeprefix("http://news.example")
    for path in ("/r/150100.json", "/r/150100.atom", "/r/150100", "/r/150100/list.csv", found):
        response = client.get(path)
        assert "地铁" in response.text
        assert "secret" not in response.text


def test_a_feed_of_a_place_without_news_is_a_feed(client: TestClient) -> None:
    feed = feedparser.parse(client.get("/r/110000.atom").content)
    assert (feed.bozo, feed.entries) == (False, [])
