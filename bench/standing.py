"""Standing questions: how long a check takes, and whether its cheap tests lose answers.

    python -m bench.standing SETS [QUESTIONS]

Of SETS/news20k the first 2,000 articles are known and the next 500 new; the questions (10,000 unless said) are the
set's own, asked as they are and with a place before them. Every 33rd is also asked in full. The
hashing encoder stands in for the model: what is measured is what is not encoded.
"""

import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.chats.standing_questions import MOST_STANDING, StandingQuery, StandingQuestionStore
from bot.chats.subscriptions import SubscriptionStore
from bot.composition import compose_library, open_ingester, open_resolver, open_tokenizer
from bot.messages.links import Links
from bot.settings import Settings
from bot.telegram.delivery.standing_questions import ArticleSource, StandingQuestionChecker
from embeddings import HashingEncoder
from retrieval import Outcome, Store, put_corpus
from retrieval.answering.answerer import UNREAD
from retrieval.progress import Silence

N_KNOWN, N_NEW = 2000, 500
PLACES = (
    "",
    "北京市",
    "上海市",
    "武汉市",
    "内蒙古自治区",
    "呼和浩特市",
    "通辽市",
    "库伦旗",
    "广东省",
    "四川省",
)


def main(arguments: list[str]) -> int:
    data, n_questions = Path(arguments[0]) / "news20k", int((arguments[1:] or ["10000"])[0])
    with tempfile.TemporaryDirectory() as folder:
        return measure(data, n_questions, Path(folder))


def measure(data: Path, n_questions: int, folder: Path) -> int:
    settings = Settings(YUNWEN_HOME=folder, EMBEDDING_MODEL="hashing", RERANKER_MODEL="none")
    store, tokenizer, encoder = Store.open(settings.database_url), open_tokenizer(settings), HashingEncoder()
    ingester = open_ingester(store, encoder, tokenizer, open_resolver(settings, tokenizer))
    with (data / "corpus.jsonl").open(encoding="utf-8") as corpus:
        for name, n in (("known", N_KNOWN), ("new", N_NEW)):
            path = folder / name / "corpus.jsonl"
            path.parent.mkdir()
            path.write_text("".join(islice(corpus, n)), encoding="utf-8")
    store.set_encoder(encoder.fingerprint, encoder.name)
    put_corpus(folder / "known" / "corpus.jsonl", ingester, store, Silence())
    mark = store.known_until() or datetime.now(UTC)
    put_corpus(folder / "new" / "corpus.jsonl", ingester, store, Silence())
    answerer = compose_library(settings, store, encoder, tokenizer).answerer
    engine = open_chats(settings.chats_url)
    book = StandingQuestionStore(engine)
    asked = [
        json.loads(line)["text"] for line in (data / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    titles = [each.title for each in store.newest_articles(N_KNOWN + N_NEW)]
    chance = random.Random(7)
    questions = [chance.choice(PLACES) + chance.choice((*asked, *titles)) for _ in range(n_questions)]
    now = datetime.now(UTC)
    resolver = open_resolver(settings, tokenizer)
    for number, question in enumerate(questions):
        regions = tuple(dict.fromkeys(each.code for each in resolver.resolve_question(question).mentions))
        book.put(number // MOST_STANDING, StandingQuery(question, regions[:1]), mark, now)
    checker = StandingQuestionChecker(
        ArticleSource(store, lambda: answerer),
        book,
        AnswerStore(engine),
        SubscriptionStore(engine),
        lambda: datetime.now(UTC),
    )
    searched = 0
    search = answerer._searcher.rank

    def count(*values: object) -> object:
        nonlocal searched
        searched += 1
        return search(*values)  # type: ignore[arg-type]

    answerer._searcher.rank = count  # type: ignore[method-assign, assignment]
    started = time.perf_counter()
    n_answered = checker.check(lambda: False, Links("yunwen_bot"))
    seconds = time.perf_counter() - started
    print(
        f"{n_questions} questions, {N_NEW} new articles: {seconds:.1f} s, {searched} searched, {n_answered} answered"
    )
    answerer._searcher.rank = search  # type: ignore[method-assign]

    until = store.known_until() or now
    arrivals = answerer.arrivals(mark, until)
    new = {article.id for article in arrivals.articles}
    lost = n_told = 0
    sample = questions[::33]
    for question in sample:
        full = answerer.ask(question, k=100)
        sure = [hit for hit in full.hits if hit.score >= UNREAD.found and hit.article.id in new]
        if full.outcome is Outcome.FOUND and sure:
            n_told += 1
            lost += answerer.ask_among(question, arrivals, mark) is None
    print(f"of {len(sample)} asked in full too, {n_told} are answered by a new article; lost: {lost}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
