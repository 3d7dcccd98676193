"""The one line that a courtesy is answered with."""

from __future__ import annotations

from bot.languages import Texts
from bot.languages.intent_table import Act


def say_courtesy(act: Act, texts: Texts) -> str:
    """Return what is said to a greeting, thanks and the like."""
    said = {
        Act.GREETING: texts.said_greeting,
        Act.THANKS: texts.said_thanks,
        Act.WHO: texts.said_who,
        Act.FAREWELL: texts.said_farewell,
        Act.ABUSE: texts.said_abuse,
    }
    return said.get(act, texts.said_assent)
