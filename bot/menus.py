"""What a person sees of places and subscriptions: menus of divisions, the list of wishes, settings."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bot.context import PlaceListing
from bot.replies import Button, Reply
from bot.subscribers import MOST_SUBSCRIPTIONS, ChatState, Subscriber, Subscription
from retrieval import Choice, PlaceChoice

_PER_PAGE = 8
_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Ulaanbaatar", "Asia/Tokyo", "Europe/London")
_QUIET = ("22-7", "23-8", "0-6")

HOW = (
    "发 /subscribe 加地名就能订阅，例如：\n/subscribe 库伦旗\n/subscribe 通辽市 除 开鲁县\n"
    "/subscribe 奈曼旗 含 水稻 不含 广告\n也可以从下面选："
)
NO_SUBSCRIPTIONS = "还没有订阅。发 /subscribe 加地名，如 /subscribe 库伦旗。"
ONLY_ADMINS = "只有管理员能改这里的订阅。"
NOT_FOLLOWED = "没有订阅这个地方。发 /subscriptions 看已订阅的。"
TOO_MANY = f"一个聊天最多订阅 {MOST_SUBSCRIPTIONS} 个，已经满了。请先用 /subscriptions 删掉几个。"
FORGET = "要删除云问记下的关于这里的一切吗？订阅、日报记录和回答记录都会立即删除，不能恢复。"
FORGOTTEN = "已全部删除，没有留下任何关于这里的记录。"
BACK = "欢迎回来。之前消息发不到这里，日报停了；现在恢复了，错过的会在下一期里。"
PRIVACY = (
    "<b>云问记下什么</b>\n"
    "· 这个聊天的编号，没有姓名、电话和用户名\n"
    "· 订阅的地方、关键词、时间\n"
    "· 每期日报发到哪里了（哪天、发没发到）\n"
    "· 问过的问题和回答用到的文章编号，180 天后自动删除，为了按钮能用、能接着问\n"
    "不交给任何人。发 /forget 立即全部删除。"
)


def render_place(listing: PlaceListing) -> Reply:
    """A place with those right below it: first those that there are articles of, then how many have none."""
    told = sorted((pair for pair in listing.children if pair[1]), key=lambda pair: -pair[1])
    silent = [division.name for division, n in listing.children if not n]
    lines = [f"<b>{escape(listing.path)}</b>：{listing.n_articles} 篇"]
    lines += [f"· {escape(division.name)}：{n} 篇" for division, n in told]
    if silent:
        lines.append("还没有报道：" + "、".join(map(escape, silent)))
    return Reply("\n".join(lines))


def render_listing(listing: PlaceListing, page: int) -> Reply:
    """A division's children as buttons with their counts, eight a page, and the division itself to follow."""
    children = listing.children[page * _PER_PAGE : (page + 1) * _PER_PAGE]
    rows: list[tuple[Button, ...]] = [
        (Button(f"{division.name}（{n}）", f"m:{division.code}:0"),) for division, n in children
    ]
    turns = [Button("‹ 上一页", f"m:{listing.code}:{page - 1}")] if page else []
    if (page + 1) * _PER_PAGE < len(listing.children):
        turns.append(Button("下一页 ›", f"m:{listing.code}:{page + 1}"))
    rows += [tuple(turns)] if turns else []
    name = listing.path.rpartition(" › ")[2]
    rows.append((Button(f"订阅{name}" + ("（含下属）" if listing.children else ""), f"s:{listing.code}"),))
    if listing.parent:
        rows.append((Button("‹ 返回", f"m:{listing.parent}:0"),))
    return Reply(f"<b>{escape(listing.path)}</b>：{listing.n_articles} 篇\n{HOW}", tuple(rows))


def render_unclear(name: str, choices: tuple[PlaceChoice, ...]) -> Reply:
    """A name that may mean several places, or none but nearly one."""
    rows = tuple((Button(each.path, f"s:{each.code}"),) for each in choices[:_PER_PAGE])
    return Reply(f"“{escape(name)}”是指哪里？选一个来订阅：", rows)


