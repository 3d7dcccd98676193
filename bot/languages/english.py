"""English. Places, titles and evidence stay in the articles' own words."""

from __future__ import annotations

from bot.languages.texts import Commands, Texts

ENGLISH = Texts(
    commands=Commands(
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
        settings="Settings: language, what is answered, place",
        language="Language · 换语言",
        help="How to ask",
    ),
    description=(
        "Yunwen answers from local Chinese newspapers in their own words: the sentence, the figure, the date and the "
        "source; and says so when the papers say nothing.\nJust send a question. You can also follow a place and get a "
        "digest each morning."
    ),
    short_description="Answers from local Chinese newspapers, with source and date, and a daily digest of your places.",
    language_name="English",
    comma=", ",
    list_comma=", ",
    semicolon="; ",
    day="{day} {month} {year}",
    short_day="{day} {month}",
    day_range="{first} to {last}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    as_of="as of {day}",
    date_inferred=" (inferred from the dateline)",
    date_unknown="date unknown",
    parenthesis=" ({inside})",
    welcome=(
        "Hello, I am <b>云问</b> (Yunwen). I answer questions from local Chinese newspapers.\n"
        "Every answer is quoted from a paper, with its date and source; what the papers do not say, I say so."
    ),
    help=(
        "<b>How to ask</b>\n"
        "· Send a question in Chinese, such as 库伦旗水稻种植面积.\n"
        "· Name the banner or county; where a name is unclear, I ask which place you mean.\n"
        "· News: “what is the news today”, 6月30日通辽有什么新闻, 最新消息.\n"
        "· Times work too: 今年, 去年, 6月30日, 最近一周.\n\n"
        "<b>Buttons below an answer</b>\n"
        "· <b>More</b>: other articles on it\n"
        "· <b>Full text</b>: the whole article, nothing left out\n\n"
        "<b>Every day</b>\n"
        "· /subscribe 库伦旗: follow a place, its news every morning\n"
        "· /watch 库伦旗水稻: I tell you when a new article answers that\n"
        "· /subscriptions: see and change that; /digest: today's at once\n"
        "· /privacy: what is stored; /forget: delete it all\n\n"
        "/language: another language. I quote; I neither write nor calculate."
    ),
    ask_home="<b>Which place are you at home in?</b> Choose one to see its news. Or just ask: there are examples below.",
    map_button="📍 By my location",
    other_places_button="Other places",
    for_offices_button="For groups and offices",
    ask_location="Press the button below to send me your location; I look up the nearest place and keep nothing.",
    location_button="📍 Send my location",
    for_offices=(
        "<b>In groups</b>\nAdd @{username} to a group and write @{username} with a question; admins set language and place "
        "with /settings.\n\n"
        "<b>Daily digest</b>\nAdmins send /subscribe with a place in a group or channel.\n\n"
        "<b>Pages</b>\nEditors send me the day's file, look at the preview and take it in; whoever runs this bot has to name "
        "them as operators first."
    ),
    try_these="You could try:",
    only_text="I only understand text. Please type what you want to know in a sentence.",
    no_words="There are no words to look for. Please ask in a sentence: a place and what you want to know.",
    too_old="What this button led to has expired. Please send your question again.",
    gone="This article is no longer in the archive. Please send your question again.",
    which_place="Please write a place behind /place, as /place 通辽市.",
    no_place="I do not know this place. Please write it in full, as /place 通辽市.",
    no_more="There is no more.",
    nothing_before="There is no answer to go on from yet. Please ask a question first.",
    apology="Sorry, something went wrong and I could not answer. Please try again later. (code {code})",
    unreachable="Answers cannot be looked up right now. Please try again later.",
    see_also="See also:",
    near_heading="Related articles (not the answer):",
    differing_heading="Reports of different dates give different figures:",
    differing_line="· {day} <b>{figure}</b> {title}",
    did_you_mean="Did you mean {names}?",
    resolved_word="“{word}” means {meaning}",
    resolved_note="Here {words}",
    same_story="The same news in {n} more: {sources}",
    see_also_line="{rank}. {title}{where}",
    further_line="{rank}. {title}{where}: {sentence}",
    which_meaning="“{name}” may be several places. Please choose one:",
    counting_with_hits=(
        "This asks to count, add up or compare across articles, which I do not do; below are the related articles."
    ),
    counting_without_hits=(
        "This asks to count, add up or compare across articles, which I do not do; nor did I find related articles."
    ),
    nothing_to_look_for="There are no words to look for in this question. Please put it another way.",
    nothing_found="No answer to “{question}”: the papers say nothing about it.",
    near_found="Nothing found on {wanted}.",
    wanted_of="{where} {topic}",
    wanted_quoted="“{question}”",
    browse_newest="Latest news",
    browse_topic="“{topic}”",
    browse_not_yet="The papers of {when} are not here yet; the newest issue is of {day}:",
    browse_other_day="Nothing was printed on {what}; the newest issue is of {day}:",
    browse_none="There is nothing on {what} yet. The newest issue here is of {day}.",
    browse_nothing="There are no articles here yet.",
    browse_author="  {author}",
    author_unknown="it does not say who wrote it",
    watch_place="This asks for news, not for an answer. To get it every day, follow the place.",
    passed_on="You sent me an article. What would you like to know? Please ask in one sentence.",
    passed_on_known="The archive has this article:",
    said_greeting="Hello! Just ask: a place and what you want to know, in Chinese, or “what is the news today”.",
    said_thanks="You are welcome. Ask whenever you like.",
    said_who=(
        "I am Yunwen, a bot that looks things up in local papers: every answer is quoted word for word, with its date and "
        "source. Send “help” to see how to ask."
    ),
    said_farewell="Goodbye. Come back with a question any time.",
    said_assent="All right. Just go on asking.",
    said_abuse="Sorry that I was no help. Please put it another way, with the place and what you want to know, and I will look again.",
    paused="All right, no more digests and no news of what you watch. To have them again, say “resume”.",
    resumed="All right, the digests go on.",
    page_button="🗞 Page",
    page_caption="{paper}, {day}, page {number} {name}",
    full_button="Full text",
    full_stands_above="The full text stands above already.",
    hit_button="No. {rank}",
    more_button="More",
    subscribe_button="Follow {place}",
    continue_button="Go on (parts left: {n})",
    how_to_subscribe=(
        "Choose a place to follow; its news comes each morning.\n"
        "Or send /subscribe with a name, as /subscribe 通辽市 except 开鲁县"
    ),
    no_subscriptions="You follow no place yet. Send /subscribe with a place, as /subscribe 库伦旗.",
    only_group_admins="Only admins may change what this chat follows and how it is set.",
    not_followed="This place is not followed. Send /subscriptions to see what is.",
    too_many="A chat can follow {n} places at most. Please delete some with /subscriptions first.",
    ask_forget=(
        "Delete everything stored about this chat? What it follows and watches, digests, answers and verdicts go at once and "
        "cannot "
        "be brought back."
    ),
    forgotten="All deleted. Nothing about this chat is left.",
    welcome_back=(
        "Welcome back. Messages could not be delivered here, so the digests had stopped; they go on now, and the "
        "next one has what was missed."
    ),
    privacy=(
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
    ),
    place_count="<b>{path}</b>: {n} articles",
    place_silent="No articles yet: {names}",
    child_count="· {name}: {n}",
    child_button="{name} ({n})",
    previous_page="‹ Back",
    next_page="Next ›",
    subscribe_within_button="Follow {place} and all within",
    back_button="‹ Up",
    type_place_button="✍ Write a name",
    ask_place="Which place? Please reply with its name, as 通辽市 except 开鲁县",
    place_example="As 库伦旗",
    which_to_subscribe="Which “{name}” do you mean? Choose one to follow:",
    itself_only="{place} (not what lies within)",
    except_places="except {places}",
    with_words="with {words}",
    without_words="without {words}",
    subscribed="You now follow: {choice}\nThe digest comes every day at {hour}:00 ({zone}).",
    subscribed_already="You follow this already: {choice}\nThe digest comes every day at {hour}:00 ({zone}).",
    my_subscriptions_button="What I follow",
    show_now_button="Show now",
    n_subscriptions="<b>Followed: {n}</b>{state}",
    state_paused="paused",
    state_blocked="could not be delivered, stopped",
    quiet_hours="quiet {first}:00–{last}:00",
    no_quiet_hours="no quiet hours",
    when="Every day at {hour}:00, {zone}, {quiet}; {empty}",
    says_empty="days without news are told",
    says_no_empty="nothing on days without news",
    edit_button="Change: {choice}",
    hour_button="Hour",
    quiet_button="Quiet hours",
    zone_button="Time zone",
    pause_button="Pause",
    resume_button="Resume",
    want_empty_button="Tell me of days without news",
    want_no_empty_button="Nothing on days without news",
    without_children_button="Without what lies within",
    with_children_button="With what lies within",
    delete_button="Delete",
    ask_hour="At what hour shall the digest come?",
    ask_quiet="When do you want quiet? You can also send /quiet 21-6.",
    ask_zone="By which time shall the digest come?",
    zone_names=(
        "Beijing time",
        "Ürümqi time",
        "Hong Kong time",
        "Ulaanbaatar time",
        "Tokyo time",
        "London time",
    ),
    other_zone_button="Other …",
    ask_zone_name="Please reply with the zone's name, as Asia/Almaty",
    zone_example="Asia/Almaty",
    no_quiet_button="None",
    forget_button="Delete all",
    keep_button="Keep it",
    unsubscribed="{place} is no longer followed.",
    unsubscribed_all="Nothing is followed any more.",
    hours_changed="Done: every day at {hour}:00 ({zone}){quiet}.",
    quiet_suffix=", quiet {first}:00–{last}:00",
    export_caption="Send this file back to restore what you follow.",
    watch_button="🔔 Tell me news of this",
    watching="I will tell you when a new article answers “{question}”, each story once.",
    watching_already="I am watching “{question}” already and will tell you of new answers.",
    show_present_button="What there is now",
    ask_watch="News of what? Please reply with it, as 库伦旗水稻种植面积",
    watch_example="As 库伦旗水稻种植面积",
    too_many_watched=("A chat can watch {n} questions at most. Please delete some in /subscriptions first."),
    cannot_watch=(
        "I cannot watch this: it is too long, has no words to look for, or asks to count or "
        "compare. Please put it differently, as 库伦旗水稻种植面积."
    ),
    n_watched="<b>Questions watched: {n}</b> (new answers are sent to you)",
    watched_button="🔔 {question}",
    unwatch_button="Stop watching",
    unwatched="I no longer watch “{question}”.",
    told_heading="🔔 News of “{question}”, which you watch:",
    verdict_thanks="Thank you, noted.",
    why_place_button="Wrong place",
    why_figure_button="Wrong figure",
    why_outdated_button="Out of date",
    why_missing_button="It was printed",
    why_misread_button="Not what I asked",
    why_other_button="Other",
    unknown_place="I do not know the place “{name}”. Please write it in full, as 通辽市 or 库伦旗.",
    too_many_words="At most {n} keywords of at most {length} characters each.",
    bad_hour="Please write a full hour from 0 to 23, as /hour 7.",
    bad_zone="There is no time zone “{name}”. Please write one such as Asia/Shanghai or Asia/Urumqi.",
    bad_quiet="Please write the first and last full hour, as /quiet 22-7; /quiet off for none.",
    quiet_all_day="Quiet hours cannot begin when they end: nothing could be sent all day.",
    import_too_large="This file is too large to be one of Yunwen's exports.",
    import_no_json="This file is no complete JSON; nothing was imported. To restore what you follow, send the file of /export again.",
    import_foreign="This is not one of Yunwen's exports; nothing was imported.",
    import_too_many="The file has no list of places or more than {n}; nothing was imported.",
    import_incomplete="Entry {number} of the file is incomplete; nothing was imported.",
    import_bad_place="Entry {number} of the file names an unknown place; nothing was imported.",
    import_no_hours="The times in the file are incomplete; nothing was imported.",
    import_bad_hours="The hour (0 to 23) or time zone in the file is wrong; nothing was imported.",
    digest_title="<b>云问日报</b> {day}",
    digest_head="<b>云问日报</b> {day} · {n} in all",
    digest_of_day="Reports of {day}",
    digest_others="{n} more of them",
    digest_alike="Much the same",
    digest_routine="Weather and notices",
    digest_late="Older, received only now",
    digest_range=", {first} to {last}",
    nothing_new="No news today.",
    digest_came="The digest of {day} has come; there is no news since.",
    digest_again_button="See it again",
    rest_button="{n} more",
    also_told="in {n} more",
    elsewhere="Elsewhere",
    only_operators_see="Only the operators can see this.",
    paper_alarm_empty=(
        "⚠ {paper}: the issue of {day} is there, but no article could be read; the site may have been redesigned: {detail}"
    ),
    paper_alarm_lost="⚠ {paper}: parts of the issue of {day} could not be read, after some tries: {detail}",
    paper_alarm_silent="⚠ {paper}: no new issue for three days, the last one is of {day}: {detail}",
    no_papers="No newspapers are followed: put the address of a digital edition into the setting PAPERS.",
    paper_heading="{paper} ({address}), looked at on {day}",
    paper_problem="⚠ {reason}",
    paper_issue="· {day}: {pages_read} of {pages} pages, {articles_read} of {articles} articles{lost}",
    paper_lost=", {n} could not be read",
    paper_without_issue="· no issue has been read yet",
    only_operators="Only the operators can add or remove pages.",
    ingest_busy="Other pages are being read. Please press again later.",
    ingested_elsewhere="Pages are not taken in here: put the file into a folder that the ingesting process watches.",
    ingest_failed="It did not work; nothing was changed, and you can try again. (code {code})",
    upload_expired="This file was dealt with already, or has expired. Please send it again.",
    upload_discarded="Dropped; nothing was taken in.",
    remove_which="Please write a file's name, as /remove 20220630.txt. There are:\n{names}",
    none_yet="(none yet)",
    only_formats="Only these formats: {formats}",
    upload_too_large="The file is larger than {n} MB. Please send it in parts.",
    upload_unread="This file cannot be read: {reason}",
    reading_problems=(
        "there is nothing in it",
        "only headings, no article",
        "it has a password: please send it without",
        "it is too large: please send it in parts",
        "it is no complete JSON of one article a line",
        "its characters are not UTF-8: please save it so",
        "no text in it, perhaps only pictures",
        "its date cannot be read: please write 2022-06-30",
        "it is damaged, or of another format: please export it again",
        "it is too long or too complex: please send it in parts",
        "its format or content is wrong: please export it again",
    ),
    upload_empty="There are no articles in this file.",
    upload_articles="<b>{name}</b>: {n} articles",
    upload_dates="Dates: {dates}",
    upload_places="Places: {places}",
    place_unrecognised="none recognised",
    counted="{name} ({n})",
    upload_replaces="There is a page of this name already: it will be replaced.",
    ask_page_date="No date was found. Please choose the day of issue, or take it in without.",
    ingesting="Reading it; I will tell you when it is done.",
    take_button="Take in",
    discard_button="Drop",
    odd_line="⚠ {name} line {line}: {reason}",
    odd_file="⚠ {name}: {reason}",
    odd_more="⚠ {n} more cannot be read",
    odd_no_place="⚠ articles without a known place: {n}",
    ingested=(
        "Done. Pages: {new} new, {changed} changed, {removed} removed, {unchanged} unchanged; {articles} articles in all."
    ),
    ask_language="Which language?",
    language_changed="All right, English from now on. Articles stay in their own words.",
    ask_how=(
        "Please write a question behind it, as @{username} 库伦旗水稻种植面积, or /ask 库伦旗水稻种植面积."
    ),
    group_welcome=(
        "Hello, I am <b>云问</b> (Yunwen) and answer from local papers. To ask, write @{username} "
        "and a question, reply to one of my messages, or use /ask; I leave all else alone. Admins "
        "set language and place with /settings."
    ),
    settings_title="<b>Settings of this chat</b>",
    settings_language="Language: {language}",
    settings_answers_all="Answered: mentions, replies to me, /ask",
    settings_answers_commands="Answered: /ask and other commands only",
    settings_home="Place: {place}. A question without a place is first taken for it.",
    settings_no_home=(
        "Place: none. Send /settings with a place, and a question without one is first taken for it."
    ),
    only_commands_button="Commands only",
    answer_all_button="Mentions and replies too",
    no_home_button="No place",
    original="original",
    more_heading="Other articles, {first} to {last} of {n}:",
    more_line="<b>{rank}.</b> {title}{where}\n{sentence}",
    place_articles="The newest, {first} to {last}:",
    place_article="· {title}{where}",
    within_button="Places within",
    inline_help_title="Type a place and what you want to know",
    inline_help_description="As 库伦旗水稻; two Chinese characters at least.",
    inline_help_text=(
        "In any chat, type @{username} with a place and what you want to know, as @{username} "
        "库伦旗水稻, and choose a passage of the papers to share."
    ),
    counted_articles="{of}: {n} articles.",
    counted_all="All articles",
    counted_heading="The newest:",
    side_by_side="What the papers say of each place is below; the figures are listed, neither compared nor added up.",
    side_silent=" Nothing was found of: {names}.",
    story_button="🧵 The story",
    story_heading="{title}: {n} articles, the oldest first",
    story_none="No other articles on the same matter were found.",
    story_line="<b>{day}</b> {title}: {sentence}",
    which_week="Write a place behind /week, such as /week 通辽市, or /week 通辽市 2022-W26.",
    week_heading="{place} {week} ({first} to {last}): {n} stories",
    week_nothing="There are no articles about {place} yet.",
    week_news="News",
    week_figures="Figures",
    week_line="· {title}{where}: {sentence}",
    timeline_button="📈 Over time",
    timeline_heading="{indicator}: {n} figures ({unit})",
    timeline_none="The articles give no figures of “{indicator}” to list by time.",
    timeline_single="The articles give a figure for one time alone.",
    timeline_differs="≠ Figures for the same time differ; all are listed.",
    timeline_left="The latest {n}; {left} earlier ones are left out.",
    timeline_line="<b>{time}</b> {value}{note}{mark}: {sentence} {source}",
    timeline_legend="● actual  ■ cumulative  △ planned  ○ forecast",
    point_planned="planned",
    point_cumulative="cumulative",
    point_forecast="forecast",
    point_of_issue="by the issue date",
    prompt="? ",
    terminal_greeting="Yunwen: every answer is quoted from the papers. ",
    terminal_help="Type a question. full N: the whole of number N; more: the rest; help; quit.",
    terminal_did_you_mean="Did you mean: {names}",
    terminal_resolved="{word} = {meaning}",
    terminal_which_number="Please type one of the numbers above.",
    terminal_no_hit="There is no such number. Ask a question first, then type full N.",
    terminal_digest_head="{path}  {day}  {n}",
    terminal_only_in_chats="Subscriptions, digests and settings are for Telegram; here just ask.",
    terminal_more="There is more: type more.",
    terminal_also="See also: {title}{source}",
    notice_limited="That was a little fast. Please ask again in {n} s.",
    notice_overloaded="Too many people are asking right now, so this one was not answered. Please send it again in a while.",
    notice_too_long="That is too long. Please ask in one sentence, such as a place and what you want to know of it.",
    notice_not_allowed="This bot answers in chosen chats only.",
    which_chat="Please give the numeric id of a chat or a person, as in /block -1001234567890.",
    admins_stay="Admins cannot be blocked.",
    blocked="{id} is blocked and no longer answered.",
    was_blocked="{id} is blocked already.",
    unblocked="{id} is answered again.",
    not_blocked="{id} is not blocked.",
)
