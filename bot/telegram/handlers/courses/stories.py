"""🧵 under an answer, and 后来怎么样了 behind one: how the matter of its article went on."""

from __future__ import annotations

from telegram import Message, Update

from bot.chats.answers import GivenAnswer
from bot.messages.courses.stories import render_story
from bot.messages.reply import Button, Reply
from bot.telegram.client.sending import send_to
from bot.telegram.context import Context
from bot.telegram.handlers.answer_buttons import find_given_answer
from bot.telegram.handlers.callbacks import accept
from bot.telegram.registration import Handlers
from retrieval import Course, Library


async def press(update: Update, context: Context) -> None:
    """Send the course of an answer's story."""
    pressed = await accept(update, context)
    if pressed is None:
        return
    given = await find_given_answer(pressed.message, context, pressed.rest)
    if given is not None:
        await tell(pressed.message, context, given)


async def tell(message: Message, context: Context, given: GivenAnswer) -> None:
    """Send the course of the story of an answer that was given, or that there is none."""
    course = await context.ask(_course, context.services.library, given)
    if course is None or not course.is_shown:
        watch = Button(context.texts.watch_button, f"w:{given.id}")
        await send_to(message, Reply(context.texts.story_none, ((watch,),)))
        return
    await send_to(message, render_story(course, given.id, context.texts, context.links))


def _course(library: Library, given: GivenAnswer) -> Course | None:
    article = library.article(given.hits[0].article_id) if given.hits else None
    return library.story(article) if article is not None else None


HANDLERS = Handlers(buttons={"st": press})
