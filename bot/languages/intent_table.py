"""What can be said that is no question, and the forms in which people say it; `intents` reads them."""

from __future__ import annotations

from enum import StrEnum

from bot.languages.choice import Language
from retrieval import SEQUEL_WORDS


class Act(StrEnum):
    """What a message does. Those down to `FORGET` are named like the command that does the same."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    HOUR = "hour"
    QUIET = "quiet"
    ZONE = "zone"
    DIGEST = "digest"
    HELP = "help"
    LANGUAGE = "language"
    SETTINGS = "settings"
    EXPORT = "export"
    PRIVACY = "privacy"
    FORGET = "forget"
    PAUSE = "pause"
    """Send nothing by itself any more, until told to go on."""
    RESUME = "resume"
    MORE = "more"
    """Go on where the last answer stopped."""
    FULL = "full"
    """The whole article of the last answer."""
    AUTHOR = "author"
    """Who wrote the article of the last answer."""
    SOURCE = "source"
    """Where and when the last answer stands, and whether it is so."""
    OPEN = "open"
    """One of the last answer's reports, by its number."""
    WRONG = "wrong"
    """The last answer is not right."""
    STORY = "story"
    """How the matter of the last answer went on."""
    WATCH = "watch"
    """To be told when there is news of a matter."""
    GREETING = "greeting"
    THANKS = "thanks"
    ASSENT = "assent"
    WHO = "who"
    FAREWELL = "farewell"
    ABUSE = "abuse"
    UNCLEAR = "unclear"
    """What the bot says is not understood."""
    ALOUD = "aloud"
    """To be read aloud, called, or shown larger."""
    BEYOND = "beyond"
    """What the bot does not do: have an opinion, joke, translate, look at pictures, open links."""
    OFFICES = "offices"
    """How it is used in a group, or takes in an office's own pages."""


COURTESIES = frozenset(
    {
        Act.GREETING,
        Act.THANKS,
        Act.ASSENT,
        Act.WHO,
        Act.FAREWELL,
        Act.ABUSE,
        Act.UNCLEAR,
        Act.ALOUD,
        Act.BEYOND,
    }
)
"""Answered by one friendly line; never looked up, and nothing goes on from them."""
GOING_ON = frozenset({Act.MORE, Act.FULL, Act.AUTHOR, Act.SOURCE, Act.OPEN, Act.WRONG})
"""Said of the last answer; where there is none they may be questions."""


_NEWS = "(?:新闻|消息|日报|周报|简报|报道|资讯|要闻)"
WEEKLY = "每个?(?:周|星期|礼拜)[一二三四五六日天](?![次期份])"
_DAILY = f"(?:以后|今后)?(?:每天|每日|天天|{WEEKLY})"
_PART = "(?P<part>早上|早晨|清晨|上午|中午|下午|晚上|晚间|傍晚|傍黑|夜里|半夜|凌晨|早|晚)?"
HOUR = rf"{_PART}的?(?P<hour>\d{{1,2}}|[一二三四五六七八九十两]{{1,3}}|零)(?:点整|点钟|点半?|时|:[0-5]0)(?:左右|以前|之前|前|准时)?"
_SEND = "(?:都|就)?(?:请|给我|给我们|给大家|向我|帮我|为我)?(?:发送?|推送?|推送给?我?|送)(?:一下|一份|一次|一条|来)?(?:给我)?"
TONGUES = {
    "英文|英语|英語|english": Language.ENGLISH,
    "繁体|繁体中文|繁体字|正体|traditional(?: chinese)?": Language.TRADITIONAL,
    "简体|简体中文|简体字|中文|汉语|普通话|(?:simplified )?chinese": Language.SIMPLIFIED,
}
_TONGUE = f"(?P<tongue>{'|'.join(TONGUES)})"

