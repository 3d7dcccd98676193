"""Who wrote an article and where it comes from, as sites, feeds and records state it: names, without labels around them."""

from __future__ import annotations

import re

from retrieval.reading.articles.dateline import is_photo_credit, parse_byline

_LABEL = re.compile(
    r"^[\s(（\[【]*(?:本文|文章|稿件|信息|新闻|转载)?(?:来\s*源(?:于|自)?|稿源|作\s*者|撰\s*稿|文)\s*[:：/|｜丨]\s*"
)
_NEXT_LABEL = re.compile(
    r"[\s|｜,，;；(（]*(?:责任编辑|责编|编辑|校对|审核|来源|稿源|作者|时间|日期|发布|浏览|点击|阅读|字[号体]|分享|打印|投稿|举报|返回|查看|关注|订阅|调整字体|\d+人参与|"
    r"(?:19|20)\d\d[-/.年])"
)
_RIGHTS = re.compile(
    r"\s*(?:版权所有|版权声明|所有权利|[Aa]ll [Rr]ights [Rr]eserved|[Cc]opyright|©|[(（][Cc][)）])\.?\s*"
)
_POWERED = re.compile(r"\s*[-–|]\s*(?:Powered by .*|RSS(?:Hub)?|RSS订阅)$", re.IGNORECASE)
_EDITOR = re.compile(r"^[\s(（\[【]*(?:摄影|供图|图片|责任编辑|责编|编辑|校对|审核|值班|网编|投稿)")
_NOBODY = frozenset(
    "未知 佚名 匿名 管理员 小编 编辑 编辑部 本站 本网 网友 系统管理员 原创 转载 无 暂无 不详 佚 作者 记者 发布者 网络 网络整理 综合 "
    "综合整理 责任 网易 新浪 搜狐 腾讯 凤凰 百度".split()
)
_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,10}[·•・][\u3400-\u9fff·•・]{1,20}|[\u3400-\u9fff]{5,8}"
    r"|[A-Z][A-Za-z'.-]+(?: [A-Z][A-Za-z'.-]+){1,3}"
)
_ROLE = re.compile(
    r"(?:[\u3400-\u9fff]{0,12}(?:记者|通讯员|特约撰稿人?|评论员|实习生|见习记者)|文|图|摄影|摄)[\s:：/]*"
)
_ORGANISATION = re.compile(
    r".{0,30}(?:报|报社|网|网站|社|台|电视台|中心|融媒|局|委|委员会|部|厅|办|办公室|政府|公司|集团|协会|学会|杂志|客户端|频道|工作室|支队|大队|"
    r"发布|学院|大学|医院|法院|检察院)"
)
_LONGEST_SOURCE = 30


def byline_of(value: str) -> str | None:
    """Return the people that a stated author is, or None where it names none.

    No names are editors (责任编辑：…), numbers, addresses, accounts (admin), 未知 and organisations.
    """
    if _EDITOR.match(value) or "@" in value or is_photo_credit(_stripped(value)):
        return None
    text = _stripped(value)
    if not text or text in _NOBODY or re.search(r"\d", text):
        return None
    if parse_byline(text):
        return text
    names = [name for name in re.split(r"[\s、,，;；/|]+", _ROLE.sub(" ", text)) if name]
    if not names and text in _NOBODY:
        return None
    whole = [" ".join(names)] if _NAME.fullmatch(" ".join(names)) else names
    are_people = bool(whole) and all(
        _NAME.fullmatch(name) and name not in _NOBODY and not is_organisation(name) for name in whole
    )
    return text if are_people else None


def is_organisation(value: str) -> bool:
    """Whether a stated author is a paper, an office or a company rather than a person."""
    return bool(_ORGANISATION.fullmatch(_stripped(value)))


def source_of(value: str) -> str | None:
    """Return the name in a stated source: 草原日报 of 来源：草原日报 时间：…, 草原网 of 草原网版权所有."""
    text = _POWERED.sub("", _RIGHTS.sub(" ", _stripped(value))).strip(" \u3000:：-|·.")
    is_latin_word = text.isascii() and not text[:1].isupper()  # admin, name
    is_name = (
        not is_latin_word and 2 <= len(text) <= _LONGEST_SOURCE and text not in _NOBODY and not text.isdigit()
    )
    return text if is_name and not re.search(r"[。！？]|https?:", text) else None


def _stripped(value: str) -> str:
    text = _LABEL.sub("", " ".join(value.split()))
    following = _NEXT_LABEL.search(text, 1)
    return (text[: following.start()] if following else text).strip(" \u3000()（）[]【】|｜:：")
