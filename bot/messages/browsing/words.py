"""What is said of a list of stories: what it is of, and why it is not of the time that was asked for."""

from __future__ import annotations

from bot.languages import Texts
from bot.messages.splitting import shorten
from retrieval import Answer, Browsed, Wanted

_TOPIC_UNITS = 40


def explain_browse(answer: Answer, texts: Texts) -> str | None:
    """Return one sentence on why what was asked for is not there; None where it is."""
    browsed, wanted = browsed_of(answer)
    if answer.hits and not browsed.is_of_newest:
        return None
    if browsed.library_newest is None:
        return texts.browse_nothing if not answer.hits else None
    when = _when(browsed, wanted, texts)
    if not answer.hits:
        what = _joined(wanted, when, texts) or texts.browse_newest
        return texts.browse_none.format(what=what, day=texts.say_day(browsed.library_newest))
    newest = texts.say_day(browsed.newest or browsed.library_newest)
    if browsed.is_yet_to_come:
        return texts.browse_not_yet.format(when=when, day=newest)
    return texts.browse_other_day.format(what=_joined(wanted, when, texts), day=newest)


def browsed_of(answer: Answer) -> tuple[Browsed, Wanted]:
    """What is to be known of a list, and what it was asked by."""
    return answer.browsed or Browsed(), answer.wanted or Wanted(answer.question)


def _when(browsed: Browsed, wanted: Wanted, texts: Texts) -> str:
    """The time asked for: 今天 as it was said, a day of some year with its year, as another may have been meant."""
    said = texts.list_comma.join(wanted.times)
    days = {first for first, last in browsed.days if first == last}
    is_dated = any(character.isdigit() for character in said)
    return texts.say_day(days.pop()) if len(days) == len(browsed.days) == 1 and is_dated else said


def _joined(wanted: Wanted, when: str, texts: Texts) -> str:
    where = _beside(texts.list_comma.join(wanted.places), when)
    topic = shorten(wanted.topic, _TOPIC_UNITS)
    return texts.wanted_of.format(where=where, topic=topic) if where and topic else where or topic


def _beside(place: str, when: str) -> str:
    """A place and a time one after the other; between Chinese characters without a blank."""
    is_chinese = not (place[-1:].isascii() or when[:1].isascii())
    return place + when if is_chinese else f"{place} {when}".strip()


def browse_heading(answer: Answer, texts: Texts) -> str:
    """Return what stands above the stories: the place, the time and the topic asked for."""
    browsed, wanted = browsed_of(answer)
    topic = texts.browse_topic.format(topic=shorten(wanted.topic, _TOPIC_UNITS)) if wanted.topic else ""
    when = "" if browsed.is_of_newest else _when(browsed, wanted, texts)
    parts = [texts.list_comma.join(wanted.places), when, topic]
    return " · ".join(filter(None, parts)) or texts.browse_newest
