"""What the modules of handlers export fits together."""

from dataclasses import fields

import pytest

from bot.languages import Commands
from bot.telegram.application import MODULES
from bot.telegram.registration import Handlers, merge_buttons

OPERATORS = {"papers", "remove", "reread", "block", "unblock"}
"""Commands for admins alone: no menu lists them."""


def test_no_prefix_of_a_button_is_taken_twice() -> None:
    prefixes = [prefix for module in MODULES for prefix in module.buttons]
    assert len(prefixes) == len(set(prefixes))
    assert merge_buttons(MODULES).keys() == set(prefixes)


def test_a_prefix_taken_twice_is_refused() -> None:
    async def press(update: object, context: object) -> None:
        """Do nothing."""

    with pytest.raises(ValueError, match="full"):
        merge_buttons([Handlers(buttons={"full": press}), Handlers(buttons={"full": press})])


def test_every_command_has_its_texts_and_every_text_its_command() -> None:
    names = [name for module in MODULES for name in (*module.commands, *module.commands_and_posts)]
    assert len(names) == len(set(names))
    assert set(names) - OPERATORS == {field.name for field in fields(Commands)}
