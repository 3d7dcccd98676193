"""What a place is named for: an article about it, a name that holds it, something told in passing."""

from pathlib import Path

import pytest

from retrieval.reading import parse_page
from retrieval.regions import Gazetteer, Resolver
from retrieval.regions.places import place_told
from retrieval.text.tokenization import Tokenizer
from retrieval.types import StoredArticle

GAZETTEER = Gazetteer.load()
RESOLVER = Resolver(GAZETTEER, cut=Tokenizer().cut)


def named(text: str) -> list[str]:
    return [mention.name for mention in RESOLVER.resolve_text(text).mentions]


def about(text: str) -> str | None:
    code = RESOLVER.resolve_text(text).primary
    division = GAZETTEER.get(code) if code else None
    return division.name if division else None


@pytest.mark.parametrize(
    "text",
    [
        "上海城小区改造完成，300户居民受益。",
        "市民在四川路看到一辆货车。",
        "南京街上新开了一家店。",
        "重庆火锅城开业当天来了200人。",
        "科尔沁牛业公司今年出栏肉牛2万头。",
        "上海庙能源化工基地投产。",
        "阿里资产平台拍卖一套房产。",
        "他毕业于西安交通大学。",
        "兰州拉面馆的老板说，生意不错。",
        "贵州茅台股价上涨。",
        "巴彦淖尔嘎查新打了六眼机井。",
        "记者来到赤峰村采访。",
        "科尔沁屯通了自来水。",
        "乌海苏木的牧民种草三百亩。",
        "通辽舰与呼和浩特舰一同出航。",
        "官兵登上“库伦”号驱逐舰。",
        "福建舰完成海试。",
        "北海舰队某支队展开训练。",
        "牧民在西拉沐沦河源头放牧。",
        "老哈河南岸种草三万亩。",
        "大黑山北麓发现一处泉水。",
        "货轮驶近长江入海口。",
        "阿里河森工公司的职工救了一只鸟。",
    ],
)
def test_a_place_in_another_name_is_no_mention(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("正蓝旗嘎查的牧民种草。", "正蓝旗"),
        ("喀喇沁旗马鞍山村人均收入上涨。", "喀喇沁旗"),
        ("内蒙古嘎查村干部来培训。", "内蒙古自治区"),
        ("赤峰村镇银行开业。", "赤峰市"),
        ("内蒙古乡村振兴局发文。", "内蒙古自治区"),
        ("广东河源的客商来了。", "河源市"),
        ("山东北部有雨。", "山东省"),
        ("海口迎来游客。", "海口市"),
        ("通辽市民登舰参观。", "通辽市"),
    ],
)
def test_a_place_that_only_looks_like_part_of_another_name_is_one(text: str, name: str) -> None:
    assert named(text)[-1] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新疆巴音郭楞的棉花丰收。", "巴音郭楞蒙古自治州"),
        ("四川阿坝的牦牛肉远销各地。", "阿坝藏族羌族自治州"),
        ("吉林延边的苹果梨上市。", "延边朝鲜族自治州"),
        ("云南西双版纳的游客增多。", "西双版纳傣族自治州"),
        ("湖北恩施的茶叶上市。", "恩施土家族苗族自治州"),
    ],
)
def test_an_autonomous_prefectures_short_name_behind_its_province_is_it(text: str, name: str) -> None:
    assert named(text)[-1] == name
    assert named(text)[0].endswith(("省", "自治区"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("库伦旗种植荞麦3万亩。产品销往上海、广州。", "库伦旗"),
        ("荞麦喜获丰收。在库伦旗，3万亩荞麦开镰。来自上海的客商赶来收购。", "库伦旗"),
        ("赤峰市在翁牛特旗、克什克腾旗同时启动治沙工程。赤峰市今年治沙百万亩。", "赤峰市"),
        ("内蒙古呼和浩特市新城区一处小区发生火情。", "新城区"),
        ("本报呼和浩特7月9日电 上半年全区口岸货运量增长一成。", "内蒙古自治区"),
        ("新华社北京7月9日电 上半年全国粮食总产量增长一成。", None),
        ("各地抓紧春耕。黑龙江的农机检修完毕。河南的小麦返青。江苏开始育秧。四川的油菜开花。", None),
        ("老人一家都爱旅游，去年到过西安。", None),
        (
            "走失的老人找到了家。内蒙古兴安盟突泉县居民汪先生来求助，根河市的民警走访了邻居。在根河市，老人找到了亲人。",
            "根河市",
        ),
        ("走失的老人找到了家。老人家住突泉县，根河市的民警走访了邻居。在根河市，老人找到了亲人。", "根河市"),
        ("突泉县居民汪先生反映小区停水。供水公司派人来修。", "突泉县"),
        ("乘务员赵某说，乌海西站出发时没有下雨。", None),
        ("小区停水了。突泉县居民汪先生来反映，供水公司派人来修。", "突泉县"),
    ],
)
def test_an_article_is_labelled_by_what_it_is_about(text: str, name: str | None) -> None:
    assert about(text) == name


