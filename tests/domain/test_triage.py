"""What one sentence of an enterprise is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.triage import SUMMARY_LENGTH, Nature, emergency_numbers, is_urgent, summarise, triage
from domain.triage_words import CATEGORIES, OTHER

# sentence | category | urgency | summary
REQUESTS = """
我们想扩产但缺30个普工，能帮忙招工吗 | 用工 | - | 招普工 30 人
我们想扩产，还缺30个普工，能不能帮忙招工 | 用工 | - | 招普工 30 人
招焊工5名 | 用工 | - | 招焊工 5 人
要招三十个工人 | 用工 | - | 招工人 30 人
缺二十来个人手 | 用工 | - | 招工 20 人
厂里人手不够，急需50名操作工 | 用工 | 急 | 招操作工 50 人
员工社保断缴了怎么补 | 用工 | - | 员工社保断缴了怎么补
有个员工工伤了，怎么申报 | 用工 | - | 员工工伤
能不能组织一场招聘会 | 用工 | - | 组织一场招聘会
两个员工离职闹劳动仲裁 | 用工 | - | 两个员工离职闹劳动仲裁
年底资金紧张想贷款500万 | 融资 | - | 资金 500万元
银行不给续贷怎么办 | 融资 | - | 银行不给续贷
货款收不回来，周转不开 | 融资 | - | 货款收不回来
想了解一下信用贷利率 | 融资 | - | 信用贷利率
资金链要断了，急 | 融资 | 急 | 资金链要断
这是救命钱啊，银行快放款吧 | 融资 | - | 银行快放款
项目进展缓慢，主要是缺资金 | 融资 | - | 主要是缺资金
想租2000平标准厂房 | 用地 | - | 租2000平标准厂房
厂房不够用，想扩建 | 用地 | - | 扩建
旁边那块地块能不能拿地 | 用地 | - | 旁边那块地块能不能拿地
仓库租金太贵 | 用地 | - | 仓库租金太贵
停电三天了没人管 | 用电用水用气 | 急 | 停电三天了没人管
厂里突然停电，机器全停了 | 用电用水用气 | 急 | 突然停电
厂里停电了什么时候能解决 | 用电用水用气 | 急 | 停电了什么时候能解决
他妈的停电三天了没人管 | 用电用水用气 | 急 | 停电三天了没人管
电压不稳，机器老跳闸 | 用电用水用气 | - | 机器老跳闸
想申请变压器增容 | 用电用水用气 | - | 申请变压器增容
自来水水压不够 | 用电用水用气 | - | 自来水水压不够
燃气什么时候通到园区 | 用电用水用气 | - | 燃气什么时候通到园区
蒸汽价格又涨了 | 用电用水用气 | - | 蒸汽价格又涨
营业执照要变更经营范围 | 证照办理 | - | 营业执照要变更经营范围
食品生产许可证怎么办理 | 证照办理 | - | 食品生产许可证怎么办理
消防验收一直没给办 | 证照办理 | - | 消防验收一直没给办
不动产证办不下来 | 证照办理 | - | 不动产证办不下来
门口路灯坏了半个月 | 物流交通 | - | 门口路灯坏了半个月
园区能不能通公交车 | 物流交通 | - | 园区能不能通公交车
厂门口路面全是坑 | 物流交通 | - | 门口路面全是坑
货车通行证怎么办 | 物流交通 | - | 货车通行证
今天就要用通行证，货车进不去 | 物流交通 | 急 | 今天就要用通行证
隔壁厂废气味道太大 | 安全环保 | - | 隔壁厂废气味道太大
污水管堵了，排污排不出去 | 安全环保 | - | 排污排不出去
危废没地方处理 | 安全环保 | - | 危废没地方处理
环评什么时候能批 | 安全环保 | - | 环评什么时候能批
厂里铜线被偷了 | 安全环保 | - | 铜线被偷
灭火器过期了去哪换 | 安全环保 | - | 灭火器过期了去哪换
组织一次消防演练 | 安全环保 | - | 组织一次消防演练
技改补贴怎么申请 | 政策咨询 | - | 技改补贴怎么申请
高新技术企业申报要什么条件 | 政策咨询 | - | 高新技术企业申报要什么条件
去年的奖励还没兑现 | 政策咨询 | - | 去年的奖励还没兑现
有没有惠企政策 | 政策咨询 | - | 惠企政策
退税一直没到账 | 政策咨询 | - | 退税一直没到账
别人仿冒我们的商标 | 知识产权 | - | 别人仿冒我们的商标
专利被侵权了怎么维权 | 知识产权 | - | 专利被侵权了怎么维权
商标注册找谁 | 知识产权 | - | 商标注册找谁
不急，有空帮我们看看专利怎么申请 | 知识产权 | - | 看看专利怎么申请
食堂送餐不好吃 | 其他 | - | 食堂送餐不好吃
隔壁天天放鞭炮 | 其他 | - | 隔壁天天放鞭炮
希望政府搞一次相亲活动 | 其他 | - | 希望政府搞一次相亲活动
想做一次防火检查 | 其他 | - | 做一次防火检查
上个月有工人受伤怎么赔偿 | 用工 | - | 上个月有工人受伤怎么赔偿
路灯不亮，害怕[流泪] | 物流交通 | - | 路灯不亮
去年着火的保险怎么理赔 | 其他 | - | 去年着火的保险怎么理赔
电脑中毒了打不开 | 其他 | - | 电脑中毒了打不开
"""

# sentence | the numbers to call
EMERGENCIES = """
着火了 | 119
车间着火了快来人 | 119
车间着火了，上次也是这里 | 119
仓库冒烟了 | 119
燃气泄漏了怎么办 | 119
门口有人打架 | 110
救命 | 110
有人持刀闹事 | 110
有工人晕倒了 | 120
员工触电了 | 120
车间有人受伤 | 120
着火了！车间有人受伤 | 119 120
有两个工人受伤流血 | 120
锅炉爆炸，有人昏迷 | 119 120
"""

# nature | sentences
OTHERS = """
progress | 进度 / 我的进度 / 查一下进度 / 我的事办得怎么样了 / 上次反映的停电怎么样了 / 怎么还没人联系我 / 有结果了吗 / 什么时候能解决 / 贷款批到哪了 / 催一下 / 多久有人联系我 / 什么时候联系我们啊 / 有人会给我回电话吗 / 怎么没人打电话 / 几点联系我 / 谁在负责我的事
greeting | 你好 / 在吗 / 您好，在吗？ / hello / 早上好 / 喂 / 有人吗
empty | 嗯 / 好的 / 谢谢 / 。。。 / ？？ / 123 / 哈哈哈 / 我有个事 / 我要反映问题 / 想咨询一下 / 测试 / 🙂 / [捂脸] / [玫瑰][OK] / 好的[呲牙] / 你好，我想咨询一下
person | 转人工 / 人工 / 人工客服 / 我要转人工 / 帮我找个真人 / 有没有人工客服啊 / 不想跟机器人说，转人工 / 人工在吗
abuse | 傻逼 / 你们就是一群废物 / 滚 / 垃圾系统 / SB
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().split("\n")]