_IT = (
    "(?:这个?|那个?|它|[该此]|本(?=[条篇报文])|你说的|上面的?|刚才(?:说)?的?|刚刚的?|[条篇些]|事儿?|新闻|消息|报道|文章|数字?|数据|话|答案|内容|结果|"
    "的|都|到底|究竟|又|是)*"
)
_REPORTED = "(?:事儿?|新闻|消息|报道|报纸?|数字?|数据|话)?"
TABLE: tuple[tuple[Act, tuple[str, ...]], ...] = (
    (
        Act.UNSUBSCRIBE,
        (
            "(?:取消|退掉|删除|停止)(?:对)?(?P<what>.*?)的?订阅",
            f"(?:取消订阅|取消关注|退订|取关|不再?订阅|不想订阅)(?P<what>.*?)(?:的?{_NEWS})?了?",
            f"(?:别|不要|不用)再?(?:给我|向我)?(?:发|推送?)(?P<what>.+?)的?{_NEWS}了?",
            "(?:cancel|end)(?: my| all(?: my)?)? subscriptions?",
            "unsubscribe(?: me)?(?: from)?(?P<what> .+)?|(?:stop following|unfollow) (?P<what2>.+)",
        ),
    ),
    (
        Act.SUBSCRIPTIONS,
        (
            "(?:查看|看看|看一?下|看)?我的?(?:订阅|关注)(?:了)?(?:列表|什么|哪些|哪些地方|的)?",
            "(?:查看|看看|看|管理)?(?:订阅列表|已订阅的?|订阅管理|(?<=看)订阅)",
            "(?:查看|看看|看)?我?关注(?:了|着)?的?(?:哪些|什么|哪几个)?(?:问题|事|列表)?(?:有哪些|是什么|呢)?",
            "what (?:am i|i am|i'm) (?:subscribed to|following)",
            "(?:show )?(?:my |what i )?(?:subscriptions|follow)|what (?:do|am) i follow(?:ing)?",
        ),
    ),
    (
        Act.SUBSCRIBE,
        (
            f"{_DAILY}(?:的)?(?:{HOUR})?(?:左右|准时)?{_SEND}(?:有关|关于)?(?P<what>.+?)的?{_NEWS}(?:给我)?",
            f"{_DAILY}(?:的)?(?:{HOUR})?(?:左右|准时)?(?:请)?把(?P<what>.+?)的?{_NEWS}{_SEND}",
            f"订阅(?:一下)?(?!列表|管理)(?P<what>.+?)(?:的?{_NEWS})?",
            r"subscribe(?: me)?(?: to)?(?P<what> .+?)?(?: (?:(?:every|each) (?:day|morning|evening)|daily))?"
            r"(?: at (?P<hour>\d{1,2})(?: ?(?P<part>am|pm))?)?",
            r"sign me up for (?P<what>.+?)(?: news)?",
            r"send me (?:the )?(?:daily )?news (?:of|from|about|on|in) (?P<what>.+?)"
            r"(?: (?:every|each) (?:day|morning|evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day)| daily)"
            r"(?: at (?P<hour>\d{1,2})(?::00)?(?: ?(?P<part>am|pm))?)?",
        ),
    ),
    (
        Act.HOUR,
        (
            f"{_DAILY}(?:的)?{HOUR}{_SEND}(?:日报|新闻)?",
            f"(?:日报|时间|推送)?(?:的?时间)?(?:改成|改到|改为|换成|换到|设成|设为|调到){_DAILY}?{HOUR}(?:{_SEND})?",
            f"{HOUR}(?:发|推送)日报",
            f"(?:算了|还是|那还是|那就|就)[,，]?{_DAILY}?{HOUR}(?:{_SEND})?",
            r"(?:(?:send|change) (?:it|the digest|the time) )(?:every day )?(?:at|to) (?P<hour>\d{1,2})(?::00)?(?: ?(?P<part>am|pm))?",
        ),
    ),
    (
        Act.PAUSE,
        (
            "(?:请)?(?:别|不要|不用|甭|莫)再?(?:给我|给我们|向我)?(?:发|推送?|发送)(?:新闻|消息|日报)?(?:给我)?了?",
            "(?:停止|暂停|停|停掉|关闭|关掉)(?:发送|推送|发|日报|订阅|新闻)(?:了|吧)?|停发|暂停|"
            "(?:我)?不想(?:再)?收(?:到)?(?:日报|新闻|消息)?了",
            "(?:stop|pause)(?: it| that| now)?|(?:stop|pause)(?: sending)?(?: me)?(?: (?:the )?(?:news|messages|digests?))?|"
            "no more (?:news|messages|digests?)",
        ),
    ),
    (
        Act.RESUME,
        (
            "(?:恢复|继续|重新|接着)(?:发送|推送|发|开始发)(?:日报|新闻|消息)?(?:了|吧)?|恢复(?:日报|订阅|一下)?",
            "(?:我)?(?:又|还是)想(?:接着)?(?:看|收|要)(?:日报|新闻|消息)?了?|(?:再|重新)给我发",
            "(?:resume|start again|go on sending)(?: (?:the )?(?:news|digests?))?",
        ),
    ),
    (
        Act.DIGEST,
        (
            "(?:马上|现在)?(?:看看|看一?下|看|发|来)?(?:我的|今天的|今日的?)?日报(?:呢|在哪|看看)?",
            "(?:today's |my |the |show )*(?:daily )?digest(?: now)?|daily",
        ),
    ),
    (
        Act.HELP,
        (
            "(?:使用)?(?:帮助|说明|说明书|教程)|使用方法|求助|(?:这个?|你|机器人)?(?:怎么|如何)(?:使用|用|问|玩)(?:的|你|它|啊)?",
            "你(?:都)?(?:能|会|可以)(?:帮我)?(?:做|干|回答)?(?:些|点)?(?:什么|啥)(?:事|问题|呢)?|(?:有)?(?:什么|哪些)?功能|"
            "菜单|命令|(?:把|将)?[这那]?(?:个|条|篇|句)?(?:话|新闻|报道|消息)?(?:怎么)?"
            "(?:转给|转发给?|分享给?|发给|复制|保存|收藏)(?:一下)?(?:别人|朋友|同事|家人|家里人|孩子|微信群|微信|朋友圈)?",
            r"\?|help(?: me)?|menu|commands|what can you do|what(?: is|'s) this(?: bot)?(?: for)?|"
            r"how (?:do i|to) (?:use (?:this|you|it)|ask)|how does (?:this|it) work",
        ),
    ),
    (
        Act.LANGUAGE,
        (
            f"(?:请)?(?:你)?(?:能不能|可以)?(?:换成|改成|换到|切换到?|切换成|改用|换|用|说|讲|转成)?{_TONGUE}(?:回答|回复|"
            f"说话|说|版)?(?:我)?(?:好吗|吗|吧)?",
            "(?:换|切换|更换|改|选|选择|设置)?(?:个|一种|一下)?语言",
            f"(?:please )?(?:speak|use|switch to|change to|in|change (?:the )?language to)? ?{_TONGUE}(?: please)?|"
            f"(?:change )?(?:the )?language",
        ),
    ),
    (Act.SETTINGS, ("(?:打开|看看|看|查看)?设置", "settings")),
    (Act.QUIET, ("免打扰(?:时间)?|设置免打扰", "quiet hours")),
    (Act.ZONE, ("(?:换|改|设置)?时区", "time ?zone")),
    (Act.EXPORT, ("导出(?:我的)?(?:订阅|数据)?", "export")),
    (
        Act.FORGET,
        (
            "(?:请)?(?:删除|清除|删掉|清空|抹掉)(?:掉)?(?:我的?|所有|全部|一切|的)+(?:数据|记录|资料|信息|聊天记录)?|"
            "(?:把我)?忘(?:记|了|掉)(?:我)?(?:吧)?",
            "forget me|(?:please )?(?:delete|erase) (?:all )?(?:my data|everything)",
        ),
    ),
    (
        Act.PRIVACY,
        (
            "隐私(?:政策|说明)?|你(?:都)?记(?:下|录|住)?了(?:我)?(?:些)?什么|"
            "你们?(?:会|都|有没有|是不是)*(?:记录|收集|保存|记住|泄露)(?:我们?|的|用户)*(?:信息|数据|隐私|资料|记录|什么)?吗?",
            "privacy|what do you (?:store|know about me)",
        ),
    ),
    (
        Act.OFFICES,
        (
            "(?:怎么|如何|能|可以)?(?:把|将)?(?:你|它|机器人|云问)?(?:拉|加|邀请|添加|放)(?:进|到|入)(?:我们?的?)?(?:单位|工作|同事)?的?群里?(?:来|去|用)?吗?",
            "(?:我们?)?(?:单位|工作)?群里?(?:怎么|如何|能|可以)(?:用|问)(?:你|机器人)?|"
            "(?:怎么|如何|能|可以|想)?(?:上传|收录|导入|录入)(?:我们?的?|我们?单位的?|自己的?|本地的?)?(?:报纸|版面|文件|稿件|稿子)吗?|"
            "(?:我们?的?|我们?单位的?)(?:报纸|版面|稿件|稿子)(?:怎么|如何|能|可以)(?:上传|收录|放进来|发给你)吗?",
            "(?:how (?:do|can) i )?add (?:you|it|the bot) to (?:a|my|our) group(?: chat)?|"
            "(?:(?:how )?can (?:i|we) )?upload (?:a|our|my) (?:news)?(?:paper|pages?|file)",
        ),
    ),
    (
        Act.MORE,
        (
            "更多|还有(?:吗|不|呢|没有|没|别的吗|别的|其他的?吗|其它的?吗|什么|啥)|"
            "(?:再|多)(?:来|看|给)(?:一些|点儿?|几条|几个)|继续|下一页|接着(?:说|看|来)?|往下",
            r"(?:show |tell |give )?(?:me )?more|next(?: page)?|go on|continue|anything else|(?:show me )?more of (?:it|them|these)",
        ),
    ),
    (
        Act.FULL,
        (
            "(?:看|看看|给我|要|查看)?(?:全文|原文|完整报道|全部内容)",
            "(?:the )?(?:full text|full article|full|whole article)",
        ),
    ),
    (
        Act.AUTHOR,
        (
            "(?:[这那该此本])?[条篇个]?(?:报道|新闻|文章|消息|稿件|稿子)?是?(?:谁|哪个记者|哪位记者)(?:写|报道|采写|发)的",
            "(?:[这那该此本])?[条篇个]?(?:报道|新闻|文章|消息|稿件|稿子)?的?(?:记者|作者)(?:是谁|是哪位|叫什么)",
            "who (?:wrote|reported) (?:it|this|that)|who is the (?:author|reporter)",
        ),
    ),
    (
        Act.SOURCE,
        (
            f"{_IT}(?:啥|什么|哪个?)(?:时候|时间|时|天|年|月|日|日子|一天|一年|号|期)(?:了?(?:的|登的|报的|发的|出的|写的|报道的?))?{_REPORTED}",
            f"{_IT}(?:在)?(?:哪个?|哪[家张份期]|什么|啥)(?:报纸?|媒体|网站|电视台)(?:上|里)?(?:登|说|报|写|发|讲|报道|播)?的?{_REPORTED}",
            f"{_IT}(?:从|打)?(?:哪儿?|哪里)(?:来|看[到来]?|听说?|听来|得来|弄来|找到?|登|报道|抄来?)的{_REPORTED}|{_IT}哪[儿里]?来?的(?:数字?|数据|消息|信儿?|说法)",
            f"{_IT}谁说的?(?:这?[句个]?话|这个?)?|{_IT}(?:有)?(?:什么|啥)?(?:消息)?(?:来源|出处|依据|根据)(?:在哪儿?|在哪里|是什么|是哪|呢|吗|没有)?",
            f"(?:你|你们)?{_IT}(?:准不准|准确不准确|准确?(?:吗|么)|真(?:的|是)?(?:吗|么|假)|真的?假的?|真不真|是真是假|靠谱(?:吗|不)|"
            "靠不靠谱|可靠(?:吗|不)|可信(?:吗|不)|对不对|对(?:吗|么)|能信(?:吗|不)|不是(?:假的|瞎编的|编的|骗人的|谣言)吧|骗人的吧|"
            "(?:你)?(?:确定|没骗我|没搞错|没弄错)(?:吗|吧))",
            "when (?:was|is|did) (?:that|this|it)(?: (?:from|happen|published|reported))?|"
            "what (?:date|day) (?:is|was) (?:that|this|it)(?: from)?",
            "(?:what(?:'s| is) (?:the|your) )?(?:source|date)|"
            "(?:which|what) (?:paper|newspaper|source)(?: (?:is|was) (?:it|this|that)(?: from| in)?)?|"
            "where (?:is|does|did|was) (?:this|that|it)(?: come)?(?: from)?|says who",
            "is (?:it|that|this) (?:really )?(?:true|right|correct|accurate|reliable)|"
            "are you (?:really )?sure(?: about (?:it|that|this))?|really",
        ),
    ),
    (
        Act.OPEN,
        (
            r"(?:我?(?:要|想)?(?:看看|看一?下|看|打开|查看|展开|说说))?第(?P<n>[1-9]|1\d|[一二三四五六七八九十])(?:[条个篇]|项)?(?:给我|新闻|消息|报道)?"
            "(?:的?(?:全文|详情|内容|情况))?(?:呢|看看|说说|讲讲|看一?下|(?:说|讲|写)的?(?:是)?什么|是什么)?",
            r"(?P<n>[1-9]|1\d)|(?:open |show |read )?(?:me )?(?:number |no\.? ?|#)(?P<n2>[1-9]|1\d)",
        ),
    ),
    (
        Act.STORY,
        (
            SEQUEL_WORDS,
            "(?:so )?what (?:happened|came) (?:next|then|later|after that|of (?:it|that))|"
            "(?:any |the )?(?:follow-?ups?|latest on (?:it|this|that))",
        ),
    ),
    (
        Act.WRONG,
        (
            "(?:你|这|这个|上面|回答|答案|说|答|数字?|数据|地方|内容|都|好像|明显|完全|根本|又|的|得|有点)*"
            "(?:不对|不准确?|不正确|不是这个(?:地方|意思|事儿?)?|不是我(?:要|问)的(?:这个|那个)?|错了?|错误|有误|搞错|弄错|说错|答错|"
            "过时|太旧|太老|老黄历|牛头不对马嘴|驴唇不对马嘴)(?:了|啦|吧|呀|啊|的|哦)*",
            "(?:that|this|it)(?:'s| is) (?:wrong|not right|incorrect|outdated|old|not what i asked)|wrong(?: answer| place)?|"
            "not what i (?:asked|meant)",
        ),
    ),
    (
        Act.WHO,
        (
            "(?:请问)?你(?:到底)?是(?:谁|什么(?:人|东西|机器人)?|(?:个)?(?:机器人|真人|人|人工智能|ai|chatgpt|gpt))(?:吗|啊|"
            "呀|呢)?",
            "(?:你们?|云问)?(?:单位|公司|报社|编辑部)?的?(?:联系|客服|人工)?(?:电话|联系方式|客服)(?:是多少|多少|是什么)?|转人工|人工客服|(?:找|要)人工|"
            "你系边个|你叫(?:什么|啥)(?:名字)?|(?:你)?(?:自我)?介绍(?:一下)?(?:你)?自己|自我介绍|谁(?:做|开发|造)(?:的|了)你",
            r"(?:who|what) are you|what(?:'s| is) your name|are you (?:a |an )?(?:bot|robot|human|person|ai)",
        ),
    ),
)
"""What each pattern says is looked for in a folded message, without politeness at its beginning and its end."""

