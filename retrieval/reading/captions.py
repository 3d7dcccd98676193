"""Lines that are no part of a report: photo captions and what editors put under it."""

from __future__ import annotations

import re

_LONGEST = 80
_SURE = re.compile(
    r"(?:图为|图[①-⑳\d一二三四]|[上下左右]图|[上下左右]\s*[：:]|本版图片|资料图|图片来源|图\s*[/／])"
    r"|[(（](?:[左右前后中][一二三四五六七八九]?|[左右]起?.{0,6})[)）]"
)
_PHOTOGRAPHER = re.compile(r"(?:记者|通讯员|新华社)?[\u3400-\u9fff· ]{2,20}摄(?:影)?[)）]?$")
_BOILERPLATE = re.compile(
    r"(?:责任编辑|责编|值班编辑|本版(?:编辑|责编|校对)|编辑|校对|审核|终审|监制|版式|美编|投稿邮箱|新闻热线|广告热线|版权所有|"
    r"免责声明|声明|扫码|扫一扫|分享到|来源)\s*[：:].{0,60}|(?:更多精彩|点击查看|未经.{0,10}授权|扫描二维码).{0,60}"
)


def is_caption(line: str) -> bool:
    """Whether a line is surely a caption: 图为…, …(右三)…, … 张三摄."""
    if len(line) > _LONGEST:
        return False
    return bool(
        _SURE.match(line) or (_SURE.search(line) and len(line) <= _LONGEST // 2) or _PHOTOGRAPHER.search(line)
    )


def may_be_caption(line: str) -> bool:
    """Whether a line is short enough for one; where it stands must tell the rest."""
    return len(line) <= _LONGEST


def is_boilerplate(line: str) -> bool:
    """Whether a line is the editors': 责任编辑：…, 声明：…, 扫码…"""
    return bool(_BOILERPLATE.fullmatch(line))
