"""Two hundred bad files: ingesting them ends, lists each, keeps its memory, and leaves nothing half done."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hostile import PAGE, bad_files, damaged_files, make_odd_entries
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT
from waiting import HANG_SECONDS

from retrieval.errors import ReadingError
from retrieval.reading import parse_page, read_page
from retrieval.store.store import Store

INGEST = """
import json, resource, sys
from pathlib import Path
from embeddings import HashingEncoder
from retrieval import Ingester, ReadingLimits, Store, Tokenizer
store = Store.open(sys.argv[1])
limits = ReadingLimits(seconds=2, patience=100)
report = Ingester(store, HashingEncoder(16), Tokenizer(), lambda _: [], limits=limits).ingest([Path(sys.argv[2])])
# not getrusage of itself: on Linux that begins with the peak of the process it was forked from
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
memory = max(int(peak.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
skipped = [[str(each.path), each.reason] for each in report.skipped]
print(json.dumps({"new": report.new, "skipped": skipped, "memory": memory * 1024}))
"""


@pytest.mark.soak
def test_a_folder_of_bad_files_is_listed_file_by_file_and_the_good_one_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    bad = dict(bad_files())
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    odd = make_odd_entries(folder)
    damaged = dict(damaged_files())
    for name, data in damaged.items():
        (folder / name).write_bytes(data)
    (folder / "good.txt").write_text(PAGE, encoding="utf-8")
    assert len(bad) + len(odd) >= 180

    url = f"sqlite:///{tmp_path / 'yunwen.db'}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", INGEST, url, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["memory"] < 1_500_000_000

    listed = {str(Path(path).relative_to(folder)).split("/")[0] for path, _ in answer["skipped"]}
    assert {*bad, *odd} <= listed
    assert all(reason and "\n" not in reason for _, reason in answer["skipped"])
    store = Store.open(url)
    stored = {str(Path(path).relative_to(folder)).split("/")[0] for path in store.page_states()}
    assert "good.txt" in stored
    assert stored.isdisjoint({*bad, *odd})
    assert set(damaged) <= stored | listed
    for path in store.page_states():
        ids = store.page_articles(path)
        assert ids
        for article in store.articles(ids).values():
            assert all(0 <= span.start < span.end <= len(article.text) for span in article.spans)
    digests = {digest for _, _, digest in store.passage_checksums()}
    assert digests == store.known_checksums(store.encoder[0], digests)


# the page reader, fuzzed

PIECES = st.sampled_from(
    [
        "## ", "### ", "●", "□", "【要闻】", "本报甲城5月3日电 ", "（融媒体记者 李四）", "责任编辑：", "图为", "---\n",
        "date: ", "2023-05-04", "库伦旗 ", "。", "，", "\n", "\n\n\n", "\r\n", "\u3000\u3000", "版权所有", "\u2028", "\x00", "\x85",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=30), max_size=40).map("".join)


@given(TEXTS)
def test_only_a_reading_error_comes_out_of_the_page_reader_and_offsets_slice_back(text: str) -> None:
    try:
        page = parse_page(text, Path("/p/a.txt"), sha256="0", encoding="utf-8", latest_year=2026)
    except ReadingError:
        return
    n_lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert page.articles
    for article in page.articles:
        assert 1 <= article.lines[0] <= article.lines[1] <= n_lines
        last = 0
        for span in article.spans:
            assert last <= span.start < span.end <= len(article.text)
            assert not article.text[last : span.start].strip("\n")
            last = span.end
        assert not article.text[last:].strip("\n")
        assert "".join(article.text[span.start : span.end] for span in article.spans).strip()


@pytest.mark.parametrize("suffix", ["txt", "jsonl", "json", "html", "xml", "docx", "zip", "meta.toml"])
@given(data=st.binary(max_size=300) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_only_a_reading_error_comes_out_of_any_reader(
    suffix: str, data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    path = folder / f"a.{suffix}"
    if suffix == "meta.toml":
        path = folder / "b.txt"
        path.write_text(PAGE, encoding="utf-8")
        (folder / "b.txt.meta.toml").write_bytes(data)
    else:
        path.write_bytes(data)
    with suppress(ReadingError):
        assert read_page(path).articles
