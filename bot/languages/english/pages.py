"""The longer texts of the English table: greeting, help, what is stored."""

from __future__ import annotations

WELCOME = (
    "Hello, I am <b>云问</b> (Yunwen). I answer questions from local Chinese newspapers.\n"
    "Every answer is quoted from a paper, with its date and source; what the papers do not say, I say so."
)
HELP = (
    "<b>How to ask</b>\n"
    "· Send a question in Chinese, such as 库伦旗水稻种植面积.\n"
    "· Name the banner or county; where a name is unclear, I ask which place you mean.\n"
    "· News: “what is the news today”, 6月30日通辽有什么新闻, 最新消息.\n"
    "· Times work too: 今年, 去年, 6月30日, 最近一周.\n\n"
    "<b>Buttons below an answer</b>\n"
    "· <b>More</b>: other articles on it\n"
    "· <b>Full text</b>: the whole article, nothing left out\n"
    "· <b>Copy</b>: that sentence with where it stands, to paste elsewhere\n\n"
    "<b>Every day</b>\n"
    "· /subscribe 库伦旗: follow a place, its news every morning\n"
    "· /watch 库伦旗水稻: I tell you when a new article answers that\n"
    "· /subscriptions: see and change that; /digest: today's at once\n"
    "· /privacy: what is stored; /forget: delete it all\n\n"
    "/language: another language. I quote; I neither write nor calculate."
)
FOR_OFFICES = (
    "<b>In groups</b>\nAdd @{username} to a group and write @{username} with a question; admins set language and place "
    "with /settings.\n\n"
    "<b>Daily digest</b>\nAdmins send /subscribe with a place in a group or channel.\n\n"
    "<b>Pages</b>\nEditors send me the day's file, look at the preview and take it in; whoever runs this bot has to name "
    "them as operators first."
)
PRIVACY = (
    "<b>What is stored</b>\n"
    "· the number of this chat; no name, telephone number or user name\n"
    "· places followed, keywords, times, the language, and settings of groups\n"
    "· questions you want news of, and which sentences you were told\n"
    "· which day's digest was delivered\n"
    "· questions asked and the numbers of articles in the answers, deleted after 180 days, so that buttons "
    "work and you can ask on\n"
    "· your 👍 or 👎 on an answer and why, with that question and answer, to improve; "
    "in a group one for each answer, without who pressed\n"
    "None of it is given to anybody. Send /forget to delete it all at once."
)
DESCRIPTION = (
    "Yunwen answers from local Chinese newspapers in their own words: the sentence, the figure, the date and the "
    "source; and says so when the papers say nothing.\nJust send a question. You can also follow a place and get a "
    "digest each morning."
)