WORDS: tuple[tuple[Act, str], ...] = (
    (
        Act.ABUSE,
        "傻[逼比币叉子瓜x×]?|煞笔|沙比|sb|2b|二货|笨蛋|笨死了?|蠢货|蠢死了?|太?蠢|太?笨|白痴|智障|脑残|弱智|垃圾|废物|猪|狗屎|滚(?:蛋|开|远点|一边去)?|"
        "去死|去你妈的?|你妈的?|他妈的|妈的|尼玛|tmd|cnm|nmsl|神经病|有病|没用|不(?:好|顶|中)用|一点儿?用(?:处|也|都)*没有?|差劲|太差了?|"
        "骗子|骗人|答非所问|就(?:这|这些|这样)[?？]?|(?:你)?行不行|不行|什么水平|没意思|无语|服了|太慢|什么(?:也|都)不(?:是|会|懂|知道)|(?:什么)?(?:破|烂|垃圾)(?:软件|东西|玩意儿?|程序|系统|机器人)|"
        "什么玩意儿?|什么东西|烂透了|fuck(?:ing)?(?: you| off)?|shit|stupid|idiot|dumb|useless|"
        "garbage|trash|asshole|sucks?|[😡🤬🖕💩]",
    ),
    (
        Act.UNCLEAR,
        "(?:听|看|读|弄|搞)?不(?:大|太)?(?:懂|明白)|(?:说|讲)(?:得|的)?(?:大?白话|简单|清楚|明白)点?儿?|(?:大白话|简单点|清楚点|明白点)(?:说|讲)?|没(?:听|看|弄|搞)?(?:懂|明白)|什么意思|说(?:的|些)?什么(?:呢|呀|啊|东西)|说人话|讲人话|"
        "(?:i )?(?:don't|do not|can't) (?:understand|get it)|what do you mean|huh",
    ),
    (
        Act.ALOUD,
        "我?不(?:识|认)字|(?:能|可以)?打电话(?:问|给)?你?不?|(?:念|读|讲|说)(?:给我|给大家)?(?:听|出来|一?遍)|(?:发|来)(?:个|一?段)?语音|(?:打|来)(?:个)?(?:电话|视频)|"
        "字(?:儿)?(?:太|有点|好)?小(?:了)?|(?:字|字体)?(?:放|调|弄|整)?大(?:一)?点(?:儿)?|看不(?:清楚?|见)|"
        "read (?:it )?(?:out|aloud|to me)|call me|voice message|larger|bigger",
    ),
    (
        Act.BEYOND,
        "(?:你|您)?(?:觉得|认为|怎么看|怎么想|说说看|有什么(?:看法|意见|建议))|(?:讲|说|来)(?:个|一个)?(?:笑话|故事|段子)|唱(?:个|首|一首)?歌|"
        "(?:陪我)?聊(?:聊天?|会儿?天?|天)|(?:帮我)?(?:写|生成|整理|做|总结|概括|归纳)(?:一下|一?[个份首篇])?(?:诗|稿子?|作文|总结|汇报|报告|材料|ppt)*|"
        "(?:帮我)?(?:翻译|译)(?:一?下|成(?:英|蒙|日|俄)(?:文|语))*|"
        "(?:有|看|发|来|给我)*(?:没有)?(?:照片|图片|相片|图|视频|录像)(?:看看)?吗?|"
        "tell me a joke|translate(?: (?:it|this|that))?|pictures?|photos?",
    ),
    (
        Act.THANKS,
        "谢谢|谢[了啦]|多谢晒?|感谢|谢|蟹蟹|辛苦(?:你|您)?(?:了|啦)?|麻烦(?:你|您)?了|有劳|3q|cheers|xie ?xie|duo ?xie|thx|tks|thanks?|"
        "thank (?:you|u)|(?:so|very) much|a (?:lot|bunch|million)|many|[🙏🌹💐]",
    ),
    (
        Act.GREETING,
        "你好|您好|大家好|嗨|哈喽|哈啰|喂|早上好|早晨好?|早安|早|上午好|中午好|下午好|晚上好|吃了吗?|(?:老师|师傅|大姐|大哥|朋友|同志)们?好|"
        "在吗|在不在?|在么|有人(?:吗|没|不)|(?:新年|春节|中秋|国庆|元旦|节日|周末|端午)(?:节)?(?:好|快乐|愉快)|赛[音因]|赛[拜白百]努|"
        "ni ?hao|hello|hi|hey|good (?:morning|afternoon|evening|day)|there|[👋]",
    ),
    (
        Act.FAREWELL,
        "歇(?:着|了)?(?:去|吧|会儿)*|再见|在见|拜拜|拜|回见|回头见|回头聊|下次见|下次聊|明天见|晚安|先这样|就这样|不聊了|不问了|先?忙了|忙去了|我?(?:先)?(?:睡|走|撤|下)了|"
        "bye|goodbye|good night|see you|8{2,}6?",
    ),
    (
        Act.ASSENT,
        "好的|好吧|好嘞|好滴|好|嗯+[呐呢哪]?|恩|哦+|噢|行|可以了?|知道了|明白了?|清楚了?|懂了|了解了?|收到|没事了?|没问题|算了|得嘞|得了|妥了?|成|"
        "6{2,8}|原来(?:如此|是这样)|这样[啊子]|对不[住起]|抱歉|不好意思|(?:刚才|刚刚)?(?:急|着急|说重|问错|打错字?)了|(?:手滑|(?:点|按|发|打)错)了?|没(?:别的|其他|什么)?事儿?了?|(?:吓人|可怕|可怜|可惜|不容易|惨)了?|别(?:生气|介意|见怪|往心里去)|没关系|不要紧|sorry|欧[克了]|ok|okay|太好了|真棒|真好|厉害|不错|很好|棒|赞|牛|对的?|是的|(?:哈){1,9}|呵呵|嘿嘿|"
        "great|nice|cool|good|fine|yes|no problem|got it|i see|wow|perfect|awesome|[👍👌😊🙂😄😁💪✅]",
    ),
)
"""Words of courtesy; a message made of nothing else is the first kind among them, and any of it may come twice."""
