"""Typing at a terminal, with keys as they come from one: editing, history, completion."""

from pathlib import Path

import pytest
from prompt_toolkit.application import Application
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.command_line.line_input import WordCompleter, open_session, typed_lines

COMMANDS = ("全文", "更多", "help")
PLACES = ("库伦旗", "库尔勒市", "奈曼旗", "通辽市", "库伦镇")
UP, LEFT, TAB, END_OF_INPUT, CTRL_C = "\x1b[A", "\x1b[D", "\t", "\x04", "\x03"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "home" / "asked"


def typed(history: Path, *steps: tuple[int, str, str]) -> list[str]:
    """The lines that come of keys, each step typed once so many lines are sent and the screen shows this text in the next."""
    lines: list[str] = []
    waiting = list(steps)
    with create_pipe_input() as source:
        session = open_session("问> ", COMMANDS, PLACES, history, source=source, screen=DummyOutput())

        def go_on(app: Application[str]) -> None:
            if waiting and (len(lines), app.current_buffer.text) == waiting[0][:2]:
                source.send_text(waiting.pop(0)[2])

        session.app.after_render += go_on
        for line in typed_lines(session):
            lines.append(line)
    assert waiting == []
    return lines


def offered(text: str) -> list[str]:
    """What a line may become at its end."""
    completions = WordCompleter(COMMANDS, PLACES).get_completions(Document(text), CompleteEvent())
    return [text[: len(text) + each.start_position] + each.text for each in completions]


def test_a_line_can_be_edited_before_it_is_sent(history: Path) -> None:
    steps = (0, "", f"库旗水稻{LEFT * 3}伦\r"), (1, "", END_OF_INPUT)
    assert typed(history, *steps) == ["库伦旗水稻"]


def test_earlier_lines_come_back_also_in_the_next_conversation(history: Path) -> None:
    steps = (0, "", "水稻\r"), (1, "", "小麦\r"), (2, "", f"{UP}{UP}\r"), (3, "", END_OF_INPUT)
    assert typed(history, *steps) == ["水稻", "小麦", "水稻"]
    assert typed(history, (0, "", f"{UP}{UP}面积\r"), (1, "", END_OF_INPUT)) == ["小麦面积"]


def test_the_history_is_for_its_owner_alone(history: Path) -> None:
    history.parent.mkdir()
    history.touch(mode=0o644)
    assert typed(history, (0, "", "水稻\r"), (1, "", END_OF_INPUT)) == ["水稻"]
    assert history.stat().st_mode & 0o777 == 0o600


def test_of_a_long_history_the_older_half_is_forgotten(history: Path) -> None:
    history.parent.mkdir()
    history.write_text("".join(f"\n# {n}\n+第{n}问\n" for n in range(20_000)), encoding="utf-8")
    assert typed(history, (0, "", f"{UP}\r"), (1, "", END_OF_INPUT)) == ["第19999问"]
    kept = history.read_text(encoding="utf-8")
    assert kept.startswith("# ")
    assert len(kept.encode()) < 110_000


def test_without_a_file_lines_are_remembered_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    steps = (0, "", "水稻\r"), (1, "", f"{UP}\r"), (2, "", END_OF_INPUT)
    assert typed(tmp_path / "file" / "asked", *steps) == ["水稻", "水稻"]


def test_tab_completes_a_place_in_the_middle_of_a_question(history: Path) -> None:
    steps = (0, "", f"去年奈曼{TAB}"), (0, "去年奈曼旗", "水稻\r"), (1, "", END_OF_INPUT)
    assert typed(history, *steps) == ["去年奈曼旗水稻"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("全", ["全文"]),
        ("今年库", ["今年库伦旗", "今年库尔勒市", "今年库伦镇"]),
        ("今年库伦", ["今年库伦旗", "今年库伦镇"]),
        ("库伦旗", []),
        ("he", ["help"]),
        ("水稻he", []),
        ("", []),
    ],
)
def test_commands_are_offered_at_the_beginning_and_places_anywhere(text: str, lines: list[str]) -> None:
    assert offered(text) == lines


def test_ctrl_c_is_passed_on(history: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(history, (0, "", f"水稻{CTRL_C}"))
