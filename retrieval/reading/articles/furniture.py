"""What editors and sites put before and behind a report within its own paragraphs: 原标题：…, 责任编辑：…, 返回…，查看更多.

Such stretches stay in the text, so that offsets are true, as parts of their own kind: never evidence, never in a digest.
"""

from __future__ import annotations

import re

from retrieval.reading.articles.dateline import NAMED_OUTLETS, OUTLET_ENDS
from retrieval.reading.articles.headlines import SECTION_LABEL, printed_title_end
from retrieval.text.expressions import compiled_late

_WITHIN = 320
"""Characters at a paragraph's end in which what closes it is looked for."""

_PEOPLE = (
    "责任编辑|流程编辑|责编|值班编辑|网络编辑|编辑|校对|校审|审校|编校|编审|审核|审签|核稿|签发|初审|复审|终审|一审|二审|三审|总监制|监制|出品人|出品|"
    "排版|版式|美编|设计|制图|制作|片头制作|总策划|策划|统筹|运维|副主编|主编|撰文|撰稿|采写|供稿|作者|通讯员|记者|实习生|报道员|出镜|文案|"
    "图片|摄影|摄像|拍摄|剪辑|后期|配音|导演|编导|妆发|文字|文图"
)
_ORIGINS = "(?:稿件|文章|信息|资料|内容|图片|视频|(?:部分)?素材)?来\\s?源|素材(?:支持|提供)|图源|转自|综合自?"
_LINES = (
    "投稿邮箱|(?:新闻|广告|报料|爆料|维权|投诉|读者)热线|举报电话|联系电话|(?:爆料|报料|维权|投诉)[、\u3400-\u9fff]{0,6}(?:通道|途径|电话)|"
    "(?:本文|原文|文章)链接|(?:小编|编辑|客服|合作)微信号?|(?:发布广告|商务合作|广告合作)[\u3400-\u9fff]{0,4}"
)
_COLON = r"\s*[：:；丨|｜/／]+\s*"
_OPENING, _CLOSING = r"[（(\[【［]", r"[）)\]】］]"
_SHARING = "点?(?:分享|收藏|点赞|在看|评论|转发)"
_OUTLET = (
    rf"[\u3400-\u9fffA-Za-z·]{{1,10}}?{OUTLET_ENDS}"
    r"(?![友络民站格点箱告道区联上])(?:客户端|微信公众号|公众号)?(?:\s?[－—-]+\s?[\u3400-\u9fff]{2,6}?(?:频道|日报|网|报))?"
)
"""A name that has the form of an outlet's, with its channel: 某网－草原频道."""
_PLAYER_WORDS = (
    r"刷新重试|诊断code|刷新|重试|诊断|code|播放时间|提示信息|字幕|倍速|清晰度|音轨|正常|Off|On|确认|取消|全屏|静音|加载失败|加载中|视频|播放|暂停|重播|"
    r"(?:vid|uuid|requestId)\s*[：:]\s*[0-9a-f-]{0,40}|\d{1,2}:\d\d(?:\s*/\s*\d{1,2}:\d\d)?"
)
_PLAYER = compiled_late(
    rf"(?=.{{0,60}}?(?:诊断code|requestId|清晰度|倍速))(?:(?:{_PLAYER_WORDS})[：:\s/|]*+){{4,}}+"
)
"""The buttons of a video's player, which a page's text runs over: four of its words and more, one after the other."""
_PLAYER_MARKS = ("诊断code", "requestId", "清晰度", "倍速", "×1.5", "showPlayer")
_SCRIPT = compiled_late(
    r"showPlayer\([^()\n]{0,200}\);?|(?:\d{1,2}:\d\d\s*/\s*\d{1,2}:\d\d\s*)?(?:×[\d.]+\s*){4,}(?:\d{1,3}%\s*)?(?:用户鉴权失败\s*)?"
)
_LINK = compiled_late(
    r"(?<=[。！？!?”」）)\s])(?:此前|早前|更早前|往期|相关)报道(?:[：:]|回顾|链接)?(?![称说过的中指显提里，,。、；了])\s*"
    rf"|(?:(?<=[。！？!?”」）)\s])|^){SECTION_LABEL.pattern}"
    r"|(?<=[。！？!?”」）)\s])(?:前情回顾|事件回顾|新闻回顾|新闻链接|相关链接)[：:]?\s*"
)
"""What stands before an earlier report that a page goes on with."""
_SPACED = compiled_late(
    r"(?:(?<=[。！？!?])|^)(?:[\u3400-\u9fff][ \u3000]){3,}[\u3400-\u9fff](?=[\u3400-\u9fff])"
)
"""A heading whose characters are set apart: 通 知 公 告."""
_OWN_WORDS = compiled_late(
    rf"(?:(?<=[。！？!?”…])|^)(?:{NAMED_OUTLETS}|[A-Za-z]{{2,8}}之家)(?:[（(][^（）()\n]{{2,24}}[)）])?"
    r"(?:(?:\d{1,2}月)?\d{1,2}日)?(?:从[^，,。：:]{2,40}?)?(?:获悉|得知|了解到|注意到)[，,：:]\s*"
)
"""Where an agency has what it says from, at a sentence's beginning: the sentence begins behind it. A reporter's is prose."""
_AD = compiled_late(r"广告\s[^×。\n]{2,80}?×\s*")
_ITEMS: tuple[tuple[str, str], ...] = (
    (
        _OPENING,
        rf"(?:(?:{_PEOPLE}|{_ORIGINS}|原标题|原题为?){_COLON}[^）)\]】］\n]{{0,60}}{_CLOSING}|原题为?：?《[^》\n]{{2,80}}》{_CLOSING}"
        rf"|(?:投稿|区域合作|商务合作|广告合作)[^】）)\]\n]{{0,80}}{_CLOSING}|(?:完|全文完|本文完|[ \u3000]*纠错[ \u3000]*){_CLOSING}"
        rf"|原标题{_CLOSING}[^。\n]{{2,80}}?)",
    ),
    (_PEOPLE, rf"(?:{_COLON}|[ \u3000]+)[^。！？!?：:\n（）()]{{0,30}}?"),
    (_ORIGINS, rf"{_COLON}[^。！？!?：:\d\n]{{0,30}}?"),
    (_LINES, rf"{_COLON}[^。！？!?\n]{{0,60}}?"),
    ("原标题", rf"(?:{_COLON}|(?=《))[^。\n]{{2,80}}?"),
    ("图片(?:来源于|来自)", r"[^。！？，：:\n]{2,24}?"),
    ("版权(?:归|属)", r"[^。！？\n]{1,40}?"),
    (
        r"[（(]?《",
        r"\s*[\u3400-\u9fff]{2,12}\s*》\s*[（(]\s*(?:19|20)\d\d年\s*\d{1,2}月\s*\d{1,2}日[^（）()\n]{0,20}版\s*[）)]",
    ),
    ("END|分享让更多人看到|举报[/／]反馈", ""),
    (_SHARING, rf"[ \u3000、|｜，]*+(?:{_SHARING}[ \u3000、|｜，]*+){{1,5}}"),
    ("据(?:新华社|中新社|人民网|央视网|本报)", r"[\u3400-\u9fff·]{0,8}(?:专?电|讯|消息)"),
    ("返回", r"[^。！？\n]{2,8}?，?查看更多"),
    (r"[（(]?(?:阅读全文|阅读原文|查看原文|展开全文|未完待续)", "[)）]?[>＞»]*"),
    (
        "版权所有|版权声明|免责声明|特别声明|转载请|未经(?:授权|许可|书面|同意)|如需转载|本文(?:来自|转载自|为原创)",
        r"[^。！？\n]{0,80}?[。！]?",
    ),
    (
        "点击|扫码|扫描|扫一扫|长按|识别(?:下方|图中)",
        r"[^。！？\n]{0,40}?(?:关注|查看|阅读|进入|二维码|下载|订阅|报名|详情|参与|全文|链接|公众号|我们|视频)[^。！？\n]{0,20}?[。！]?",
    ),
    ("更多精彩|更多新闻|更多资讯|欢迎关注", r"[^。！？\n]{0,50}?[。！]?"),
)
"""How each item begins, by which it is looked for, and goes on."""
_STARTS = "|".join(f"(?:{start})" for start, _ in _ITEMS)
_LETTERS = re.escape(
    "".join(sorted({c for c in _STARTS if "\u3400" <= c <= "\u9fff" or "A" <= c <= "Z" or c in "（([【［《"}))
)
# most characters of a report begin none of these words: they are passed over at once
_START = compiled_late(f"(?=[{_LETTERS}])(?:{_STARTS})")
_LAST = compiled_late(rf"(?:{'|'.join(f'(?:{start}){rest}' for start, rest in _ITEMS)})[\s|｜]*$")
_OURS = "(?:此|本|该|以上|上述|文内|文中|凡|转载|图片|部分|内容|文章|版权|市场)"
"""What a site's notice begins with: itself, or what it shows."""
_OWNERS = "(?:版权|著作权|侵权|侵犯|权益|来源错误|作品内容)"
_NOTICE = compiled_late(
    rf"{_OPENING}?(?:"
    rf"声明\s*[：:]?(?:本文|文章|以上)[\u3400-\u9fff]{{0,4}}来源|(?:版权|免责|广告)[声说]明|(?:(?:特别|重要|郑重)?声明|(?:特别|重要|风险)提示)[】］\]]?\s*[：:]?(?={_OURS})"
    rf"|(?:本文|此文|该文|本稿)(?:章)?(?:系|属于?|为|由)?(?:[\u3400-\u9fff]{{0,8}})(?:原创|选编|企业供稿)"
    r"|(?:如需|如若|如要|若要|欢迎)?转载[，,]?(?:时)?请(?:务必)?注明|以上内容(?:由|来自|为|仅)"
    rf"|(?:如遇|如有|若有|如果|如涉及?|若涉及?|凡涉及?)[^。！？\n]{{0,40}}?{_OWNERS}"
    r"[^。！？\n]{0,60}?(?:联系|告知|通知|删除)"
    rf"|[^。！？：:\n]{{0,30}}?(?:版权所有|版权作品)[，,]\s?(?:未经|禁止|严禁|违者)"
    r"|[^。！？\n]{0,60}?(?:不代表[\u3400-\u9fff]{0,12}?|与本[\u3400-\u9fff]{1,6}?)(?:观点|立场)(?:无关|[。，,]|$)"
    r"|(?:如?您|如果您|您若|若您)?对(?:该|本|此)(?:稿件|文章?)内容有"
    r"|(?:部分)?(?:图片|图文|内容|素材|文字)[^。！？，\n]{0,6}(?:来自|来源于|源于|源自|取自)(?:于)?(?:互联)?网络(?=[，,。；;）)\s如若侵]|$)"
    r"|(?:大家(?:还)?(?:都)?在看|相关阅读|相关新闻|推荐阅读|延伸阅读|往期回顾|热门推荐|猜你喜欢)(?=[^。\n]*+$)"
    r"|[\u3400-\u9fff]{2,10}(?:[（(][A-Za-z0-9_]{3,20}[)）]综合|综合(?=@))"
    r")[^\n]{0,240}$"
)
"""A notice of the site's, or its other pieces: the rest of the paragraph is, whatever it goes on with."""
_NOTICE_WORD = compiled_late(
    "[声说]明|提示|原创|选编|企业供稿|注明|以上内容|联系|告知|通知|删除|版权|不代表|与本|内容有|网络|在看|相关[阅新]|推荐|延伸阅读|往期|猜你|综合"
)
"""One of these stands in each notice."""
_SENTENCE_END = compiled_late(r"[。！？!?；;…”’」』）)\]】］\s｜|]")
_BOUNDARY = compiled_late(
    r"(?<=[。！？!?；;…”’」』）)\]】］\s])|^|(?=[（(\[【［]|返回\S{2,8}查看更多|责任编辑|流程编辑|原标题|版权[归属]"
    rf"|(?:{_ORIGINS}|编辑|责编|校对|审核|监制|策划|统筹|出品)\s?[：:丨|｜])"
)
"""Where the first of such items may begin: behind a sentence, or where nothing else begins like it."""
_SURE = compiled_late(r"返回\S{2,8}查看更多|[（(\[【［](?:责任编辑|责编|编辑)|责任编辑|流程编辑")
_MOST_ITEMS = 30
_HEAD = compiled_late(
    r"(?:发稿|发布|更新)时间[：:]\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*|[，,]?正文[：:]\s*|"
    r"[（(\[【［]\s*(?:原标题|原题)\s*[：:为][^）)\]】］\n]{2,80}[）)\]】］]\s*"
    r"|[\[【](?:特别|重要)?声明[：:][^\]】\n]{2,80}[\]】]\s*|本公司(?:及)?董事会[^。\n]{2,40}保证[^。\n]{4,80}。\s*"
    rf"|[【\[][\u3400-\u9fff]{{2,8}}[】\]]\s*(?=(?:{NAMED_OUTLETS}|光明日报|人民日报|经济日报)[\u3400-\u9fff]{{0,8}}\d{{1,2}}月\d{{1,2}}日(?:电|讯|消息))"
    r"|[（(\[【［]\s*(?:来源|稿件来源|文章来源)\s*[：:][^）)\]】］\d\n]{2,40}[）)\]】］]\s*"
    r"|[（(【［][^）)】］\n。，]{0,40}(?:记者|通讯员|特约撰稿)[^）)】］\n。，]{0,60}[）)】］]\s*"
    r"|(?:稿件|文章)?来源[：:丨|｜]\s*[\u3400-\u9fffA-Za-z·]{2,12}?(?=据|\s|[（(【]|本报|(?:[\u3400-\u9fff]{2}社|中新网|人民网|央视网)[\u3400-\u9fff]{0,6}\d{1,2}月)\s*"
    rf"|(?:(?:稿件|文章|图片|视频)?来源|(?:本文)?转自)\s*[：:丨|｜]\s*{_OUTLET}\s*"
    rf"|(?:来源|(?:本文)?转自)[：:]\s*[\u3400-\u9fffA-Za-z]{{2,14}}?(?=\d{{1,2}}月\d|近日|日前|同日|[今昨][天日]|“[^”\n]*[。！？]”)"
    rf"|(?:数据|资料|图表)来源[：:]\s*[\u3400-\u9fff、]{{2,20}}?\s*制图[：:]\s*[\u3400-\u9fff]{{2,4}}?(?=\s|{NAMED_OUTLETS})\s*"
    rf"|(?:全文|本文)?(?:共?约?\d+字[，,]?\s*)?(?:预计|建议)?阅读(?:全文|本文)?(?:时间)?(?:大?约|需要?)*\s*\d+\s*分钟[，,。；;]?\s*"
    rf"|[（(][\u3400-\u9fff]{{2,12}}{OUTLET_ENDS}[ \u3000]+[\u3400-\u9fff]{{2,4}}(?:[ \u3000、]+[\u3400-\u9fff]{{2,4}})*[)）]\s*"
    rf"|本文转自\s*[【\[][^】\]\n]{{2,20}}[】\]][；;，,]?\s*|导\s?语[：:\s]*(?![言的是])|[【\[](?:导读|编者按|摘要|核心提示|提要)[】\]]\s*|(?:本[网报])?原创稿\s*|{_PLAYER.pattern}"
    rf"|来源[：:]\s*(?=[\u3400-\u9fff]{{4,24}}(?:公司|委员会|[局部厅院])(?:为|关于|发布|公布|决定|今日|近日))"
    rf"|(?:撰文|图文|文图|文|作者|记者|编辑)(?:\s*[/／]\s*(?:摄影|图))?\s*[|｜丨:：/／]\s*(?!据)(?:{_OUTLET}\s*)?(?:[\u3400-\u9fff]{{0,6}}(?:记者|通讯员)\s*)?"
    r"[\u3400-\u9fff·]{2,4}?(?:[（(][^（）()\n]{2,16}[)）])?(?=\s|日前|近日|今[天日年]|昨[天日]|\d)\s*"
    r"|[\u3400-\u9fff·]{2,4}\s*[/／]\s*文\s*|[■□◆]\s*[\u3400-\u9fff]{2,4}(?=\s|近日|日前|今[天日年]|昨[天日])\s*"
    r"|(?:点击|长按|扫码)(?:上方|下方|蓝字|图片|识别|二维码)[^。！？，\n]{0,24}(?:关注|订阅|我们|公众号)[↑↓▲△▼\s]*"
)


