"""Lines that are no part of a report: photo captions and what editors put under it."""

from __future__ import annotations

from retrieval.reading.articles.dateline import NAMED_OUTLETS
from retrieval.text.expressions import compiled_late

_LONGEST = 80
_LONGEST_BOILERPLATE = 220
_SURE = compiled_late(
    # not within a word: 蓝图三, 涉及范围如下：
    r"(?<![\u3400-\u9fff])(?:图为|图[①-⑳\d一二三四]|[上下左右]图|[上下左右]\s*[：:]|本版图片|资料图|图片来源|图\s*[/／])"
    r"|[(（](?:[左右前后中][一二三四五六七八九]?|[左右]起?.{0,6})[)）]"
)
_NAMES = r"[\u3400-\u9fff·]{2,12}(?:[ \u3000、]+[\u3400-\u9fff·]{2,12}){0,3}"
_PHOTOGRAPHER = compiled_late(
    rf"(?:^|[\s。！？；，,、（(/／])(?:[\u3400-\u9fff]{{0,8}}(?:记者|通讯员)[ \u3000]*)?{_NAMES}[ \u3000]*摄[)）]?$"
    # 摄影 is a trade and a hobby too: behind a blank, a role, or in brackets it tells whose photo it is
    rf"|(?:记者|通讯员|新华社)[ \u3000]*{_NAMES}[ \u3000]*摄影(?:报道)?[)）]?$|[（(][^（）()]{{2,24}}摄影(?:报道)?[)）]$"
    rf"|(?:^|[\s。！？；])[\u3400-\u9fff·]{{2,4}}[ \u3000]+摄影(?:报道)?$"
)
_CREDITED = compiled_late(
    r"图为[^。！？\n]{2,80}。\s*|[^。！？\n]{2,80}[。！？]\s*(?=[\u3400-\u9fff \u3000/／]{2,24}(?:摄|供图|提供))"
)
_CREDIT = compiled_late(
    r"(?:[\u3400-\u9fff]{2,6}(?:社|网|报|台|新闻)(?:[ \u3000]+|(?=记者|通讯员|实习生)))?(?:(?:记者|通讯员|实习生)[ \u3000]*)?"
    r"[\u3400-\u9fff]{1,2}[ \u3000]?[\u3400-\u9fff]{1,2}[ \u3000]*"
    r"(?<![拍航])摄(?![影像制入取食政氏程])\s*"
    r"|[\u3400-\u9fff·]{5,9}[ \u3000]+摄(?=\s)\s*|[\u3400-\u9fff]{2,16}[ \u3000]*[/／]?[ \u3000]*供图\s*"
    r"|图片由[\u3400-\u9fff]{2,16}提供\s*"
)
_SAID_OF_PHOTO = (
    r"(?:[^。！？，\n]{2,40}现场。|(?![^。！？\n]{0,80}(?:说|表示|称|介绍|指出))[^。！？“”\n摄]{4,60}。)?"
)
"""The sentence right before a photo's credit says what it shows, unless somebody speaks in it."""
_PHOTO_BEGINS = "|".join(["(?<=[。！？])", *(rf"(?<=摄\s{{{n}}})" for n in (1, 2, 4))])
"""Where the next photo's words begin: 张三 摄    库伦旗的牧民剪羊毛。张三 摄."""
_INNER = compiled_late(
    rf"(?:(?<=[。！？\s])图为[^。！？\n]{{2,80}}。\s*|(?:{_PHOTO_BEGINS}){_SAID_OF_PHOTO}[ \u3000]*)(?:{_CREDIT.pattern})"
)
_STOCK = compiled_late(
    r"[^。！？，\n]{2,60}?(?:。(?:人民视觉|视觉中国|新华社|东方IC))?[ \u3000\u00a0]"
    r"(?:(?:视觉中国|东方IC|[Ii][Cc] ?photo)[ \u3000\u00a0]*(?:资料)?图片?|资料图片?)[ \u3000\u00a0]*"
    r"|[^。！？，\n]{2,40}?[（(](?:资料图片?|点击查看图片)[)）]\s*"
)
"""A photo of an agency's stock, with whom it shows."""
_DRAWN = compiled_late(
    rf"[^。！？，\n]{{2,30}}?[。 \u3000]\s*(?:{NAMED_OUTLETS})?(?:记者)?[ \u3000]*"
    rf"[\u3400-\u9fff]{{2,4}}[ \u3000]+图\s*(?={NAMED_OUTLETS})"
)
"""…现场。某社记者 张三 图, before the agency's own name."""
_LABELLED = compiled_late(
    r"(?<=[。！？])[\u3400-\u9fff]{2,12}(?:致辞|发言|讲话|签约|对接|启动|揭牌|合影|现场)图(?![书片案纸表像为中示])\s*"
)
"""领导致辞图, set between two sentences."""
_MARKED = compiled_late(
    rf"[△▲▽▼↑↓]\s*[^。！？\n]{{4,60}}?(?=(?:当地时间)?\d{{1,2}}月?\d{{0,2}}日|当地时间|{NAMED_OUTLETS})"
)
"""Behind a mark that points at the photo, up to where the report begins."""
_ABOVE_DATELINE = compiled_late(
    r"(?:[^。！？\n]{2,60}[。！]\s*){1,6}"
    rf"(?=(?:{NAMED_OUTLETS}|[\u3400-\u9fff]{{2,3}}(?:日报|晚报|晨报|时报))[\u3400-\u9fff]{{0,8}}?"
    r"(?:\d{1,2}月\d{1,2}日(?:电|讯|消息)|(?:讯|消息)\s*[（(]))"
)
"""The few sentences that stand before a dateline are what photos above the report show."""
_BRACKETED = compiled_late(
    r"(?P<said>(?:^|(?<=[。！？!?；;…”）)\s]))[^。！？!?；;，,：:…（()\n]{0,60})?"
    r"[（(](?:[^（）()，。\n]{2,20}?(?<![拍航])摄|[^（）()，。\n]{2,24}供图|(?:图片来源|图源)[：:]?[^（）()\n]{2,20})[)）]"
)
"""A photo's credit in brackets, with the words before it that are its caption: no sentence of the report ends so."""
_LEAST_BEHIND = 20
"""Characters of a report behind captions that run into it."""
_EDITORS = (
    r"(?:本文)?(?:责任编辑|责编|值班编辑|值班主任|本版(?:编辑|责编|校对)|编辑|校对|校审|审核|初审|复审|终审|监制|出品|版式|美编|"
    r"策划|统筹|运维|投稿邮箱|新闻热线|广告热线|网络编辑|来源|稿件来源|文章来源|原标题)"
)
_AMOUNT = r".{0,40}\d[\d.,]*\s*(?:[万亿]?元|[万亿]|亩|%|％|人|户|吨|公斤|斤)"
"""来源：各级财政拨款1200万元 says where money comes from."""
_MASTHEAD = (
    r"国内统一(?:连续出版物)?刊号|CN\s?\d\d[-—]\d{4}|邮发代号|今日\s?\d{1,2}\s?版|总第\s?\d+\s?期|第\s?\d+\s?期\s*(?:总|$)|农历[\u3400-\u9fff]{2}年|"
    r"(?:主管|主办)(?:单位)?[：:]|社址[：:]|地址[：:].{0,30}邮编|(?:每份)?(?:零售价|定价)[：:]?|(?:本报)?(?:广告|发行|订报|投递|新闻|读者)(?:部|服务)?(?:热线|电话)[：:]"
)
"""What a paper prints of itself."""
_BOILERPLATE = compiled_late(
    rf"[（(\[【［]?\s*{_EDITORS}\s*(?:[：:丨|｜／/](?!{_AMOUNT}).{{0,60}}|https?://\S{{0,200}})"
    r"|[【\[（(]?(?:版权所有|版权声明|免责声明|特别声明|郑重声明|风险提示|声明|扫码|扫一扫|分享到|分享至|相关阅读|推荐阅读|延伸阅读)"
    r"\s*(?:[：:]|[】\])）][：:]?).{0,200}"
    r"|(?:更多精彩|点击查看|点击进入|扫描二维码|长按识别|阅读原文|关注.{0,20}公众号|转载请注明|本文转载自|本文来自|欢迎投稿).{0,60}"
    r"|(?:本[网报站]|凡本[网报站]|未经).{0,30}(?:授权|许可|同意).{0,40}(?:转载|使用|摘编|复制|镜像).{0,60}"
    r"|.{0,30}(?:版权所有|保留所有权利|[Aa]ll [Rr]ights [Rr]eserved|ICP备\d+号?).{0,60}"
    r"|(?:[Cc]opyright\s*)?(?:©|[(（][Cc][)）]).{0,80}"
    r"|分享(?:到|至)?[：:\s]*(?:微信|微博|朋友圈|QQ|空间|[\s、|,，]|好友|新浪|复制链接)*"
    r"|(?:上一篇|下一篇|字号)[\s：:|【\[].{0,60}|(?:打印|关闭)(?:本页|窗口).{0,20}|返回顶部|收藏|点赞|评论|在看|打印|关闭"
    rf"|(?:{_MASTHEAD}).{{0,100}}"
)
_FURNITURE = compiled_late(
    r"(?:本报|本版|今日|[\u3400-\u9fff]{2,6}[日晚晨]报)?(?:报头|编读往来|责编|责任编辑|值班编委|天气|天气预报|气象|订报启事|征订启事|报纸征订|发行启事|"
    r"广告|分类广告|公益广告|导读|导航|版面导读|要目|报眼|刊头)"
)


