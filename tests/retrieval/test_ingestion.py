import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from paths import SEEDS
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from bot.composition import open_ingester
from embeddings import HashingEncoder, Progress, Vectors
from retrieval import EncoderMismatch, Ingester, LocalIndex, Report, Silence
from retrieval.reading.parting import LONGEST
from retrieval.store.store import Store


def tally(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.removed


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积达3万亩。\n", encoding="utf-8")
    (folder / "b.txt").write_text("## 奈曼旗 养老整治\n\n奈曼旗排查企业2家。\n", encoding="utf-8")
    return folder


def test_the_seed_page_is_eighteen_articles_of_them_ten_briefs(store: Store) -> None:
    report = ingester(store).ingest([SEEDS])
    assert tally(report) == (1, 0, 0, 0)
    assert (report.articles, store.counts().briefs, report.skipped) == (18, 10, [])


def test_what_is_unchanged_is_not_encoded_or_written_again(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    before = store.passage_checksums(), store.log_head()
    assert tally(ingester(store).ingest([pages])) == (0, 0, 2, 0)
    assert (store.passage_checksums(), store.log_head()) == before


def test_a_changed_page_is_read_again_and_a_removed_one_goes(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    (pages / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积达5万亩。\n", encoding="utf-8")
    (pages / "b.txt").unlink()
    report = ingester(store).ingest([pages])
    assert tally(report) == (0, 1, 0, 1)
    assert report.articles == 1
    texts = [passage.text for passage in store.passages(i for i, _, _ in store.passage_checksums()).values()]
    assert texts == ["库伦旗水稻面积达5万亩。"]


def test_a_page_gone_from_elsewhere_stays(store: Store, pages: Path, tmp_path: Path) -> None:
    ingester(store).ingest([pages])
    other = tmp_path / "other"
    other.mkdir()
    shutil.move(pages / "b.txt", tmp_path / "b.txt")
    assert tally(ingester(store).ingest([other])) == (0, 0, 0, 0)
    assert store.counts().pages == 2


def test_a_changed_sidecar_reads_its_page_again(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    sidecar = pages / "a.txt.meta.toml"
    sidecar.write_text('source = "草原报"\n', encoding="utf-8")
    assert tally(ingester(store).ingest([pages])) == (0, 1, 1, 0)
    (article_id,) = store.page_articles(str(pages / "a.txt"))
    assert store.article(article_id).source == "草原报"
    assert tally(ingester(store).ingest([pages])) == (0, 0, 2, 0)
    sidecar.unlink()
    assert tally(ingester(store).ingest([pages])) == (0, 1, 1, 0)
    assert store.page_articles(str(pages / "a.txt")) == [article_id]


@pytest.mark.parametrize("region", ["奈曼旗", "150525"])
def test_a_stated_region_is_the_primary_one(store: Store, pages: Path, region: str) -> None:
    (pages / "a.txt.meta.toml").write_text(f'region = "{region}"\n', encoding="utf-8")
    open_ingester(store, ENCODER, TOKENIZER, RESOLVER).ingest([pages])
    (article_id,) = store.page_articles(str(pages / "a.txt"))
    found = {each.code: each.role.value for each in store.article(article_id).regions}
    assert found == {"150524": "mentioned", "150525": "primary"}


def test_a_folder_that_is_gone_removes_nothing(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    pages.rename(pages.with_name("unmounted"))
    report = ingester(store).ingest([pages])
    assert (report.removed, report.unread, store.counts().pages) == (0, 1, 2)


def test_a_page_that_can_no_longer_be_read_keeps_its_articles_and_is_reported(
    store: Store, pages: Path
) -> None:
    ingester(store).ingest([pages])
    (pages / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    report = ingester(store).ingest([pages])
    assert (tally(report), report.unread, report.articles) == ((0, 0, 1, 0), 1, 2)
    assert "picture" in report.skipped[0].reason


def test_articles_are_filed_under_the_divisions_they_name(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    (article_id,) = store.page_articles(str(pages / "a.txt"))
    assert [(region.code, region.role.value) for region in store.article(article_id).regions] == [
        ("150524", "primary")
    ]


class Interrupted(HashingEncoder):
    """Fails behind so many texts, as a killed process does."""

    def __init__(self, n_texts: int) -> None:
        super().__init__(64)
        self.n_left = n_texts

    def encode_passages(self, texts: list[str], *, progress: Progress | None = None) -> Vectors:  # type: ignore[override]
        self.n_left -= len(texts)
        if self.n_left < 0:
            raise KeyboardInterrupt
        return super().encode_passages(texts, progress=progress)


def test_an_interrupted_ingest_goes_on_behind_what_it_has_encoded(store: Store, pages: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ingester(store, Interrupted(1)).ingest([pages])
    assert store.counts().pages == 1
    counting = Interrupted(1)
    assert tally(ingester(store, counting).ingest([pages])) == (1, 0, 1, 0)
    assert counting.n_left == 0


def test_another_encoder_is_refused_before_anything_changes(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    (pages / "b.txt").unlink()
    with pytest.raises(EncoderMismatch):
        ingester(store, HashingEncoder(32)).ingest([pages])
    assert store.counts().pages == 2


def test_reencoding_makes_the_store_another_encoders(store: Store, pages: Path, tmp_path: Path) -> None:
    ingester(store).ingest([pages])
    other = HashingEncoder(32)
    assert ingester(store, other).reencode() == 2
    index = LocalIndex(store, tmp_path / "dense.index", other)
    assert index.status().n_passages == 2
    text = "库伦旗水稻面积达3万亩。"
    nearest = index.search_dense(other.encode_queries(["库伦旗 水稻丰收\n" + text])[0], 1)
    assert store.passage(nearest[0].passage_id).text == text
    with pytest.raises(EncoderMismatch):
        LocalIndex(store, tmp_path / "dense.index", ENCODER)


def test_progress_ends_at_its_total(store: Store, pages: Path) -> None:
    class Watch(Silence):
        total = done = 0

        def start(self, step: str, total: int) -> None:
            self.total += total

        def advance(self, n: int) -> None:
            self.done += n

    watch = Watch()
    ingester(store).ingest([pages], watch)
    assert watch.done == watch.total == 2


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
def test_the_time_that_the_first_passages_took_tells_how_long_all_take(store: Store, tmp_path: Path) -> None:
    class Costs(HashingEncoder):
        """Takes as long as its texts are."""

        spent = 0

        def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            self.spent += sum(map(len, texts))
            return super().encode_passages(texts, progress=progress)

    pages, encoder = tmp_path / "pages", Costs(8)
    pages.mkdir()
    for n in range(80):
        body = "库伦旗今年修路一百公里。" * (1 + n // 4)
        (pages / f"{n}.txt").write_text(f"## 库伦旗 修路{n}\n\n第{n}天，{body}\n", encoding="utf-8")

    class Clock(Silence):
        """What was spent when so many passages were done."""

        def __init__(self) -> None:
            self.done, self.spent = 0, {0: 0}

        def start(self, step: str, total: int) -> None:
            self.total = total

        def advance(self, n: int) -> None:
            self.done += n
            self.spent[self.done] = encoder.spent

    ingester(store, ENCODER).ingest([pages])
    clock = Clock()
    Ingester(store, encoder, TOKENIZER, RESOLVER, encode_batch=8).reencode(clock)
    assert clock.done == clock.total >= 80
    early = max(n for n in clock.spent if n <= clock.total // 4)
    told = clock.spent[early] / early * clock.total
    assert 0.8 < told / encoder.spent < 1.25


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(Exception, match="YUNWEN_HOME"):
        Store.open(f"sqlite:///{closed / 'home' / 'yunwen.db'}")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(store: Store, pages: Path) -> None:
    ingester(store).ingest([pages])
    before = store.page_states(), store.passage_checksums(), store.log_head()
    (pages / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积达4万亩。\n", encoding="utf-8")
    (pages / "b.txt").unlink()
    (pages / "c.txt").write_text("## 开鲁县 玉米\n\n开鲁县玉米长势喜人。\n", encoding="utf-8")
    (pages / "d.txt").write_bytes(b"")
    report = ingester(store).ingest([pages], dry_run=True)
    assert tally(report) == (1, 1, 0, 1)
    assert [each.path.name for each in report.skipped] == ["d.txt"]
    assert (store.page_states(), store.passage_checksums(), store.log_head()) == before
    assert tally(ingester(store).ingest([pages])) == (1, 1, 0, 1)


def test_a_dry_run_of_an_empty_store_names_no_encoder(store: Store, pages: Path) -> None:
    assert tally(ingester(store).ingest([pages], dry_run=True)) == (2, 0, 0, 0)
    assert store.encoder is None


def test_an_article_of_a_books_length_is_stored_in_parts(store: Store, tmp_path: Path) -> None:
    told = "库伦旗水稻种植面积达到三万亩。\n" * 4000
    (tmp_path / "page.txt").write_text(f"## 库伦旗水稻\n\n{told}", encoding="utf-8")
    report = ingester(store).ingest([tmp_path / "page.txt"])
    kept = store.articles(store.page_articles(str(tmp_path / "page.txt"))).values()
    assert report.articles == len(kept) == -(-len(told) // LONGEST)
    assert max(len(each.text) for each in kept) <= LONGEST
    assert {each.title for each in kept} == {"库伦旗水稻"}
    assert sum(each.text.count("三万亩") for each in kept) == 4000
    assert ingester(store).ingest([tmp_path / "page.txt"]).unchanged == 1