def stored(text: str) -> StoredArticle:
    (article,) = parse_page(text, Path("a.txt"), sha256="", encoding="utf-8").articles
    fields = {name: getattr(article, name) for name in article.__slots__}
    return StoredArticle(**fields, id="a", page="a.txt", regions=(), story="a")


@pytest.mark.parametrize(
    ("sentence", "asked", "name"),
    [
        ("奈曼旗种植西瓜1.2万亩。", (), "奈曼旗"),
        ("预计总产4.8万吨。", (), "奈曼旗"),
        ("全市农业生产形势良好。", (), "通辽市"),
        ("库伦旗、奈曼旗的产品销往上海。", ("150525",), "奈曼旗"),
    ],
)
def test_a_sentence_tells_of_the_place_that_it_or_those_before_it_name(
    sentence: str, asked: tuple[str, ...], name: str
) -> None:
    article = stored(
        "# 通辽市农业生产形势良好\n\n　　全市农业生产形势良好。\n　　奈曼旗种植西瓜1.2万亩。预计总产4.8万吨。\n"
        "　　库伦旗、奈曼旗的产品销往上海。"
    )
    start = article.text.index(sentence)
    resolution = RESOLVER.resolve_article(article)
    code = place_told(GAZETTEER, article, resolution, start, start + len(sentence), asked)
    assert code is not None
    assert GAZETTEER.names[code] == name


@pytest.mark.parametrize(
    ("text", "sentence", "name"),
    [
        ("# 正蓝旗警方救助游客\n\n　　湖南游客王某被困涵洞，打电话求助。", "湖南游客", "正蓝旗"),
        (
            "# 通辽市铁路建设提速\n\n　　隧道位于内蒙古自治区赤峰市克什克腾旗，全长2300米。",
            "隧道位于",
            "克什克腾旗",
        ),
        (
            "# 内蒙古外贸增长\n\n　　呼和浩特海关介绍，上半年内蒙古进出口增长三成。",
            "呼和浩特海关",
            "内蒙古自治区",
        ),
    ],
)
def test_people_from_elsewhere_and_offices_do_not_move_a_sentence(
    text: str, sentence: str, name: str
) -> None:
    article = stored(text)
    start = article.text.index(sentence)
    end = article.text.index("。", start) + 1
    own = RESOLVER.resolve_article(article).primary
    code = place_told(
        GAZETTEER, article, RESOLVER.resolve_article(article), start, end, (own,) if own else ()
    )
    assert code is not None
    assert GAZETTEER.names[code] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("国家防总派出工作组分赴广西、福建，协助防汛抢险。", None),
        ("这位老战士先后参加渡江战役、江西剿匪，屡立战功。", None),
        ("全国夏收全面展开。在四川省眉山市的麦田里，一台收割机来回穿梭。", None),
        ("各地举办科普活动。在内蒙古库伦旗，牧民学习种草。库伦旗还办起夜校。", "库伦旗"),
        ("库伦旗、奈曼旗种草五万亩。", "库伦旗"),
        ("夏收展开。在四川省眉山市的麦田里，一台收割机来回穿梭。", "眉山市"),
    ],
)
def test_a_list_is_told_of_as_its_first_and_a_national_report_is_about_no_example(
    text: str, name: str | None
) -> None:
    assert about(text) == name