def head_end(paragraph: str) -> int:
    """Return where the report begins behind what editors put before it: a label 原标题 with the title, where its end shows."""
    end = printed_title_end(paragraph, _label_end(paragraph, 0))
    return _label_end(paragraph, end) if end else end


def _label_end(paragraph: str, end: int) -> int:
    while match := _HEAD.match(paragraph, end):
        end = match.end()
    return end


def inserted_stretches(paragraph: str) -> list[tuple[int, int]]:
    """Return where a video player's buttons, advertisements and labels of earlier reports stand within a paragraph."""
    found = [match.span() for match in _AD.finditer(paragraph)] if "×" in paragraph else []
    if any(word in paragraph for word in ("获悉", "得知", "了解到", "注意到")):
        found += [match.span() for match in _OWN_WORDS.finditer(paragraph)]
    if any(word in paragraph for word in ("报道", "回顾", "链接", "经过", "案情")):
        found += [match.span() for match in _LINK.finditer(paragraph)]
    if " " in paragraph or "\u3000" in paragraph:
        found += [match.span() for match in _SPACED.finditer(paragraph)]
    if any(mark in paragraph for mark in _PLAYER_MARKS):
        found += [match.span() for pattern in (_PLAYER, _SCRIPT) for match in pattern.finditer(paragraph)]
    return found


def tail_start(paragraph: str) -> int:
    """Return where a report ends before what editors put behind it; the paragraph's length where nothing is."""
    found = end = len(paragraph)
    first = max(0, end - _WITHIN)
    if _NOTICE_WORD.search(paragraph, first):
        ends = (match.end() for match in _SENTENCE_END.finditer(paragraph, first))
        notice = next(
            (at for at in (*([0] if not first else []), *ends) if _NOTICE.match(paragraph, at)), end
        )
        found = end = notice
    starts = [match.start() for match in _START.finditer(paragraph, first, end)]
    for _ in range(_MOST_ITEMS):
        # one item at a time: a pattern of many would try every way to divide them
        last = next((at for at in starts if at < end and _LAST.match(paragraph, at, end)), None)
        if last is None:
            break
        end = last
        while end and paragraph[end - 1] in "（(【[［":  # an item that goes on behind its bracket
            end -= 1
        if _BOUNDARY.match(paragraph, end):
            found = end
    # all behind `end` is such items; the first of them may only look as if it went on with the report
    sure = _SURE.search(paragraph, end, found)
    return sure.start() if sure else found
