"""A database that an older version left is brought to today's tables without reading its pages again."""

from datetime import date
from pathlib import Path

from paths import ROOT
from stores import ENCODER, TOKENIZER

from retrieval import LocalIndex, Store, migrate, open_engine
from retrieval.index.base import EVERYTHING

TEXT = "图为稻田。\n库伦旗今年水稻种植面积达３万亩，产量１５吨。"
SPANS = '[["caption", 0, 5], ["body", 6, 31]]'


def test_terms_that_fts5_held_are_searched_by_what_took_its_place(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'yunwen.db'}"
    engine = open_engine(url)
    migrations = ROOT / "retrieval" / "store" / "migrations"
    migrate(engine, str(migrations), "yunwen_retrieval_version", "0003")
    start, end = 6, len(TEXT)
    digest = b"d" * 16
    vector = ENCODER.encode_passages([TEXT[start:end]])[0].tobytes()
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(
            "INSERT INTO pages(id, path, sha256, reader, encoding, date_basis, ingested_at) "
            "VALUES (1, '/p/a.txt', 'x', 1, 'utf-8', 'none', '2022-07-01 00:00:00')"
        )
        run(
            "INSERT INTO articles(id, page_id, position, title, title_is_derived, place, kind, date, date_basis, text, "
            "spans, first_line, last_line, known_at, story) VALUES ('a', 1, 0, '喜獲豐收', 0, '库伦旗', 'article', "
            "'2022-06-30', 'front_matter', ?, ?, 1, 2, '2022-07-01 00:00:00', 'a')",
            (TEXT, SPANS),
        )
        run("INSERT INTO article_regions VALUES ('a', '150524', 'primary')")
        run(
            'INSERT INTO passages(id, article_id, position, kind, start, "end", digest) '
            "VALUES (7, 'a', 0, 'body', ?, ?, ?)",
            (start, end, digest),
        )
        run(
            "INSERT INTO passage_terms(rowid, title, body) VALUES (7, ?, ?)",
            (" ".join(TOKENIZER.terms("喜獲豐收")), " ".join(TOKENIZER.terms(TEXT[start:end]))),
        )
        run("INSERT INTO vectors VALUES (?, ?, ?)", (digest, ENCODER.fingerprint, vector))
        run("INSERT INTO index_log(passage_id, is_removal) VALUES (7, 0)")
        run("INSERT INTO settings VALUES ('encoder', ?)", (ENCODER.fingerprint,))
    engine.dispose()

    store = Store.open(url)
    (ranked,) = store.candidate_texts([7])
    assert (ranked.head, ranked.units, ranked.is_first) == ("库伦旗 喜获丰收", ("亩", "吨"), True)
    assert ranked.folded == "库伦旗今年水稻种植面积达3万亩,产量15吨。"
    assert ranked.day == date(2022, 6, 30)
    index = LocalIndex(store, tmp_path / "dense.index", ENCODER)
    assert [each.passage_id for each in index.search_sparse(["水稻"], 5, EVERYTHING)] == [7]
    assert [each.passage_id for each in index.search_sparse(["豐收", "丰收"], 5)] == [7]
    store.engine.dispose()
