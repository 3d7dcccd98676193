from collections import Counter

import pytest

from bot.telegram.admission import (
    MAX_MESSAGE_CHARS,
    MAX_QUESTION_CHARS,
    Admission,
    AdmissionResult,
    UpdateOrigin,
)
from bot.telegram.token_bucket import Buckets, Rate

YES = AdmissionResult.ACCEPTED


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admission(clock: Clock, **fields: object) -> Admission:
    values = {
        "user": Rate(per_minute=6, burst=2),
        "chat": Rate(per_minute=60, burst=100),
        "queue_limit": 3,
        "clock": clock,
    }
    return Admission(**(values | fields))  # type: ignore[arg-type]


def test_a_bucket_gives_its_burst_and_then_one_token_each_time_it_is_refilled(clock: Clock) -> None:
    buckets = Buckets(Rate(per_minute=6, burst=2), clock)
    assert [buckets.take(1) for _ in range(3)] == [True, True, False]
    assert buckets.seconds_to_next(1) == pytest.approx(10)
    clock.now = 9.9
    assert not buckets.take(1)
    clock.now = 10.1
    assert [buckets.take(1), buckets.take(1)] == [True, False]


def test_an_idle_bucket_holds_no_more_than_its_burst(clock: Clock) -> None:
    buckets = Buckets(Rate(per_minute=60, burst=2), clock)
    buckets.take(1)
    clock.now = 3600
    assert [buckets.take(1) for _ in range(3)] == [True, True, False]


def test_no_more_buckets_are_remembered_than_asked_for(clock: Clock) -> None:
    buckets = Buckets(Rate(per_minute=6, burst=1), clock, most=10)
    for key in range(1000):
        assert buckets.take(key)
    assert len(buckets) == 10
    assert not buckets.take(999)


def test_a_burst_is_told_once_then_met_with_silence_until_it_passes(clock: Clock) -> None:
    here = admission(clock)
    decisions = [here.decide(UpdateOrigin(1, 1), 0) for _ in range(5)]
    assert [each.result for each in decisions] == [AdmissionResult.ACCEPTED] * 2 + [
        AdmissionResult.LIMITED
    ] * 3
    assert [each.is_told for each in decisions] == [False, False, True, False, False]
    clock.now = 10
    assert here.decide(UpdateOrigin(1, 1), 0).result is AdmissionResult.ACCEPTED
    again = here.decide(UpdateOrigin(1, 1), 0)
    assert (again.result, again.is_told) == (AdmissionResult.LIMITED, False)


def test_one_persons_burst_limits_nobody_else_but_a_chats_limit_holds_for_all_in_it(clock: Clock) -> None:
    here = admission(clock, chat=Rate(per_minute=60, burst=3))
    found = [here.decide(UpdateOrigin(-5, user), 0).result for user in (1, 1, 1, 2, 3)]
    yes, no = AdmissionResult.ACCEPTED, AdmissionResult.LIMITED
    assert found == [yes, yes, no, yes, no]  # the third token of the chat went to 2
    assert here.decide(UpdateOrigin(7, 7), 0).result is yes


def test_what_waits_beyond_the_limit_is_declined_and_each_chat_told_once_a_minute(clock: Clock) -> None:
    here = admission(clock, user=Rate(60, 100))
    assert here.decide(UpdateOrigin(1, 1), 2).result is AdmissionResult.ACCEPTED
    first, second = here.decide(UpdateOrigin(1, 1), 3), here.decide(UpdateOrigin(1, 1), 3)
    assert (first.result, first.is_told, second.is_told) == (AdmissionResult.OVERLOADED, True, False)
    assert here.decide(UpdateOrigin(2, 2), 3).is_told
    clock.now = 61
    assert here.decide(UpdateOrigin(1, 1), 3).is_told


