"""What a question is answered on the page: found, near, which place, none; its address, what follows it, its verdict."""

import csv
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from samples import answer
from starlette.testclient import TestClient
from web_site import make_app, make_parts

from bot.chats.answers import WEB_CHAT
from bot.chats.feedback import Reason, Verdict
from bot.languages import Language, texts_of
from bot.telegram.token_bucket import Rate
from bot.web.parts import WebParts
from retrieval import Evidence, Library, Messages, Outcome


def ask(client: TestClient, question: str, **more: str) -> str:
    response = client.get("/", params={"q": question, **more})
    assert response.status_code == 200
    return response.text


def permanent(html: str) -> str:
    found = re.search(r'id="permanent" readonly value="http://news.example(/q/[\w-]{12})"', html)
    assert found
    return found[1]


def words(html: str) -> str:
    """What a page shows, without markup."""
    body = html.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", "<main" + body)))


def test_the_first_page_has_a_field_real_questions_and_the_newest_stories(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.text.count('class="samples"') == 1
    samples = re.findall(r'<li><a href="/\?q=([^"]+)"', response.text)
    assert len(samples) == 3
    assert "水稻丰收" in response.text  # of the newest day
    assert 'href="/d/all/2022-07-01"' in response.text


def test_each_real_question_is_found(client: TestClient) -> None:
    samples = re.findall(r'<li><a href="/\?q=([^"]+)"', client.get("/").text)
    for each in samples:
        question = parse_qs(f"q={each}")["q"][0]
        if "script" not in question:
            assert 'class="answer"' in ask(client, question)


@pytest.mark.parametrize(
    ("question", "said"),
    [("库伦旗有多少篇关于水稻的报道", "共 2 篇"), ("库伦旗和奈曼旗哪个种植面积大", "奈曼旗甘薯")],
)
def test_what_was_counted_or_compared_is_there_again_at_its_address(
    client: TestClient, question: str, said: str
) -> None:
    first = ask(client, question)
    given = client.get(permanent(first))
    for part in (r'<div class="none.*?</div>', r'<section class="further.*?</section>'):
        shown = [re.findall(part, html, re.DOTALL) for html in (first, given.text)]
        one, other = (re.sub(r"answer=[\w-]+", "", "".join(found)) for found in shown)
        assert one == other != ""
    assert said in words(given.text)
    table = client.get(f"{permanent(first)}/list.csv").text
    assert table.count("http://news.example/a/") == given.text.split('class="further')[1].count("<h3")


def test_an_answer_has_its_sentence_source_date_and_words_marked(client: TestClient) -> None:
    html = ask(client, "库伦旗水稻种植面积")
    assert "3万余亩" in words(html)
    assert "<mark>" in html
    assert "截至2022年" in words(html)
    assert re.search(r'href="/a/[a-z2-7]+\?answer=[\w-]{12}#e"', html)
    assert 'href="/r/150524"' in html


def test_what_is_near_is_marked_as_such_and_is_not_the_answer(client: TestClient) -> None:
    html = ask(client, "奈曼旗水稻种植面积")
    assert 'class="answer"' not in html
    assert "相近的报道（不是答案）" in words(html)


def test_news_of_a_place_is_listed_by_day_and_can_be_opened_again(client: TestClient) -> None:
    html = ask(client, "通辽市有什么新闻")
    assert 'class="none' not in html
    listed = html.split('class="further news"')[1].split("</section>")[0]
    assert "通辽市" in listed
    assert listed.index("水稻丰收") < listed.index("2022年6月30日") < listed.index("奈曼旗甘薯产业兴旺")
    again = client.get(permanent(html)).text
    assert again.split('class="further news"')[1].split("</section>")[0].count("<li") == listed.count("<li")
    path = re.search(r'href="(/q/[\w-]{12}/list)\.csv"', html)
    assert path
    assert "奈曼旗甘薯产业兴旺" in client.get(f"{path[1]}.csv").text


def test_a_long_list_of_news_goes_on_behind_what_was_shown(client: TestClient) -> None:
    html = ask(client, "内蒙古有什么新闻")
    more = re.search(r'href="(/\?[^"]*first=8)"', html)
    assert more
    rest = client.get(unescape(more[1])).text
    assert "扎兰屯市木耳上市" in rest
    assert "扎兰屯市木耳上市" not in html
    assert "水稻丰收" not in rest


def test_an_unclear_place_is_chosen_by_a_link_that_answers(client: TestClient) -> None:
    html = ask(client, "朝阳区有什么新闻")
    choices = re.findall(r'href="(/\?[^"]+place=(\d{6}))"', html)
    assert len(choices) > 1
    chosen = client.get(unescape(choices[0][0]))
    assert chosen.status_code == 200
    assert 'class="none choose"' not in chosen.text


def test_a_slip_of_the_pen_is_offered(client: TestClient) -> None:
    html = ask(client, "库轮旗水稻种植面积")
    link = re.search(r'href="(/\?[^"]+place=150524)"', html)
    assert link
    assert 'class="answer"' in client.get(unescape(link[1])).text


def test_a_question_goes_on_from_the_one_before(client: TestClient) -> None:
    answer_id = permanent(ask(client, "库伦旗水稻种植面积")).rpartition("/")[2]
    assert f'name="after" value="{answer_id}"' in client.get(f"/q/{answer_id}").text
    html = ask(client, "那奈曼旗呢？", after=answer_id)
    assert "奈曼旗" in words(html)
    assert "水稻" in words(html)


def test_what_follows_nothing_known_is_asked_by_itself(client: TestClient) -> None:
    assert ask(client, "库伦旗水稻种植面积", after="nonsense", place="nowhere")


@pytest.mark.parametrize(
    "question",
    ["库伦旗水稻种植面积", "奈曼旗水稻种植面积", "朝阳区有什么新闻", "火星上有几只猫", "哪个旗的面积最大"],
)
def test_an_answers_address_says_the_same_again_and_when_it_was_asked(
    client: TestClient, question: str
) -> None:
    html = ask(client, question)
    path = re.search(r'rel="canonical" href="http://news.example(/q/[\w-]{12})"', html)
    assert path
    again = client.get(path[1])
    assert again.status_code == 200
    assert "问于" in again.text

    def said(page: str) -> list[str]:
        parts = r'<blockquote>.*?</blockquote>|class="none.*?</div>|class="further.*?</section>'
        return [words(f"<main{each}</main>") for each in re.findall(parts, page, re.DOTALL)]

    assert said(again.text) == said(html) != []


def test_differing_figures_stay_side_by_side_at_the_answers_address(
    parts: WebParts, client: TestClient, library: Library
) -> None:
    articles = library.newest_articles(2)
    hits = tuple(
        replace(hit, article=article) for hit, article in zip(answer(n_hits=2).hits, articles, strict=True)
    )
    kept = parts.answers.keep_answer(WEB_CHAT, replace(answer(), hits=hits, differing=(1, 2)))
    assert "不同日期的报道数字不一" in client.get(f"/q/{kept}").text


def test_answers_of_chats_are_shown_to_nobody(parts: WebParts, client: TestClient) -> None:
    of_a_chat = parts.answers.keep_answer(7, answer())
    for path in (f"/q/{of_a_chat}", "/q/AAAAAAAAAAAA", "/q/x", f"/q/{of_a_chat}/list.csv"):
        assert client.get(path).status_code == 410


def test_an_answer_whose_article_is_gone_is_shown_without_it(parts: WebParts, client: TestClient) -> None:
    kept = parts.answers.keep_answer(WEB_CHAT, answer())  # of articles that no store has
    response = client.get(f"/q/{kept}")
    assert response.status_code == 200
    assert "3万余亩" not in response.text


def test_whoever_asked_can_judge_the_answer_and_say_why(parts: WebParts, client: TestClient) -> None:
    html = ask(client, "开鲁县红干椒种植面积")
    answer_id = permanent(html).rpartition("/")[2]
    token = re.search(r'name="token" value="(\w+)"', html)
    assert token
    form = {"token": token[1], "said": "bad"}
    judged = client.post(f"/q/{answer_id}/verdict", data=form)
    assert judged.status_code == 303
    why = client.get(judged.headers["location"])
    assert "数字不对" in why.text
    client.post(f"/q/{answer_id}/verdict", data=form | {"said": "figure"})
    (mine,) = (each for each in parts.feedback.all() if each.answer_id == answer_id)
    assert (mine.verdict, mine.reason, mine.outcome) == (Verdict.BAD, Reason.FIGURE, Outcome.FOUND)


@pytest.mark.parametrize(("form", "status"), [({}, 403), ({"token": "x", "said": "good"}, 403)])
def test_nobody_else_can_judge_it(client: TestClient, form: dict[str, str], status: int) -> None:
    answer_id = permanent(ask(client, "奈曼旗甘薯")).rpartition("/")[2]
    assert client.post(f"/q/{answer_id}/verdict", data=form).status_code == status
    assert 'class="verdict"' not in client.get(f"/q/{answer_id}").text
    assert 'class="verdict"' not in client.get(f"/q/{answer_id}?token=x&said=bad").text


def test_a_verdict_that_is_none_is_refused(client: TestClient) -> None:
    html = ask(client, "奈曼旗甘薯")
    token = re.search(r'name="token" value="(\w+)"', html)
    assert token
    path = f"{permanent(html)}/verdict"
    assert client.post(path, data={"token": token[1], "said": "nonsense"}).status_code == 400
    assert client.post(path, content=b"&".join([b"a=1"] * 20)).status_code == 400


@pytest.mark.parametrize("question", ["", "  ", "？！", "👍"])
def test_without_words_there_is_the_first_page(client: TestClient, question: str) -> None:
    html = ask(client, question)
    assert 'class="hero"' in html
    assert ("没看到可以查找的字词" in html) is bool(question.strip())


def test_too_many_questions_of_one_visitor_are_refused_and_pages_are_not(
    library: Library, tmp_path: Path
) -> None:
    limited = make_parts(library, tmp_path, rate=Rate(1, 2), clock=lambda: 0.0)
    client = TestClient(make_app(limited), base_url="http://news.example")
    statuses = [client.get("/", params={"q": "库伦旗水稻"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get("/", params={"q": "库伦旗水稻"})
    assert refused.headers["retry-after"] == "60"
    assert "您发得有点快" in refused.text
    assert client.get("/r/150524").status_code == 200


def test_more_than_may_wait_and_what_is_too_long_are_refused(library: Library, tmp_path: Path) -> None:
    crowded = make_parts(library, tmp_path, queue_limit=0)
    client = TestClient(make_app(crowded), base_url="http://news.example")
    busy = client.get("/", params={"q": "库伦旗水稻"})
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
    assert client.get("/", params={"q": "水" * 1001}).status_code == 413


def test_the_language_is_asked_for_by_the_browser_or_the_address_and_stays(client: TestClient) -> None:
    english = client.get("/", headers={"Accept-Language": "fr;q=0.3, en-US;q=0.8"})
    assert (english.headers["content-language"], "Ask" in english.text) == ("en", True)
    assert (
        client.get("/", headers={"Accept-Language": "zh-TW, en;q=0.5"}).headers["content-language"]
        == "zh-Hant"
    )
    assert client.get("/").headers["content-language"] == "zh-Hans"
    chosen = client.get("/r/150524?lang=en", headers={"Accept-Language": "zh-CN"})
    assert chosen.headers["content-language"] == "en"
    links = re.findall(r'href="(/(?:a|r|d)/[^"]+)"', chosen.text.split("<main")[1])
    assert links
    assert all(parse_qs(urlsplit(unescape(each)).query)["lang"] == ["en"] for each in links)
    assert client.get("/?lang=klingon").headers["content-language"] == "zh-Hans"


def test_a_greeting_is_no_question_and_is_answered_above_the_field(client: TestClient) -> None:
    for said, wanted in (("谢谢", "不客气"), ("你好", "您好")):
        html = ask(client, said, lang="zh-hans")
        assert wanted in words(html)
        assert "permanent" not in html


def test_what_is_said_in_ones_own_words_is_told_by_its_meaning_once_its_turn_has_come(
    monkeypatch: pytest.MonkeyPatch, library: Library, tmp_path: Path
) -> None:
    heard: list[str] = []

    def kind(_self: Messages, text: str, _sure: float = 0.0) -> str:
        heard.append(text)
        return "pause"

    monkeypatch.setattr(Messages, "kind", kind)
    limited = make_parts(library, tmp_path, rate=Rate(1, 1), clock=lambda: 0.0)
    with TestClient(make_app(limited), base_url="http://news.example") as client:
        html = ask(client, "手机老响，先歇一阵子", lang="zh-hans")
        assert texts_of(Language.SIMPLIFIED).only_in_chats in words(html)
        assert "permanent" not in html
        assert client.get("/", params={"q": "别再响了行不"}).status_code == 429
    assert "手机老响，先歇一阵子" in heard  # beside the questions that the first page offers
    assert "别再响了行不" not in heard


def test_two_sentences_of_an_article_that_stand_apart_are_two_quotations(
    parts: WebParts, client: TestClient, library: Library
) -> None:
    found = library.ask("库伦旗水稻种植面积")
    hit = found.hits[0]
    last = hit.article.text.rindex("记者从")
    other = Evidence(text=hit.article.text[last:], start=last, end=len(hit.article.text))
    (first,) = hit.evidence
    kept = replace(found, hits=(replace(hit, evidence=(other, first)),))
    path = f"/q/{parts.answers.keep_answer(WEB_CHAT, kept)}"
    html = client.get(path).text
    assert html.count("<blockquote>") == 2
    shown = words(html)
    assert shown.index("记者从") < shown.index("同一篇另一处：") < shown.index("3万余亩")
    (row,) = list(csv.reader(io.StringIO(client.get(f"{path}/list.csv").text)))[1:]
    assert row[1].index("记者从") < row[1].index("3万余亩")
    article = client.get(f"/a/{hit.article.id}", params={"answer": path.removeprefix("/q/")}).text
    assert re.search(
        r'<span id="e" class="anchor"></span><mark>记者从', article
    )  # the eye is led to the first
