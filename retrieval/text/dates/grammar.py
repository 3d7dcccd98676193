"""The forms in which people write periods, as patterns; `finding` reads what they match."""

from __future__ import annotations

import re

from retrieval.text.dates.days import DAY, MONTH, YEAR

YEAR_WORDS = {
    "今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "上年度": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2,
}  # fmt: skip
DAY_WORDS = {
    "今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
WEEKDAYS = "一二三四五六日"

_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|半)"
_UNIT = "(?:天|日|周|星期|月|年)"
_TO = r"[ ]?(?:至|到|[-—–~～―－]{1,2})[ ]?"
_QUARTER = "[一二三四1-4]"
_WEEK = "(?:周(?![年期边围转岁长])|星期|礼拜)"

TO = re.compile(_TO)
"""Between the first and the last of a range."""
TO_BEGINS = " 至到-—–~～―－"

NUMERIC = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:(?P<mark>[-/.])(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=mark)(?P<day>3[01]|[12][0-9]|0?[1-9])(?![\d.])日?|(?![\d\-/.])月?)"
    r"|(?P<month2>1[0-2]|0[1-9])(?P<day2>3[01]|[12][0-9]|0[1-9])(?!\d))"
)
"""2024-10-18, 2024/10/18, 2024.10.18, 2024.10, 20241018."""

_PART_AHEAD = rf"(?:{MONTH}月|[上下]半年|第?{_QUARTER}季度|[前头]{_NUMBER}个?[月季])"
YEAR_NAMED = re.compile(
    rf"(?P<first>{YEAR})年?{_TO}(?P<last>{YEAR})年(?!代)"
    rf"|(?P<year>{YEAR})年(?![代龄])(?:度|全年)?(?!来)"
    rf"|(?P<short>[0-3]\d)年(?={_PART_AHEAD})"
    r"|(?:^|(?<=[旗县市区盟镇,，。；]))(?P<lone>[12]\d)年(?![代龄来间多以之后前的历如坚])"
    r"|(?:(?<!当)今年|(?<!基)(?<!成)本年度?|去年|(?<!以)上年度?|大?(?<![目以之日提])前年|明年|(?<![最以之今])大?后年)"
    r"(?![轻龄纪])(?:全年)?"
)
"""A year, or a range of years."""

PART = re.compile(
    rf"(?P<half>[上下]半年)"
    rf"|第?(?P<quarter1>{_QUARTER})(?:季度)?{_TO}第?(?P<quarter2>{_QUARTER})季度"
    rf"|第?(?P<quarter>{_QUARTER})季度|[Qq](?P<q>[1-4])(?![0-9A-Za-z])"
    rf"|[前头](?P<n_quarters>[一二两三四1-4])个?季度"
    rf"|(?:前(?={_NUMBER}个?月)|头(?={_NUMBER}个月))(?P<n_months>{_NUMBER})个?月(?!龄)"
    rf"|(?P<month1>{MONTH})(?:月份?)?{_TO}(?P<month2>{MONTH})月(?!龄)(?!{DAY}[日号])份?"
    rf"|(?P<month>{MONTH})月(?!龄)(?:份(?!额)|(?P<day>{DAY})(?:[日号]?{_TO}(?P<day2>{DAY}))?[日号]"
    rf"|(?P<third>[上中下]旬|[初底末]))?"
    r"|(?P<last_month>最后一个月)"
)
"""A part of a year."""

EDGE = re.compile("(?P<edge>年?[初底末])(?![中级高])")
"""Behind a year, 2025年底."""
LONE_EDGE = re.compile("年[初底末](?![中级高])")

WORDS = re.compile(
    rf"(?P<month>本|这个?|上{{1,4}}|上一|下{{1,4}}|下一)个?月(?![饼亮球])"
    rf"|(?P<week>本|这一?个?|大?上{{1,4}}个?|上一个?|下{{1,4}}个?|下一个?){_WEEK}"
    r"(?P<weekday>[二三四五六日天末]|一(?![共样起直些次场个是批]))?"
    r"|(?P<quarter>本|这一?个?|上{1,4}个?|上一个?|下{1,4}个?|下一个?)季度"
    rf"|(?:最近|近|过去|这(?=[两二三四五六七八九十\d]))(?P<recent>{_NUMBER}|\d{{3}})个?(?P<recent_unit>{_UNIT})(?![级代龄份])"
    rf"|(?:未来|今后|接下来)(?P<coming>{_NUMBER})个?(?P<coming_unit>{_UNIT})"
    rf"|(?P<ago>{_NUMBER})个?(?P<ago_unit>{_UNIT})[以之]?前(?![后期景沿端述来往])"
    r"|(?P<day>(?<!当)今[天日]|昨[天日]|大?(?<![目以之提])前天|明[天日]|大?(?<![最以之今])后天)(?![然气])"
    r"|(?<![一二三四五六七八九百千万第月])十(?P<plan>[一二三四五六])五(?![岁个名人斤亩米元万千百天年里点分月日号多条.])"
)
"""What is told from the day on which it is read, and five-year plans."""

_SOME = "[0-9一二两三四五六七八九十半]"
_RANGE = r"[-—–~～―－至到]{1,2} ?[0-9一二三四五六七八九十]{1,4}[年月季]"
_AGO = "个?[天日周星月年]期?[以之]?前"
BEGINNING = re.compile(
    "[0-9一二两三四五六七八九十半今本去上前明下第最这近过昨头大后未接年Qq](?:"
    rf"(?<=[0-9])(?<![0-9][0-9])(?=[0-9]{{0,3}}(?:[年月季]|{_RANGE}|{_AGO})|[09][0-9][0-9](?:[-/.][0-9]|[0-9]{{4}}(?![0-9])))"
    rf"|(?<=[一二两三四五六七八九十半])(?=[一二三四五六七八九十]{{0,2}}(?:[月季]|{_RANGE}|{_AGO})|[九〇零○][〇零○一二三四五六七八九]{{2}}年|[一二三四五六]五)"
    f"|(?<=[这近])(?={_SOME}|[个一]{{0,2}}[月周季星礼])|(?<=前)(?=[年天]|{_SOME}{{1,3}}个?[月季])"
    "|(?<=[上下])(?=[上下半个月周年季星礼]|一[个月周季星])|(?<=[今明])(?=[年天日])|(?<=本)(?=[年月周季星])|(?<=去)(?=年)"
    f"|(?<=第)(?=[一二三四1-4][季至到-])|(?<=[最过未接])(?=[近去来]{_SOME}|下来{_SOME})|(?<=昨)(?=[天日])"
    f"|(?<=头)(?={_SOME})|(?<=大)(?=[前后上])|(?<=后)(?=[年天])|(?<=年)(?=[初底末])|(?<=[Qq])(?=[1-4]))"
)
"""What a period may begin with: most characters begin none."""
