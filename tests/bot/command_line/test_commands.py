"""The command line: what it prints, where, and how it ends."""

import json
from pathlib import Path

import pytest
from own_home import Yunwen
from paths import SEEDS

QUESTION = "库伦旗水稻种植面积"


def test_ingest_and_status_count_the_seed_page(empty: Yunwen) -> None:
    report = empty.json("ingest", SEEDS)
    assert report["pages"] == {"new": 1, "changed": 0, "unchanged": 0, "removed": 0}
    assert (report["articles"], report["skipped"]) == (18, [])
    status = empty.json("status")
    assert (status["articles"], status["briefs"], status["pages"]) == (18, 10, 1)
    assert status["passages"] == status["index"]["passages"] == report["passages"]
    assert (status["index"]["behind"], status["encoder"], status["home"]) == (0, "hashing", str(empty.home))
    assert empty.json("ingest", SEEDS)["pages"]["unchanged"] == 1


def test_an_answer_has_the_shape_that_was_promised(yunwen: Yunwen) -> None:
    answer = yunwen.json("ask", QUESTION, "--today", "2022-07-01")
    assert set(answer) == {
        *("question", "outcome", "as_of", "reason", "browse", "hits"),
        *("differing", "candidates", "count", "sides", "took_ms"),
    }
    assert set(answer["took_ms"]) == {"encode", "search", "total"}
    hit = answer["hits"][0]
    assert {"rank", "score", "article", "passage", "evidence"} <= set(hit)
    assert {
        "id",
        "title",
        "section",
        "kind",
        "regions",
        "date",
        "date_basis",
        "byline",
        "credit",
        "page",
        "url",
    } <= set(hit["article"])
    assert "3万余亩" in [figure["text"] for figure in hit["evidence"][0]["figures"]]
    assert hit["article"]["regions"][0] == {"code": "150524", "name": "库伦旗", "role": "primary"}
    assert (answer["outcome"], answer["as_of"]) == ("found", "2022-06-30")


def test_an_answer_for_people_has_sentence_title_place_and_date(yunwen: Yunwen) -> None:
    text = yunwen.run("ask", QUESTION).stdout
    for part in ("3万余亩", "水稻种植达3万余亩", "库伦旗", "2022年6月30日"):
        assert part in text
    assert "\x1b" not in text


def test_an_explanation_is_given_on_demand(yunwen: Yunwen) -> None:
    assert "coverage" in yunwen.run("ask", QUESTION, "--explain").stdout
    assert yunwen.json("ask", QUESTION, "--explain")["hits"][0]["contributions"]


def test_a_batch_is_answered_line_by_line_with_ids(yunwen: Yunwen, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        '{"id": "a", "question": "蟹田大米亩产"}\n\n{"id": 2, "question": ""}\n', encoding="utf-8"
    )
    lines = [json.loads(line) for line in yunwen.run("ask", "--batch", batch).stdout.splitlines()]
    assert [(line["id"], line["outcome"]) for line in lines] == [("a", "found"), (2, "none")]


def test_a_conversation_without_a_terminal_answers_each_line(yunwen: Yunwen) -> None:
    done = yunwen.run("chat", text=f"{QUESTION}\n\n蟹田大米亩产\n")
    assert done.returncode == 0
    assert done.stdout.index("3万余亩") < done.stdout.index("800余斤")


def test_start_ingests_and_then_answers(empty: Yunwen) -> None:
    done = empty.run("start", SEEDS, text=QUESTION)
    assert done.returncode == 0
    assert "3万余亩" in done.stdout


def test_bytes_that_are_no_text_do_not_end_a_conversation(yunwen: Yunwen) -> None:
    done = yunwen.run("chat", text=b"\xff\xfe\x00\n" + QUESTION.encode())
    assert done.returncode == 0
    assert "3万余亩" in done.stdout


def test_regions_are_listed(empty: Yunwen) -> None:
    found = empty.json("regions", "库伦旗和朝阳区")
    assert found["primary"] == "150524"
    assert found["mentions"][0]["path"] == "内蒙古自治区 › 通辽市 › 库伦旗"
    assert {"text", "start", "end", "code", "name", "path", "rule", "confidence"} == set(found["mentions"][0])
    assert found["candidates"][0]["codes"] == ["110105", "220104"]


@pytest.mark.parametrize("side", ["dense", "sparse", "hybrid"])
def test_a_set_is_evaluated_apart_from_the_users_data(empty: Yunwen, tmp_path: Path, side: str) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    articles = [("a", "水稻", "水稻面积达3万亩。"), ("b", "养老", "养老企业共有2家。")]
    lines = [json.dumps({"id": i, "title": title, "text": text}) for i, title, text in articles]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "queries.jsonl").write_text('{"id": "q", "text": "水稻面积多少"}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("q\ta\t1\n", encoding="utf-8")
    (folder / "answers.jsonl").write_text('{"id": "q", "answers": ["3万亩"]}\n', encoding="utf-8")
    metrics = empty.json("evaluate", folder, "--side", side, "--work", tmp_path / "work")
    assert (metrics["hit@1"], metrics["mrr@10"], metrics["answer@1"], metrics["queries"]) == (
        1.0,
        1.0,
        1.0,
        1,
    )
    assert not empty.home.exists()


def test_a_digest_of_a_day_lists_a_places_stories_and_those_within(yunwen: Yunwen) -> None:
    city = yunwen.json("digest", "--region", "通辽市", "--date", "2022-06-30")
    names = [
        next(region["name"] for region in item["article"]["regions"] if region["role"] == "primary")
        for item in city["items"]
    ]
    assert names == ["开鲁县", "库伦旗", "库伦旗", "奈曼旗", "霍林郭勒市"]
    other = yunwen.json("digest", "--region", "150300", "--date", "2022-06-30")
    assert any("老旧小区改造" in item["article"]["title"] for item in other["items"])
    assert not {item["article"]["id"] for item in other["items"]} & {
        item["article"]["id"] for item in city["items"]
    }
    for item in city["items"]:
        assert item["sentence"]
    assert yunwen.json("digest", "--region", "通辽市", "--date", "2022-07-01")["items"] == []
    assert "did you mean 内蒙古自治区 › 通辽市 › 库伦旗" in yunwen.refuses(
        "digest", "--region", "库轮旗", "--date", "2022-06-30"
    )


def test_how_a_page_is_understood_is_shown_without_storing_it(yunwen: Yunwen) -> None:
    before = yunwen.json("status")
    (page,) = yunwen.json("page", "show", next(SEEDS.glob("*.txt")))["pages"]
    assert (page["date"], page["date_basis"], len(page["articles"])) == ("2022-06-30", "inferred", 18)
    shown = next(each for each in page["articles"] if each["title"] == "水稻种植达3万余亩")
    assert (shown["primary"], shown["kind"], shown["section"]) == ("150524", "article", "云听")
    assert {"text", "code", "path", "rule"} == set(shown["mentions"][0])
    assert "水稻种植达3万余亩" in yunwen.run("page", "show", next(SEEDS.glob("*.txt"))).stdout
    assert yunwen.json("status") == before
    assert "is not there" in yunwen.refuses("page", "show", "nowhere.txt")


def test_a_dry_run_changes_nothing(yunwen: Yunwen, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("## 开鲁县 玉米\n\n开鲁县玉米长势喜人。\n", encoding="utf-8")
    before = yunwen.json("status")
    assert yunwen.json("ingest", tmp_path, "--dry-run")["pages"]["new"] == 1
    assert yunwen.json("status") == before
