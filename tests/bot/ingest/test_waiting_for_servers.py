import pytest

from bot.ingest.work import retry_while_unreachable
from embeddings import EncoderUnreachable
from retrieval import StoreError, Unreachable


def test_work_is_done_again_until_the_server_is_back_with_waits_that_double_to_a_minute() -> None:
    failures: list[Exception] = [Unreachable("x", "refused"), EncoderUnreachable("y")] * 4
    waits: list[float] = []

    def work() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert retry_while_unreachable(work, waits.append) == "done"
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_any_other_failure_is_not_waited_for() -> None:
    def work() -> None:
        raise StoreError("full")

    with pytest.raises(StoreError):
        retry_while_unreachable(work, lambda _: pytest.fail("waited"))
