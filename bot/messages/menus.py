"""What a person sees of places and subscriptions: menus of divisions, the list of subscriptions, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from bot.chats.hours import Hours
from bot.chats.preferences import Preferences
from bot.chats.standing_questions import StandingQuery, StandingQuestion
from bot.chats.subscriptions import ChatState, Subscriber, Subscription
from bot.languages import Language, Texts, texts_of
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply, columns
from bot.messages.sources import place_and_date
from bot.messages.splitting import shorten
from retrieval import Choice, PlaceChoice, PlaceListing, StoredArticle

_PER_PAGE = 8
ARTICLES_PER_PAGE = 8
"""Articles on a page of a place."""
_TITLE_UNITS, _WHERE_UNITS = 80, 60
_LISTED_UNITS, _WATCHED_UNITS = 2400, 1200
"""Of all subscriptions that are listed, and of all standing questions."""
_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Ulaanbaatar", "Asia/Tokyo", "Europe/London")
_QUIET = ("22-7", "23-8", "0-6")


def render_place(listing: PlaceListing, texts: Texts) -> Reply:
    """A place with those right below it: first those that there are articles of, then how many have none."""
    told = sorted((pair for pair in listing.children if pair[1]), key=lambda pair: -pair[1])
    silent = [division.name for division, n in listing.children if not n]
    lines = [_count(listing, texts)]
    lines += [texts.child_count.format(name=escape(division.name), n=n) for division, n in told]
    if silent:
        lines.append(texts.place_silent.format(names=texts.list_comma.join(map(escape, silent))))
    return Reply("\n".join(lines))


def _count(listing: PlaceListing, texts: Texts) -> str:
    return texts.place_count.format(path=escape(listing.path), n=listing.n_articles)


def render_listing(listing: PlaceListing, page: int, texts: Texts) -> Reply:
    """A division's children as buttons with their counts, those told of most first, and the division itself to follow."""
    told_first = sorted(listing.children, key=lambda pair: -pair[1])
    children = told_first[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    rows = list(
        columns(
            [
                Button(texts.child_button.format(name=division.name, n=n), f"m:{division.code}:0")
                for division, n in children
            ]
        )
    )
    turns = [Button(texts.previous_page, f"m:{listing.code}:{page - 1}")] if page else []
    if (page + 1) * _PER_PAGE < len(listing.children):
        turns.append(Button(texts.next_page, f"m:{listing.code}:{page + 1}"))
    rows += [tuple(turns)] if turns else []
    name = listing.path.rpartition(" › ")[2]
    label = texts.subscribe_within_button if listing.children else texts.subscribe_button
    rows.append((Button(label.format(place=name), f"s:{listing.code}"),))
    back = [Button(texts.back_button, f"m:{listing.parent}:0")] if listing.parent else []
    rows.append((*back, Button(texts.type_place_button, "m:type")))
    return Reply(f"{_count(listing, texts)}\n{texts.how_to_subscribe}", tuple(rows))


def render_articles(
    listing: PlaceListing, articles: Sequence[StoredArticle], first: int, texts: Texts, links: Links
) -> Reply:
    """A place with some of its articles, the newest first, and buttons that turn to the others in place."""
    lines = [_count(listing, texts)]
    if articles:
        lines += ["", texts.place_articles.format(first=first + 1, last=first + len(articles))]
    lines += [
        texts.place_article.format(
            title=tap(links.article(each.id), shorten(each.title, _TITLE_UNITS)),
            where=escape(shorten(place_and_date(each, texts), _WHERE_UNITS)),
        )
        for each in articles
    ]
    turns = [Button("‹", f"r:{listing.code}:{max(0, first - ARTICLES_PER_PAGE)}")] if first else []
    if first + len(articles) < listing.n_articles and articles:
        turns.append(Button("›", f"r:{listing.code}:{first + len(articles)}"))
    name = listing.path.rpartition(" › ")[2]
    last = [Button(texts.subscribe_button.format(place=name), f"s:{listing.code}")]
    if listing.children:
        last.append(Button(texts.within_button, f"m:{listing.code}:0"))
    return Reply("\n".join(lines), tuple(filter(None, (tuple(turns), tuple(last)))))


def render_settings(
    preferences: Preferences, language: Language, home: str | None, is_group: bool, texts: Texts
) -> Reply:
    """How a chat is set, with buttons to change it; what concerns groups only for those."""
    lines = [texts.settings_title, texts.settings_language.format(language=texts.language_name)]
    rows = [
        tuple(
            Button(texts_of(each).language_name, f"lang:{each}") for each in Language if each is not language
        )
    ]
    if is_group:
        only = preferences.only_commands
        lines.append(texts.settings_answers_commands if only else texts.settings_answers_all)
        rows.append(
            (Button(texts.answer_all_button, "set:all"),)
            if only
            else (Button(texts.only_commands_button, "set:commands"),)
        )
        lines.append(texts.settings_home.format(place=escape(home)) if home else texts.settings_no_home)
        if home:
            rows.append((Button(texts.no_home_button, "set:nowhere"),))
    return Reply("\n".join(lines), tuple(rows))


def render_unclear(name: str, choices: tuple[PlaceChoice, ...], texts: Texts) -> Reply:
    """A name that may mean several places, or none but nearly one."""
    rows = tuple((Button(each.path, f"s:{each.code}"),) for each in choices[:_PER_PAGE])
    return Reply(texts.which_to_subscribe.format(name=escape(name)), rows)


def describe_choice(choice: Choice, name_of: Callable[[str], str], texts: Texts) -> str:
    """A subscription in words, as plain text."""
    name, listed = name_of(choice.code), texts.list_comma.join
    parts = [name if choice.with_descendants else texts.itself_only.format(place=name)]
    if choice.excluded:
        parts.append(texts.except_places.format(places=listed(map(name_of, choice.excluded))))
    if choice.must:
        parts.append(texts.with_words.format(words=listed(choice.must)))
    if choice.must_not:
        parts.append(texts.without_words.format(words=listed(choice.must_not)))
    return texts.comma.join(parts)


def render_subscribed(
    subscriber: Subscriber,
    choices: Sequence[Choice],
    is_new: bool,
    name_of: Callable[[str], str],
    texts: Texts,
) -> Reply:
    """That subscriptions are in force, and when the digest comes."""
    hours = subscriber.hours
    described = [describe_choice(choice, name_of, texts) for choice in choices]
    said = texts.subscribed if is_new else texts.subscribed_already
    text = said.format(
        choice=escape(shorten(texts.list_comma.join(described), _LISTED_UNITS)),
        days=texts.say_days(hours.weekday),
        hour=hours.hour,
        zone=escape(zone_name(hours.zone, texts)),
    )
    return Reply(text, ((Button(texts.my_subscriptions_button, "l"), Button(texts.show_now_button, "now")),))


def zone_name(zone: str, texts: Texts) -> str:
    """A time zone as people call it; its own name where they have none."""
    return dict(zip(_ZONES, texts.zone_names, strict=True)).get(zone, zone)


def render_hours_changed(hours: Hours, texts: Texts) -> Reply:
    """That the digest comes at other times."""
    quiet = texts.quiet_suffix.format(first=hours.quiet[0], last=hours.quiet[1]) if hours.quiet else ""
    zone = escape(zone_name(hours.zone, texts))
    text = texts.hours_changed.format(
        days=texts.say_days(hours.weekday), hour=hours.hour, zone=zone, quiet=quiet
    )
    return Reply(text, ((Button(texts.my_subscriptions_button, "l"),),))


def render_subscriptions(
    subscriber: Subscriber,
    name_of: Callable[[str], str],
    texts: Texts,
    standing: Sequence[StandingQuestion] = (),
) -> Reply:
    """A chat's subscriptions with buttons to change each."""
    described = [describe_choice(each.choice, name_of, texts) for each in subscriber.subscriptions]
    lines = [
        _state(subscriber, texts),
        *_numbered(described, _LISTED_UNITS),
        f"\n{_when(subscriber, texts)}",
    ]
    if standing:
        questions = _numbered([each.query.question for each in standing], _WATCHED_UNITS)
        lines = ["\n".join(lines) + "\n", texts.n_watched.format(n=len(standing)), *questions]
    rows: list[tuple[Button, ...]] = [
        (Button(texts.edit_button.format(choice=text)[:60], f"e:{each.id}"),)
        for each, text in zip(subscriber.subscriptions[:40], described, strict=False)
    ]
    rows += [
        (Button(texts.watched_button.format(question=each.query.question)[:60], f"we:{each.id}"),)
        for each in standing
    ]
    is_paused = subscriber.state is ChatState.PAUSED
    rows.append(
        (Button(texts.hour_button, "h"), Button(texts.quiet_button, "q"), Button(texts.zone_button, "z"))
    )
    rows.append((Button(texts.resume_button if is_paused else texts.pause_button, "p"),))
    empty = texts.want_no_empty_button if subscriber.wants_empty else texts.want_empty_button
    rows.append((Button(empty, "n"),))
    return Reply("\n".join(lines), tuple(rows))


def _numbered(texts: Sequence[str], n_units: int) -> list[str]:
    """Return a line each, as HTML, all of them together within so many units."""
    each_has = n_units // max(1, len(texts))
    return [f"{n}. {escape(shorten(text, each_has))}" for n, text in enumerate(texts, start=1)]


def _state(subscriber: Subscriber, texts: Texts) -> str:
    states = {ChatState.PAUSED: texts.state_paused, ChatState.BLOCKED: texts.state_blocked}
    state = texts.in_parenthesis(states.get(subscriber.state, ""))
    return texts.n_subscriptions.format(n=len(subscriber.subscriptions), state=state)


def _when(subscriber: Subscriber, texts: Texts) -> str:
    hours = subscriber.hours
    quiet = texts.no_quiet_hours
    if hours.quiet:
        quiet = texts.quiet_hours.format(first=hours.quiet[0], last=hours.quiet[1])
    empty = texts.says_empty if subscriber.wants_empty else texts.says_no_empty
    days = texts.say_days(hours.weekday)
    return texts.when.format(
        days=days, hour=hours.hour, zone=escape(zone_name(hours.zone, texts)), quiet=quiet, empty=empty
    )


def render_one(subscription: Subscription, name_of: Callable[[str], str], texts: Texts) -> Reply:
    """One subscription with what can be done to it."""
    has_children = subscription.choice.with_descendants
    children = texts.without_children_button if has_children else texts.with_children_button
    rows = (
        (Button(children, f"t:{subscription.id}"), Button(texts.delete_button, f"d:{subscription.id}")),
        (Button(texts.back_button, "l"),),
    )
    return Reply(escape(describe_choice(subscription.choice, name_of, texts)), rows)


def render_standing(question: StandingQuestion, texts: Texts) -> Reply:
    """One standing question with what can be done to it."""
    row = (Button(texts.unwatch_button, f"wd:{question.id}"), Button(texts.back_button, "l"))
    return Reply(escape(question.query.question), (row,))


def render_watching(
    query: StandingQuery,
    question_id: int,
    is_new: bool,
    present: str | None,
    name_of: Callable[[str], str],
    texts: Texts,
) -> Reply:
    """That a question is watched, with its place to follow if it has one.

    `present` is the data of a button that shows what there is now, if there is.
    """
    said = texts.watching if is_new else texts.watching_already
    row = [Button(texts.unwatch_button, f"wd:{question_id}")]
    if present:
        row.insert(0, Button(texts.show_present_button, present))
    rows = [tuple(row)]
    if len(query.regions) == 1:
        (code,) = query.regions
        rows.append((Button(texts.subscribe_button.format(place=name_of(code)), f"s:{code}"),))
    return Reply(said.format(question=escape(query.question)), tuple(rows))


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def render_hour_menu(texts: Texts) -> Reply:
    """The hours of the day and the days of the week as buttons; either alone may be changed."""
    hours = [Button(f"{hour}:00", f"h:{hour}") for hour in range(24)]
    rows = tuple(tuple(hours[start : start + 6]) for start in range(0, 24, 6))
    days = [Button(texts.every_day.capitalize(), "h:daily")]
    days += [Button(name, f"h:{code}") for name, code in zip(texts.weekdays, _WEEKDAYS, strict=True)]
    return Reply(texts.ask_hour, (*rows, tuple(days[:4]), tuple(days[4:]), (Button(texts.back_button, "l"),)))


def render_quiet_menu(texts: Texts) -> Reply:
    """Some quiet hours as buttons; others are typed."""
    row = tuple(Button(each, f"q:{each}") for each in _QUIET)
    none = Button(texts.no_quiet_button, "q:off")
    return Reply(texts.ask_quiet, (row, (none, Button(texts.back_button, "l"))))


def render_zone_menu(texts: Texts) -> Reply:
    """Some time zones as buttons; others are typed."""
    zones = [Button(zone_name(zone, texts), f"z:{zone}") for zone in _ZONES]
    last = (Button(texts.other_zone_button, "z:type"), Button(texts.back_button, "l"))
    return Reply(texts.ask_zone, (*columns(zones), last))


def render_forget(texts: Texts) -> Reply:
    """The question before everything is deleted."""
    return Reply(
        texts.ask_forget, ((Button(texts.forget_button, "forget", "danger"), Button(texts.keep_button, "l")),)
    )


def render_languages() -> Reply:
    """The languages as buttons, asked for in each of them."""
    tables = [(language, texts_of(language)) for language in Language]
    rows = tuple((Button(texts.language_name, f"lang:{language}"),) for language, texts in tables)
    return Reply("\n".join(texts.ask_language for _, texts in tables), rows)