def describe_choice(choice: Choice, name_of: Callable[[str], str]) -> str:
    """A subscription in words."""
    parts = [name_of(choice.code) + ("" if choice.with_descendants else "（不含下属）")]
    if choice.excluded:
        parts.append("除 " + "、".join(map(name_of, choice.excluded)))
    if choice.must:
        parts.append("含 " + "、".join(choice.must))
    if choice.must_not:
        parts.append("不含 " + "、".join(choice.must_not))
    return "，".join(parts)


def render_subscribed(
    subscriber: Subscriber, choice: Choice, is_new: bool, name_of: Callable[[str], str]
) -> Reply:
    """That a subscription is in force, and when the digest comes."""
    hours = subscriber.hours
    said = "已订阅" if is_new else "早就订阅了"
    text = f"{said}：{escape(describe_choice(choice, name_of))}\n每天 {hours.hour}:00（{escape(hours.zone)}）发日报。"
    return Reply(text, ((Button("我的订阅", "l"), Button("马上看", "now")),))


def render_subscriptions(subscriber: Subscriber, name_of: Callable[[str], str]) -> Reply:
    """A chat's wishes with buttons to change each."""
    hours = subscriber.hours
    state = {ChatState.PAUSED: "已暂停", ChatState.BLOCKED: "发不到，已停"}.get(subscriber.state, "")
    quiet = f"{hours.quiet[0]}:00–{hours.quiet[1]}:00 免打扰" if hours.quiet else "无免打扰时段"
    lines = [
        f"<b>订阅 {len(subscriber.subscriptions)} 个</b>" + (f"（{state}）" if state else ""),
        *(
            f"{n}. {escape(describe_choice(each.choice, name_of))}"
            for n, each in enumerate(subscriber.subscriptions, start=1)
        ),
        f"\n每天 {hours.hour}:00，{escape(hours.zone)}，{quiet}；"
        + ("没有新消息也告诉我" if subscriber.wants_empty else "没有新消息就不发"),
    ]
    rows: list[tuple[Button, ...]] = [
        (Button(f"改：{describe_choice(each.choice, name_of)}"[:60], f"e:{each.id}"),)
        for each in subscriber.subscriptions[:40]
    ]
    pause = "恢复" if subscriber.state is ChatState.PAUSED else "暂停"
    rows.append((Button("时间", "h"), Button("免打扰", "q"), Button("时区", "z"), Button(pause, "p")))
    empty = "没有新消息就别发" if subscriber.wants_empty else "没有新消息也告诉我"
    rows.append((Button(empty, "n"),))
    return Reply("\n".join(lines), tuple(rows))


def render_one(subscription: Subscription, name_of: Callable[[str], str]) -> Reply:
    """One subscription with what can be done to it."""
    children = "不要下属旗县" if subscription.choice.with_descendants else "要下属旗县"
    rows = (
        (Button(children, f"t:{subscription.id}"), Button("删除", f"d:{subscription.id}")),
        (Button("‹ 返回", "l"),),
    )
    return Reply(escape(describe_choice(subscription.choice, name_of)), rows)


def render_hour_menu() -> Reply:
    """The hours of the day as buttons."""
    hours = [Button(f"{hour}:00", f"h:{hour}") for hour in range(24)]
    rows = tuple(tuple(hours[start : start + 6]) for start in range(0, 24, 6))
    return Reply("每天几点发日报？", (*rows, (Button("‹ 返回", "l"),)))


def render_quiet_menu() -> Reply:
    """Some quiet hours as buttons; others are typed."""
    row = tuple(Button(each, f"q:{each}") for each in _QUIET)
    return Reply(
        "什么时候别打扰？也可以发 /quiet 21-6。", (row, (Button("不设", "q:无"), Button("‹ 返回", "l")))
    )


def render_zone_menu() -> Reply:
    """Some time zones as buttons; others are typed."""
    rows = tuple((Button(zone, f"z:{zone}"),) for zone in _ZONES)
    return Reply("在哪个时区？也可以发 /zone Asia/Almaty。", (*rows, (Button("‹ 返回", "l"),)))


def render_forget() -> Reply:
    """The question before everything is deleted."""
    return Reply(FORGET, ((Button("全部删除", "forget"), Button("不删", "l")),))
