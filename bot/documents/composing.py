"""Values to documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from bot.documents.shapes import (
    AnswerDocument,
    ArticleDocument,
    BrowseDocument,
    ChoiceDocument,
    CountDocument,
    DigestDocument,
    EvidenceDocument,
    FigureDocument,
    HitDocument,
    IndexDocument,
    PassageDocument,
    PlaceNameDocument,
    RegionDocument,
    SideDocument,
    StatusDocument,
    StoryDocument,
    TimingsDocument,
)
from bot.languages import DEFAULT, Texts, texts_of
from bot.messages.answers import explain_outcome
from bot.messages.links import is_public_address
from retrieval import (
    Answer,
    ArticleCount,
    Counts,
    DigestItem,
    Evidence,
    Hit,
    IndexStatus,
    PlaceChoice,
    StoredArticle,
)


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes documents, for the operator or for anybody."""

    web_url: str | None = None
    """The public address of this installation's pages, without a slash at its end."""
    is_public: bool = False
    """Whether anybody may see them: no paths of this machine, no address that is opened with a password."""

    def answer(self, answer: Answer, texts: Texts | None = None) -> AnswerDocument:
        """Return what `yunwen ask --json` prints, its reason in a language."""
        return AnswerDocument(
            question=answer.question,
            outcome=answer.outcome,
            as_of=answer.as_of,
            reason=explain_outcome(answer, texts or texts_of(DEFAULT)),
            browse=_browse(answer),
            hits=[self.hit(hit) for hit in answer.hits],
            differing=list(answer.differing),
            candidates=[choice_document(each) for each in answer.candidates],
            count=self.count(answer.count) if answer.count else None,
            sides=[
                SideDocument(name=each.name, hit=self.hit(each.hit) if each.hit else None)
                for each in answer.sides
            ],
            took_ms=TimingsDocument(
                encode=round(answer.timings.encode, 1),
                search=round(answer.timings.search, 1),
                total=round(answer.timings.total, 1),
            ),
        )

    def count(self, count: ArticleCount) -> CountDocument:
        """Return how many articles there are."""
        return CountDocument(
            n=count.n,
            place=count.place,
            first=count.first,
            last=count.last,
            words=list(count.words),
            articles=[self.article(each) for each in count.newest],
        )

    def hit(self, hit: Hit) -> HitDocument:
        """Return one hit of an answer."""
        return HitDocument(
            rank=hit.rank,
            score=round(hit.score, 4),
            article=self.article(hit.article),
            place=PlaceNameDocument(code=hit.place.code, name=hit.place.name) if hit.place else None,
            passage=PassageDocument(text=hit.passage.text, start=hit.passage.start, end=hit.passage.end),
            evidence=[evidence_document(each) for each in hit.evidence],
            also=[self.article(article) for article in hit.also],
        )

    def article(self, article: StoredArticle) -> ArticleDocument:
        """Return an article's source fields, without its text."""
        url = article.url
        if self.is_public and url and not is_public_address(url):
            url = None
        return ArticleDocument(
            id=article.id,
            title=article.title,
            section=article.section,
            kind=article.kind,
            regions=[
                RegionDocument(code=region.code, name=region.name, role=region.role)
                for region in article.regions
            ],
            date=article.date,
            date_basis=article.date_basis,
            byline=article.byline,
            credit=article.credit,
            source=article.source,
            page=PurePath(article.page).name if self.is_public else article.page,
            lines=list(article.lines),
            url=url,
            address=f"{self.web_url}/a/{article.id}" if self.web_url else None,
        )

    def digest(self, code: str, name: str, day: date, items: Sequence[DigestItem]) -> DigestDocument:
        """Return what `yunwen digest --json` prints."""
        return DigestDocument(
            region=PlaceNameDocument(code=code, name=name),
            date=day,
            items=[
                StoryDocument(
                    article=self.article(item.article),
                    sentence=item.sentence.text,
                    also=[self.article(each) for each in item.also],
                )
                for item in items
            ],
        )


def _browse(answer: Answer) -> BrowseDocument | None:
    browsed = answer.browsed
    if browsed is None:
        return None
    return BrowseDocument(
        region=browsed.region,
        days=list(browsed.days),
        topic=answer.wanted.topic if answer.wanted else "",
        more=browsed.has_more,
        newest=browsed.newest,
        library_newest=browsed.library_newest,
        is_of_newest=browsed.is_of_newest,
    )


def evidence_document(evidence: Evidence) -> EvidenceDocument:
    """Return a sentence that answers."""
    return EvidenceDocument(
        text=evidence.text,
        start=evidence.start,
        end=evidence.end,
        figures=[
            FigureDocument(text=each.text, start=each.start, end=each.end, unit=each.unit)
            for each in evidence.figures
        ],
        matched=list(evidence.matched),
        answer=evidence.answer,
        resolved=dict(evidence.resolved),
    )


def choice_document(choice: PlaceChoice) -> ChoiceDocument:
    """Return a division that may have been meant."""
    return ChoiceDocument(text=choice.text, code=choice.code, name=choice.name, path=choice.path)


def status_document(counts: Counts, encoder: str | None, index: IndexStatus, version: str) -> StatusDocument:
    """Return what is in the store."""
    return StatusDocument(
        articles=counts.articles,
        briefs=counts.briefs,
        passages=counts.passages,
        pages=counts.pages,
        encoder=encoder,
        index=IndexDocument(kind=index.kind, passages=index.n_passages, behind=index.behind),
        version=version,
    )