def is_caption(line: str) -> bool:
    """Whether a line is surely a caption: 图为…, …(右三)…, … 张三摄."""
    if len(line) > _LONGEST:
        return False
    return bool(
        _SURE.match(line) or (_SURE.search(line) and len(line) <= _LONGEST // 2) or _PHOTOGRAPHER.search(line)
    )


def captions_end(paragraph: str) -> int:
    """Return where a report begins behind the captions that run into it: 图为…。张三摄, …。张三摄; 0 where none does."""
    stock = _STOCK.match(paragraph) or _DRAWN.match(paragraph)
    above, marked = _ABOVE_DATELINE.match(paragraph), _MARKED.match(paragraph)
    end = max((found.end() for found in (stock, above, marked) if found), default=0)
    while caption := _CREDITED.match(paragraph, end):
        credit = _CREDIT.match(paragraph, caption.end())
        if credit is None and not paragraph.startswith("图为", end):
            break
        end = credit.end() if credit else caption.end()
    return end if len(paragraph) - end >= _LEAST_BEHIND else 0


def inner_captions(paragraph: str) -> list[tuple[int, int]]:
    """Return where captions that begin with 图为, and credits of photos, stand within a paragraph."""
    found = [match.span() for match in _LABELLED.finditer(paragraph)] if "图" in paragraph else []
    if not any(word in paragraph for word in ("摄", "供图", "图源", "图片来源")):
        return found
    found += (match.span() for match in _INNER.finditer(paragraph))
    found += (match.span() for match in _BRACKETED.finditer(paragraph, 0, len(paragraph) - _LEAST_BEHIND))
    return found


def may_be_caption(line: str) -> bool:
    """Whether a line is short enough for one; where it stands must tell the rest."""
    return len(line) <= _LONGEST


def is_boilerplate(line: str) -> bool:
    """Whether a line is the editors' or the site's: 责任编辑：…, 声明：…, 分享到…, 版权所有…, 未经授权…"""
    return len(line) <= _LONGEST_BOILERPLATE and bool(_BOILERPLATE.fullmatch(line))


def is_furniture(title: str) -> bool:
    """Whether a title is that of a page's own furniture, which is no article: 报头, 责编, 天气, 订报启事, 广告."""
    return bool(_FURNITURE.fullmatch("".join(title.split())))