@pytest.mark.parametrize(("sentence", "category", "urgency", "summary"), rows(REQUESTS))
def test_a_request_is_sorted(sentence: str, category: str, urgency: str, summary: str) -> None:
    understood = triage(sentence)

    assert understood.nature is Nature.REQUEST
    assert understood.category.name == category
    assert understood.is_urgent is (urgency == "急")
    assert understood.summary == summary
    assert understood.call == ()


@pytest.mark.parametrize(("sentence", "numbers"), rows(EMERGENCIES))
def test_an_emergency_names_whom_to_call(sentence: str, numbers: str) -> None:
    understood = triage(sentence)

    assert understood.nature is Nature.EMERGENCY
    assert understood.call == tuple(numbers.split())
    assert understood.is_urgent


@pytest.mark.parametrize(
    ("nature", "sentence"), [(nature, said.strip()) for nature, line in rows(OTHERS) for said in line.split(" / ")]
)
def test_what_is_no_request(nature: str, sentence: str) -> None:
    assert triage(sentence).nature is Nature(nature)


@pytest.mark.parametrize(
    "sentence",
    ["如果着火了找谁", "昨天触电的工人怎么赔偿", "订单爆炸，忙不过来", "防止触电的培训", "气得冒火", "开展防火宣传"],
)
def test_talk_of_danger_is_no_danger(sentence: str) -> None:
    assert emergency_numbers(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "urgent"),
    [
        ("很急", True),
        ("不急", False),
        ("不着急，有空再办", False),
        ("应急演练", False),
        ("马上要停产了", True),
        ("慢慢来", False),
    ],
)
def test_urgency_by_words(sentence: str, urgent: bool) -> None:
    assert is_urgent(sentence) is urgent


def test_further_categories_are_offered() -> None:
    understood = triage("招工有没有补贴政策")

    assert [understood.category.name, *(other.name for other in understood.others)] == ["政策咨询", "用工"]


def test_a_question_about_progress_keeps_its_matter() -> None:
    assert triage("贷款批到哪了").category.name == "融资"


def test_categories_are_data() -> None:
    assert triage("缺30个普工", categories=()).category is OTHER


def test_a_head_count_said_last_is_found() -> None:
    assert triage("想招一些普工三十名").summary == "招普工 30 人"


def test_a_long_sentence_is_cut() -> None:
    assert (
        summarise("车间二楼东面那台旧设备的排风口一直对着隔壁企业的宿舍楼") == "车间二楼东面那台旧设备的排风口一直对着…"
    )


@given(st.text(max_size=200))
def test_anything_can_be_read(text: str) -> None:
    understood = triage(text)

    assert len(understood.summary) <= SUMMARY_LENGTH
    assert (understood.nature is Nature.EMERGENCY) == bool(understood.call)


def test_every_category_has_words_and_a_preset() -> None:
    assert [category.name for category in CATEGORIES if not category.words] == []
    assert {category.resolve_days for category in (*CATEGORIES, OTHER)} == {1, 5, 15}
