"""What every language says of places that are followed and of the digests that come of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTexts:
    """A part of the table of texts."""

    # ---------------------------------------------------------------------- places and subscriptions

    how_to_subscribe: str
    no_subscriptions: str
    only_group_admins: str
    not_followed: str
    too_many: str
    ask_forget: str
    forgotten: str
    welcome_back: str
    privacy: str
    place_count: str
    place_silent: str
    child_count: str
    child_button: str
    previous_page: str
    next_page: str
    subscribe_within_button: str
    back_button: str
    type_place_button: str
    ask_place: str
    place_example: str
    which_to_subscribe: str
    itself_only: str
    except_places: str
    with_words: str
    without_words: str
    subscribed: str
    subscribed_already: str
    my_subscriptions_button: str
    show_now_button: str
    n_subscriptions: str
    state_paused: str
    state_blocked: str
    quiet_hours: str
    no_quiet_hours: str
    when: str
    says_empty: str
    says_no_empty: str
    edit_button: str
    hour_button: str
    quiet_button: str
    zone_button: str
    pause_button: str
    resume_button: str
    want_empty_button: str
    want_no_empty_button: str
    without_children_button: str
    with_children_button: str
    delete_button: str
    ask_hour: str
    every_day: str
    every_weekday: str
    weekdays: tuple[str, ...]
    ask_quiet: str
    ask_zone: str
    zone_names: tuple[str, ...]
    other_zone_button: str
    ask_zone_name: str
    zone_example: str
    no_quiet_button: str
    forget_button: str
    keep_button: str
    unsubscribed: str
    unsubscribed_all: str
    hours_changed: str
    quiet_suffix: str
    export_caption: str

    # ------------------------------------------------------------------------ subscriptions that are refused

    unknown_place: str
    too_many_words: str
    bad_hour: str
    bad_zone: str
    bad_quiet: str
    quiet_all_day: str
    import_too_large: str
    import_no_json: str
    import_foreign: str
    import_too_many: str
    import_incomplete: str
    import_bad_place: str
    import_no_hours: str
    import_bad_hours: str

    # ---------------------------------------------------------------------------------------- digests

    digest_title: str
    digest_head: str
    weekly_head: str
    week_continuing: str
    digest_of_day: str
    digest_others: str
    digest_alike: str
    digest_routine: str
    digest_late: str
    digest_range: str
    nothing_new: str
    digest_came: str
    digest_again_button: str
    rest_button: str
    also_told: str
    elsewhere: str

    def say_days(self, weekday: int | None) -> str:
        """On which days something comes: one of the week, 0 for Monday, or every day."""
        return self.every_day if weekday is None else self.every_weekday.format(day=self.weekdays[weekday])