@pytest.mark.parametrize(
    ("text", "sentence", "asked", "name"),
    [
        (
            "# 乌海黄河大桥合龙\n\n　　包头至银川高铁的大桥今天合龙。",
            "包头至银川",
            ("150200",),
            "乌海市",
        ),
        (
            "# 列车停运\n\n　　从包头开往北京丰台的列车停在站内。北京市的民警赶来帮忙，北京市的居民送来食物。",
            "从包头",
            ("110000",),
            "北京市",
        ),
        (
            "# 两大沙地歼灭战启动\n\n　　赤峰市在翁牛特旗、克什克腾旗同时启动治沙。到2030年，全市沙地都将治理。赤峰市今年治沙百万亩。",
            "到2030年",
            ("150000",),
            "赤峰市",
        ),
        (
            "# 各地治沙\n\n　　从高空俯瞰黄河杭锦旗段，沙丘连绵。在这里，一道林带锁住黄沙。",
            "在这里",
            (),
            "杭锦旗",
        ),
        (
            "# 奈曼旗警方破案\n\n　　奈曼旗警方接到报警。民警分别在库伦旗、开鲁县、奈曼旗布控。",
            "民警分别",
            ("150500",),
            "通辽市",
        ),
        (
            "# 奈曼旗警方破案\n\n　　奈曼旗警方接到报警。民警分别在库伦旗、开鲁县、奈曼旗布控。",
            "民警分别",
            ("150525",),
            "奈曼旗",
        ),
    ],
)
def test_ends_of_a_route_are_not_told_of_and_here_is_the_place_named_last(
    text: str, sentence: str, asked: tuple[str, ...], name: str
) -> None:
    article = stored(text)
    start = article.text.index(sentence)
    end = article.text.index("。", start) + 1
    code = place_told(GAZETTEER, article, RESOLVER.resolve_article(article), start, end, asked)
    assert code is not None
    assert GAZETTEER.names[code] == name


def filed(text: str) -> str | None:
    article = stored(text)
    code = RESOLVER.resolve_article(article).primary
    return GAZETTEER.names[code] if code else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("在长沙学医的王五乐于助人。受访者供图", "临河区"),
        ("王五在长沙留影（受访者供图）", "临河区"),
    ],
)
def test_what_a_caption_names_labels_no_article_that_names_another_place(text: str, name: str) -> None:
    report = "王五近日救了一名路人，大家都很感谢他。7月23日，一名小伙在巴彦淖尔市临河区街头晕倒，王五上前施救。临河区的市民纷纷点赞。"
    assert filed(text + report) == name


def test_a_caption_labels_an_article_that_names_no_other_place() -> None:
    assert (
        filed("图为库伦旗的牧民在收割。张三 摄\n　　牧草长势喜人，牧民今年收入增长三成，大家都说好。")
        == "库伦旗"
    )


def test_a_dateline_behind_a_title_is_where_the_reporter_was() -> None:
    text = (
        "上半年全国粮食总产量增长一成本报北京7月9日电 （记者 张三）上半年，粮食总产量增长一成，蔬菜价格平稳。"
    )
    assert filed(text) is None
    assert filed(text.replace("北京", "呼和浩特")) == "呼和浩特市"


def test_a_title_that_runs_over_a_dateline_into_its_report_is_one_sentence_with_it() -> None:
    text = (
        "原标题：内蒙古牧民种草忙甲乙网记者 王五六8月1日，内蒙古赤峰市克什克腾旗的牧民种草三万亩。"
        "赤峰市的专家来指导，草种由旗里统一发放，牧民的收入增长三成。"
    )
    assert filed(text) == "克什克腾旗"


def test_what_a_train_only_comes_from_or_goes_to_is_not_told_of() -> None:
    text = (
        "日前，从内蒙古乌海西开往北京丰台的列车滞留在山间。乘务组4日回到呼和浩特。"
        "呼和浩特市为乘务组接风，呼和浩特市的乘客送来锦旗。"
    )
    assert filed(text) == "呼和浩特市"


def test_where_excursions_go_is_not_told_of() -> None:
    text = "# 专列\n\n　　草原绿了。包头铁路部门已开行14趟阿尔山旅游专列，包头—阿尔山的线路很热。"
    assert filed(text) == "包头市"
    assert filed("# 专列\n\n　　草原绿了。已开行14趟阿尔山旅游专列，大连—阿尔山的线路很热。") is None


def test_what_is_ridden_to_and_told_of_besides_is_told_of() -> None:
    text = "# 脱险\n\n　　列车晚点了。K396次列车开往北京，停在北京郊外。从包头开往北京的列车也晚点了，北京的牧民朋友来帮忙。"
    assert filed(text) == "北京市"


def test_a_dash_that_explains_is_no_line() -> None:
    assert filed("# 工程\n\n　　施工加快了。在重点水利工程——库伦旗水库，工人忙碌。") == "库伦旗"


