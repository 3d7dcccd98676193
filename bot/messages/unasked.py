"""What people type that asks nothing, wherever questions come in: courtesies, and commands in words."""

from __future__ import annotations

from datetime import date

from bot.languages import Texts
from bot.languages.intent_table import COURTESIES, GOING_ON, Act
from bot.languages.intents import Intent, act_of, intent_of, recognise_intent, without_courtesy
from bot.languages.typed import put_right
from retrieval import Answer, Library, Messages, Outcome, Timings, Turn


def hear(text: str, library: Library) -> Intent | None:
    """What a message says as a whole, by its words or else by its meaning; None where it is a question."""
    return recognise_intent(text, is_place=library.is_place_name) or hear_meaning(text, library.messages)


def hear_meaning(text: str, messages: Messages) -> Intent | None:
    """What a message says in words that no table knows; None where it is a question, or unsure."""
    act = act_of(messages.kind(text))
    return None if act is None else intent_of(act, text, messages.places(text), messages.matter(text, act))


def say_unasked(intent: Intent | None, texts: Texts) -> str | None:
    """Return what is said to a text that asks nothing, where only questions are answered; None for a question."""
    if intent is None or may_ask(intent):
        return None
    return say_courtesy(intent.act, texts) if intent.act in COURTESIES else texts.only_in_chats


def say_unasked_words(text: str, texts: Texts) -> str | None:
    """Return what is said to a text that asks nothing by its words alone; None for a question."""
    return say_unasked(recognise_intent(text), texts)


def may_ask(intent: Intent) -> bool:
    """Whether what is said may be a question where there is no chat to do it in."""
    return intent.is_question_too or intent.act in GOING_ON


def ask_typed(
    library: Library,
    text: str,
    *,
    k: int = 5,
    region: str | None = None,
    previous: Turn | None = None,
    today: date | None = None,
) -> Answer:
    """Return the answer to what somebody typed; one without hits, and nothing is looked up, where it asks nothing."""
    intent = recognise_intent(text)
    if intent is not None and not may_ask(intent):
        return Answer(
            question=text, outcome=Outcome.NONE, as_of=None, hits=(), timings=Timings(0.0, 0.0, 0.0)
        )
    question = without_courtesy(text)
    if previous is not None:
        question = put_right(question, library.stands_alone, library.is_place_name)
    return library.ask(question, k=k, region=region, previous=previous, today=today)


def say_courtesy(act: Act, texts: Texts) -> str:
    """Return what is said to a greeting, thanks and the like."""
    said = {
        Act.GREETING: texts.said_greeting,
        Act.THANKS: texts.said_thanks,
        Act.WHO: texts.said_who,
        Act.FAREWELL: texts.said_farewell,
        Act.ABUSE: texts.said_abuse,
        Act.UNCLEAR: texts.said_unclear,
        Act.ALOUD: texts.said_aloud,
        Act.BEYOND: texts.said_beyond,
    }
    return said.get(act, texts.said_assent)