def test_many_channels_of_one_person_leave_places_for_everybody_else(clock: Clock) -> None:
    here = admission(clock, user=Rate(30, 20), queue_limit=200)
    held = Counter[int]()
    for number in range(600):
        channel = -1 - number % 20
        decision = here.decide(UpdateOrigin(channel, channel), held.total(), held[channel])
        held[channel] += decision.result is AdmissionResult.ACCEPTED
    assert held.total() < 170
    assert len(held) == 20
    for person in range(1, 31):  # one question each: it is answered as long as there is a place at all
        assert here.decide(UpdateOrigin(person, person), held.total(), held[person]).result is YES
        held[person] += 1


def test_a_chat_alone_may_send_what_its_rate_allows(clock: Clock) -> None:
    here = admission(clock, user=Rate(30, 40), queue_limit=200)
    assert [here.decide(UpdateOrigin(1, 1), n, n).result for n in range(40)] == [YES] * 40


def test_the_notices_of_all_chats_together_are_limited_too(clock: Clock) -> None:
    here = admission(clock, user=Rate(60, 100))
    told = [here.decide(UpdateOrigin(chat, chat), 3).is_told for chat in range(1, 501)]
    assert sum(told) == 20


def test_whoever_is_blocked_is_never_told_and_others_are_let_in_only_by_the_list(clock: Clock) -> None:
    here = admission(clock, blocked=frozenset({66}), allowed=frozenset({-1, 66, 5}))
    blocked = here.decide(UpdateOrigin(-1, 66), 0)
    assert (blocked.result, blocked.is_told) == (AdmissionResult.BLOCKED, False)
    assert here.decide(UpdateOrigin(-1, 3), 0).result is AdmissionResult.ACCEPTED
    assert here.decide(UpdateOrigin(5, 5), 0).result is AdmissionResult.ACCEPTED
    stranger = here.decide(UpdateOrigin(9, 9), 0)
    assert (stranger.result, stranger.is_told) == (AdmissionResult.NOT_ALLOWED, True)


def test_a_block_made_later_holds_beside_those_of_the_settings_until_it_is_lifted(clock: Clock) -> None:
    here = admission(clock, blocked=frozenset({66}))
    here.block(frozenset({7}))
    assert [here.decide(UpdateOrigin(i, i), 0).result for i in (7, 66)] == [AdmissionResult.BLOCKED] * 2
    here.block(frozenset())
    assert [here.decide(UpdateOrigin(i, i), 0).result for i in (7, 66)] == [
        AdmissionResult.ACCEPTED,
        AdmissionResult.BLOCKED,
    ]


@pytest.mark.parametrize(("is_command", "most"), [(False, MAX_MESSAGE_CHARS), (True, MAX_QUESTION_CHARS)])
def test_a_text_longer_than_telegram_takes_or_than_a_command_needs_is_refused_before_any_work(
    clock: Clock, is_command: bool, most: int
) -> None:
    here = admission(clock)
    results = [
        here.decide(UpdateOrigin(1, 1, n_chars=n, is_command=is_command), 0).result for n in (most, most + 1)
    ]
    assert results == [AdmissionResult.ACCEPTED, AdmissionResult.TOO_LONG]


def test_what_telegram_itself_reports_is_never_limited(clock: Clock) -> None:
    here = admission(clock)
    report = UpdateOrigin(1, 1, is_request=False)
    assert {here.decide(report, 1000).result for _ in range(50)} == {AdmissionResult.ACCEPTED}


def test_who_sent_too_much_is_told_how_long_to_wait_and_may_still_delete_everything(clock: Clock) -> None:
    here = admission(clock)
    asked, deletion = UpdateOrigin(1, 1), UpdateOrigin(1, 1, is_deletion=True)
    decisions = [here.decide(asked, 0) for _ in range(3)]
    assert [each.wait_seconds for each in decisions] == [0, 0, 10]
    clock.now = 7.5
    assert here.decide(asked, 0).wait_seconds == 3
    assert here.decide(deletion, 0).result is AdmissionResult.ACCEPTED
    many = [here.decide(deletion, 0).result for _ in range(9)]
    assert many.count(AdmissionResult.LIMITED) == 6  # deleting has a limit of its own
