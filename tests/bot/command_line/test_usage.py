"""How commands are called: usage, help, examples, and days as people say them."""

import argparse
from datetime import date

import pytest
from own_home import Yunwen

from bot.command_line.main import _parser, main


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["ask"], ["ask", "a", "--k", "0"], ["ask", "a", "--today", "morgen"], ["ingest"]],
)
def test_wrong_usage_ends_with_two(empty: Yunwen, arguments: list[str]) -> None:
    done = empty.run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_without_a_command_the_commonest_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert [command for command in ("ingest", "ask", "chat") if f"  yunwen {command} " in shown] == [
        "ingest",
        "ask",
        "chat",
    ]
    assert "--help" in shown


def parsers() -> list[argparse.ArgumentParser]:
    (commands,) = [each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return list(commands.choices.values())


@pytest.mark.parametrize("parser", parsers(), ids=lambda parser: parser.prog)
def test_help_describes_every_argument_and_gives_an_example_that_is_understood(
    parser: argparse.ArgumentParser,
) -> None:
    assert [each.dest for each in parser._actions if not each.help] == []
    said, _, example = (parser.epilog or "").partition("yunwen ")
    assert said == "example: "
    _parser().parse_args(example.split())


@pytest.mark.parametrize(
    ("said", "day"), [("2022-06-30", "2022-06-30"), ("昨天", "2022-06-30"), ("6月28日", "2022-06-28")]
)
def test_a_day_is_understood_as_people_say_it(monkeypatch: pytest.MonkeyPatch, said: str, day: str) -> None:
    monkeypatch.setattr("retrieval.today_at_home", lambda: date(2022, 7, 1))
    options = _parser().parse_args(["digest", "--region", "通辽市", "--date", said])
    assert options.date == date.fromisoformat(day)


@pytest.mark.parametrize("said", ["火星", "去年", "2022-02-30", ""])
def test_what_is_no_day_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str], said: str) -> None:
    with pytest.raises(SystemExit) as end:
        _parser().parse_args(["digest", "--region", "通辽市", "--date", said])
    assert end.value.code == 2
    assert f"“{said}” is no day: write it as 2022-06-30, 昨天 or 6月30日" in capsys.readouterr().err
