"""Made-up articles and answers, and a library that knows them."""

from dataclasses import dataclass, field, replace
from datetime import date

from stores import ENCODER, RESOLVER, TOKENIZER

from retrieval import (
    Answer,
    ArticleRegion,
    Course,
    DateBasis,
    Evidence,
    Figure,
    Hit,
    Outcome,
    Passage,
    PlaceChoice,
    PlaceListing,
    RegionRole,
    Span,
    SpanKind,
    StoredArticle,
    Timings,
    Turn,
    Wanted,
)
from retrieval.browsing import Messages

TEXT = "今年<全旗>水稻种植面积达3万余亩。预计总产量达15000余吨。"


def article(number: int = 1, text: str = TEXT, **fields: object) -> StoredArticle:
    values: dict[str, object] = {
        "id": f"article{number}",
        "page": "/pages/page.txt",
        "story": f"article{number}",
        "regions": (ArticleRegion("150524", "库伦旗", RegionRole.PRIMARY),),
        "title": f"水稻 & 丰收{number}",
        "section": "云听",
        "date": date(2022, 6, 30),
        "date_basis": DateBasis.INFERRED,
        "credit": "记者 张三",
        "text": text,
        "spans": (Span(SpanKind.BODY, 0, len(text)),),
        "lines": (1, 2),
    }
    return StoredArticle(**(values | fields))  # type: ignore[arg-type]


def hit(rank: int = 1, text: str = TEXT, **fields: object) -> Hit:
    item = article(rank, text, **fields)
    end = text.index("。") + 1
    at = text.find("水稻种植面积")
    evidence = Evidence(
        text=text[:end],
        start=0,
        end=end,
        figures=(Figure("3万余亩", 13, 17, "亩"),) if text == TEXT else (),
        matched=((at, at + 6),) if at >= 0 else (),
        resolved=(("今年", "2022年"),) if text.startswith("今年") else (),
    )
    passage = Passage(id=rank, article_id=item.id, kind=SpanKind.BODY, start=0, end=len(text), text=text)
    return Hit(
        rank=rank,
        score=0.9,
        article=item,
        passage=passage,
        evidence=(evidence,),
        contributions={"coverage": 1.5},
    )


APART = "水稻种植面积3万余亩。农牧局派人指导。另有水稻种植面积2万亩在改造。"


def hit_with_two_quotes(text: str = APART, *, is_turned: bool = False) -> Hit:
    """A hit whose first and last sentences are quoted; turned: the last before the first."""
    item = article(text=text)
    bounds = [0, *(at + 1 for at, character in enumerate(text) if character == "。")]
    stretches = [(bounds[0], bounds[1]), (bounds[-2], bounds[-1])]
    quoted = [Evidence(text=text[start:end], start=start, end=end) for start, end in stretches]
    return replace(hit(), article=item, evidence=tuple(reversed(quoted) if is_turned else quoted))


def answer(outcome: Outcome = Outcome.FOUND, n_hits: int = 1, **fields: object) -> Answer:
    hits = tuple(hit(rank) for rank in range(1, n_hits + 1))
    values: dict[str, object] = {
        "question": "水稻种植面积",
        "outcome": outcome,
        "as_of": hits[0].article.date if hits else None,
        "hits": hits,
        "wanted": Wanted("<它>", topic="<它>"),
        "turn": Turn("水稻种植面积"),
        "timings": Timings(1.0, 2.0, 3.0),
    }
    return Answer(**(values | fields))  # type: ignore[arg-type]


WHICH = answer(
    Outcome.WHICH_PLACE,
    0,
    candidates=(
        PlaceChoice("朝阳", "110105", "朝阳区", "北京市 › 朝阳区"),
        PlaceChoice("朝阳", "211300", "朝阳市", "辽宁省 › 朝阳市"),
    ),
)


@dataclass
class SampleLibrary:
    """Says what it was given to say, and remembers what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None, Turn | None]] = field(default_factory=list)

    def ask(self, question: str, *, k: int = 5, today=None, region=None, previous=None) -> Answer:
        self.asked.append((question, region, previous))
        if region:
            return answer(question=question, turn=Turn(question))
        return self.answers.get(question, answer(question=question, turn=Turn(question)))

    def stands_alone(self, text: str) -> bool:
        return True

    def is_place_name(self, text: str) -> bool:
        return False

    @property
    def messages(self) -> Messages:
        """Which take all for questions."""
        return Messages(None, ENCODER.encode_queries, TOKENIZER, RESOLVER)

    def sequel(self, question: str, **_: object) -> None:
        return None

    def look_back(self, question: str, **_: object) -> None:
        return None

    def story(self, of: StoredArticle, *, reads: bool = True) -> Course:
        return Course(of, (), 0.0)

    def timeline_under(self, answer: Answer) -> None:
        return None

    def article(self, article_id: str) -> StoredArticle | None:
        return article(int(article_id[7:])) if article_id.startswith("article") else None

    def passage(self, passage_id: int) -> Passage | None:
        return hit(passage_id).passage

    def place(self, name: str) -> PlaceListing | None:
        return None

    def newest_articles(self, n: int) -> list[StoredArticle]:
        return [article(1)][:n]
