"""The buttons under an answer: to read on, to be told more, and 👍 👎 behind one button until it is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chats.feedback import Reason, Verdict
from bot.languages import Texts
from bot.messages.answers import NextStep, Step
from bot.messages.reply import Button
from retrieval import Outcome

ASK = "ask"
"""What the button says that opens 👍 and 👎."""
_GOOD, _BAD, _CHOSEN = "👍", "👎", " ✓"
_OF_FOUND = (Reason.PLACE, Reason.FIGURE, Reason.OUTDATED, Reason.OTHER)
_OF_MISSING = (Reason.MISSING, Reason.MISREAD, Reason.OTHER)


def answer_rows(
    steps: Sequence[NextStep], answer_id: str, texts: Texts, *, is_group: bool = False, copied: str = ""
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons for what one can do next, `copied` being what can be taken away.

    What is for a group's admins alone is not shown in groups.
    """
    rows: list[list[Button]] = [[], [], []]
    for each in steps:
        if each.step is Step.FULL:
            rows[0].append(Button(texts.full_button, f"full:{each.target}:0", "primary"))
            rows[0] += [Button(texts.copy_button, "copy", copies=copied)] if copied else []
        elif each.step is Step.MORE:
            rows[0].append(Button(texts.more_button, f"more:{answer_id}"))
        elif each.step is Step.TIMELINE:
            rows[1].append(Button(texts.timeline_button, f"tl:{answer_id}"))
        elif each.step is Step.STORY:
            rows[1].append(Button(texts.story_button, f"st:{answer_id}"))
        elif each.step is Step.WATCH and not is_group:
            rows[2].append(Button(texts.watch_button, f"w:{answer_id}"))
        elif each.step is Step.JUDGE:
            rows[2].append(Button(_GOOD + _BAD, f"fb:{answer_id}:{ASK}"))
    if is_group:
        rows = [rows[0] + rows[2], rows[1]]
    return tuple(tuple(row) for row in rows if row)


def verdict_rows(
    answer_id: str,
    verdict: Verdict | None,
    reason: Reason | None,
    outcome: Outcome | None,
    texts: Texts,
) -> list[list[Button]]:
    """Return the buttons of a verdict: 👍 and 👎 while there is none, why it is bad, or what was chosen.

    What was chosen opens 👍 and 👎 again. `outcome` is None where the verdict is about no answer: no reason is asked for.
    """
    if verdict is None:
        return [[_button(_GOOD, answer_id, Verdict.GOOD), _button(_BAD, answer_id, Verdict.BAD)]]
    if verdict is Verdict.BAD and reason is None and outcome is not None:
        asked = _OF_FOUND if outcome is Outcome.FOUND else _OF_MISSING
        buttons = [_button(_label(each, texts), answer_id, each.value) for each in asked]
        return [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    label = _GOOD if verdict is Verdict.GOOD else _BAD
    label += f" {_label(reason, texts)}" if reason is not None else ""
    return [[_button(label + _CHOSEN, answer_id, ASK)]]


def _label(reason: Reason, texts: Texts) -> str:
    return {
        Reason.PLACE: texts.why_place_button,
        Reason.FIGURE: texts.why_figure_button,
        Reason.OUTDATED: texts.why_outdated_button,
        Reason.MISSING: texts.why_missing_button,
        Reason.MISREAD: texts.why_misread_button,
        Reason.OTHER: texts.why_other_button,
    }[reason]


def _button(label: str, answer_id: str, said: str) -> Button:
    return Button(label, f"fb:{answer_id}:{said}")