def test_counties_courts_in_a_list_are_their_prefectures_matter() -> None:
    text = (
        "锡林郭勒盟三家法院设立法庭。8月15日，锡林郭勒盟分别在锡林浩特市人民法院、正蓝旗人民法院、"
        "镶黄旗人民法院挂牌。锡林郭勒盟还将设立巡回法庭。"
    )
    assert filed(text) == "锡林郭勒盟"


@pytest.mark.parametrize(
    ("before", "sentence", "asked", "name"),
    [
        ("山东威海下雪，辽宁营口结冰。", "内蒙古根河市最低气温跌破零下40℃。", ("150000",), "根河市"),
        ("通辽市昨天召开治沙会。", "内蒙古投入56亿元实施了五期工程。", (), "内蒙古自治区"),
        ("通辽市昨天召开治沙会。", "内蒙古文旅厅的工作人员到会。", (), "通辽市"),
        ("通辽市昨天召开治沙会。", "一家公司将为内蒙古各地的牧民送去树苗。", (), "内蒙古自治区"),
        ("乌兰浩特市恢复列车。", "乌兰浩特市的铁路部门增开通辽—佳木斯动车1对。", ("150500",), "乌兰浩特市"),
        ("草原绿了。", "铁路部门增开通辽—佳木斯动车1对。", ("150500",), "通辽市"),
        ("库伦旗迎来游客。", "铁路部门今年开行14趟阿尔山旅游专列。", ("152202",), "库伦旗"),
        ("乌兰浩特市恢复列车。", "从通辽开往佳木斯的D901次今天恢复。", ("150500",), "乌兰浩特市"),
        ("一家人去内蒙古自驾游。", "在去往海拉尔的路上，他们救了人。", ("150702",), "内蒙古自治区"),
        ("一家人去内蒙古自驾游。", "到海拉尔途中，他们救了人。", ("150702",), "内蒙古自治区"),
        ("内蒙古有个草原节。", "内蒙古第9届草原节今天在锡林浩特市开幕。", ("150000",), "锡林浩特市"),
        ("内蒙古召开会议。", "内蒙古在呼和浩特市召开新闻发布会。", ("150000",), "内蒙古自治区"),
    ],
)
def test_a_sentence_tells_of_the_nearest_of_a_chain_and_of_what_holds_the_articles_own_where_that_acts(
    before: str, sentence: str, asked: tuple[str, ...], name: str
) -> None:
    article = stored(f"# 要闻速览\n\n　　{before}{sentence}")
    start = article.text.index(sentence)
    resolution = RESOLVER.resolve_article(article)
    code = place_told(GAZETTEER, article, resolution, start, start + len(sentence), asked)
    assert code is not None
    assert GAZETTEER.names[code] == name


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        ("8月9日，陕西男篮在包头以90比80战胜山西男篮。", (), "包头市"),
        ("浙江队在包头夺冠。", (), "包头市"),
        ("辽宁男篮发布公告，与外援签约。", (), "辽宁省"),
        ("苏尼特右旗和苏尼特左旗下了大雨。", (), "锡林郭勒盟"),
        ("苏尼特右旗和苏尼特左旗下了大雨。", ("152523",), "苏尼特左旗"),
        ("公司在上海、重庆、广州设有基地。", (), None),
        ("高速公路西起包头市，东至呼和浩特市，全长160公里。", (), "内蒙古自治区"),
        ("渠道北起奈曼旗，南抵库伦旗，全长80公里。", (), "通辽市"),
        ("K600次包头至广州的列车晚点三小时。", (), None),
        ("Z317次列车（呼和浩特—杭州）停运。", (), None),
        ("K600次包头至广州的列车停在赤峰市，赤峰市的民警送来食物。", (), "赤峰市"),
        ("库伦旗的大米卖到上海、重庆、广州。", (), "库伦旗"),
    ],
)
def test_names_of_teams_lists_ends_of_a_line_and_of_a_train_are_not_where_something_is(
    text: str, asked: tuple[str, ...], name: str | None
) -> None:
    article = stored(f"# 要闻速览\n\n　　{text}")
    resolution = RESOLVER.resolve_article(article)
    start = article.text.index(text)
    code = place_told(GAZETTEER, article, resolution, start, start + len(text), asked)
    assert (GAZETTEER.names[code] if code else None) == name
