"""The table that every language fills: each sentence a person sees, and the label of each button.

Values are put in at named places in braces. What is marked HTML takes escaped values and may hold Telegram's tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.languages.courses import CourseTexts
from bot.languages.daily_texts import DailyTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What Telegram's menu says of each command; the fields are the commands."""

    start: str
    ask: str
    subscribe: str
    watch: str
    subscriptions: str
    unsubscribe: str
    digest: str
    hour: str
    quiet: str
    zone: str
    export: str
    privacy: str
    forget: str
    place: str
    week: str
    month: str
    settings: str
    language: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts(DailyTexts):
    """All that the bot says in one language."""

    commands: Commands
    description: str
    short_description: str
    language_name: str
    """What the language calls itself."""

    # ------------------------------------------------------------------------------------------ parts

    comma: str
    list_comma: str
    semicolon: str
    day: str
    short_day: str
    day_range: str
    year: str
    months: tuple[str, ...]
    as_of: str
    date_inferred: str
    date_unknown: str
    parenthesis: str

    # ------------------------------------------------------------------------- greeting, help, refusals

    welcome: str
    help: str
    ask_home: str
    map_button: str
    other_places_button: str
    for_offices_button: str
    ask_location: str
    location_button: str
    for_offices: str
    try_these: str
    only_text: str
    no_words: str
    too_old: str
    gone: str
    which_place: str
    no_place: str
    no_more: str
    nothing_before: str
    apology: str
    unreachable: str
    """A server that answers need is away for the moment."""

    # ---------------------------------------------------------------------------------------- answers

    see_also: str
    near_heading: str
    differing_heading: str
    differing_line: str
    did_you_mean: str
    resolved_word: str
    quoted_elsewhere: str
    """Before a second sentence of the same article."""
    resolved_note: str
    same_story: str
    see_also_line: str
    further_line: str
    which_meaning: str
    counting_with_hits: str
    counting_without_hits: str
    nothing_to_look_for: str
    nothing_found: str
    nothing_foreign: str
    near_found: str
    near_instead: str
    """Where what is nearest tells the same of another time or place: wanted, told."""
    wanted_of: str
    wanted_quoted: str
    news_of_button: str
    browse_newest: str
    browse_topic: str
    browse_not_yet: str
    browse_other_day: str
    browse_none: str
    browse_nothing: str
    browse_author: str
    author_unknown: str
    said_source: str
    watch_place: str
    passed_on: str
    passed_on_known: str
    said_greeting: str
    said_thanks: str
    said_who: str
    said_farewell: str
    said_assent: str
    said_abuse: str
    said_unclear: str
    said_aloud: str
    said_beyond: str
    said_wrong: str
    paused: str
    resumed: str
    full_button: str
    full_stands_above: str
    page_button: str
    page_caption: str
    hit_button: str
    more_button: str
    copy_button: str
    subscribe_button: str
    continue_button: str

    # ------------------------------------------------------------- standing questions and verdicts

    watch_button: str
    watching: str
    watching_already: str
    show_present_button: str
    ask_watch: str
    watch_example: str
    too_many_watched: str
    cannot_watch: str
    n_watched: str
    watched_button: str
    unwatch_button: str
    unwatched: str
    told_heading: str
    verdict_thanks: str
    why_place_button: str
    why_figure_button: str
    why_outdated_button: str
    why_missing_button: str
    why_misread_button: str
    why_other_button: str

    # ------------------------------------------------------------------------------------- operators

    only_operators: str
    paper_alarm_empty: str
    paper_alarm_lost: str
    paper_alarm_silent: str
    no_papers: str
    paper_heading: str
    paper_problem: str
    paper_issue: str
    paper_lost: str
    paper_without_issue: str
    only_operators_see: str
    ingest_busy: str
    ingested_elsewhere: str
    ingest_failed: str
    upload_expired: str
    upload_discarded: str
    remove_which: str
    none_yet: str
    only_formats: str
    upload_too_large: str
    file_not_given: str
    upload_unread: str
    reading_problems: tuple[str, ...]
    upload_empty: str
    upload_articles: str
    upload_dates: str
    upload_places: str
    place_unrecognised: str
    counted: str
    upload_replaces: str
    ask_page_date: str
    ingesting: str
    take_button: str
    discard_button: str
    odd_line: str
    odd_file: str
    odd_more: str
    odd_no_place: str
    ingested: str

    # --------------------------------------------------------------------------------------- languages

    ask_language: str
    language_changed: str

    # ----------------------------------------------------------- groups, lists, inline mode

    ask_how: str
    group_welcome: str
    settings_title: str
    settings_language: str
    settings_answers_all: str
    settings_answers_commands: str
    settings_home: str
    settings_no_home: str
    only_commands_button: str
    answer_all_button: str
    no_home_button: str
    original: str
    more_heading: str
    more_line: str
    place_articles: str
    place_article: str
    within_button: str
    inline_help_title: str
    inline_help_description: str
    inline_help_text: str

    # ----------------------------------------------------------------------------------- figures over time

    counted_articles: str
    counted_all: str
    counted_heading: str
    side_by_side: str
    side_silent: str
    story_button: str
    story_heading: str
    story_none: str
    story_line: str
    which_week: str
    week_heading: str
    week_nothing: str
    week_news: str
    week_figures: str
    week_line: str
    courses: CourseTexts
    timeline_button: str
    timeline_heading: str
    timeline_none: str
    timeline_single: str
    timeline_differs: str
    timeline_left: str
    timeline_line: str
    timeline_legend: str
    point_planned: str
    point_cumulative: str
    point_forecast: str
    point_of_issue: str

    # --------------------------------------------------------------------------------------- terminal

    prompt: str
    terminal_greeting: str
    terminal_help: str
    terminal_did_you_mean: str
    terminal_resolved: str
    terminal_which_number: str
    terminal_no_hit: str
    terminal_digest_head: str
    only_in_chats: str
    terminal_more: str
    terminal_also: str

    # --------------------------------------------------------------------- who is not answered, and admins

    notice_limited: str
    notice_overloaded: str
    notice_too_long: str
    notice_not_allowed: str
    which_chat: str
    admins_stay: str
    blocked: str
    was_blocked: str
    unblocked: str
    not_blocked: str

    # ------------------------------------------------------------------------------------------------

    def say_day(self, day: date) -> str:
        """A day as the language writes it."""
        return self.day.format(year=day.year, month=self.months[day.month - 1], day=day.day)

    def say_stretch(self, first: date, last: date) -> str:
        """A stretch of days, both included: a year by its number."""
        if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
            return self.year.format(year=first.year)
        return (
            self.say_day(first)
            if first == last
            else self.day_range.format(first=self.say_day(first), last=self.say_day(last))
        )

    def say_short_day(self, day: date) -> str:
        """A day of the year."""
        return self.short_day.format(month=self.months[day.month - 1], day=day.day)

    def in_parenthesis(self, inside: str) -> str:
        """What stands in parentheses behind something; "" for nothing."""
        return self.parenthesis.format(inside=inside) if inside else ""
