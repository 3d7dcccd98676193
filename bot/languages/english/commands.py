"""What each command does, in English, as Telegram's menu shows it."""

from __future__ import annotations

from bot.languages.texts import Commands

COMMANDS = Commands(
    start="Begin, with a few examples",
    ask="Ask a question in a group, as /ask 库伦旗水稻",
    subscribe="Follow a place: a digest every day",
    watch="Tell me when there is news, as /watch 库伦旗水稻",
    subscriptions="See and change what you follow",
    unsubscribe="Stop following a place",
    digest="Today's digest now",
    hour="When the digest comes, as /hour 7",
    quiet="Quiet hours, as /quiet 22-7",
    zone="Time zone, as /zone Asia/Urumqi",
    export="Export what you follow",
    privacy="What is stored",
    forget="Delete everything about this chat",
    place="What lies within a place, with article counts",
    week="A place's week: its news and figures, as in /week 通辽市",
    month="A place's month: its news and figures, as in /month 通辽市",
    settings="Settings: language, what is answered, place",
    language="Language · 换语言",
    help="How to ask",
)
