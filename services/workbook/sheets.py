"""The sheets and columns of the county's workbook: what load reads, the template offers and export writes."""

from domain import workbook as cells
from domain.process import Actor
from models.grid import GridKind
from models.indicator import IndicatorKind, IndicatorSource
from models.kf import Audience
from models.okr import CountedSource
from models.person import Role
from models.plan import Grouping, Part, PlanSubject
from models.ticket import Clock
from services.workbook.column import Column, Sheet, account, choice, code, day, flag, number, step, text, whole, words

ROLES = tuple(role.value for role in Role)
CLOCKS = {"接单": Clock.ACCEPT, "首联": Clock.CONTACT, "办结": Clock.RESOLVE}
ADDRESSEES = {actor.label: actor for actor in (Actor.OWNER, Actor.GRID_LEADER, Actor.DUTY_LEADER)}
ONE_OF_TWO = "账号和单位编号填一个：个人的填账号，单位的填单位编号"

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "单位",
        "局、所、队、科室、镇街、园区，一行一个；同一类别的单位互相可比。",
        ("编号",),
        (
            code("编号", required=True),
            text("名称", 128, required=True),
            code("上级编号", refers="单位", note="最上级不填"),
            text("类别", 64, required=True, note="例如 派出所、机关单位、交警中队"),
            code("群聊ID", note="单位的企业微信群，公告会发到这里"),
        ),
    ),
    Sheet(
        "人员",
        "一行一个人，账号和企业微信里的一样，不分大小写。",
        ("账号",),
        (
            account("账号", required=True, refers="", note="企业微信账号"),
            text("姓名", 64, required=True),
            code("单位编号", required=True, refers="单位"),
            text("职级", 32, note="例如 领导、中层干部、一般民警、辅警"),
            text("跑道", 32, note="例如 社区警务、执法办案、窗口服务、综合保障"),
            Column(
                "角色",
                cells.choices_of(ROLES),
                empty=(Role.MEMBER.value,),
                choices=ROLES,
                note="不填就是成员；几个角色用、隔开。再次导入时以表里的为准",
            ),
        ),
    ),
    Sheet(
        "周期",
        "季度、月、半年或全年；同样长短的周期不能重叠。",
        ("编号",),
        (
            code("编号", required=True, note="例如 2026Q4", limit=32),
            text("名称", 64, required=True, note="例如 2026年第四季度"),
            day("开始", required=True),
            day("结束", required=True),
            day("制定截止", note="不填按开始后10天"),
            day("复盘截止", note="不填按结束后10天"),
            day("公布日", note="不填按结束后第5个工作日"),
        ),
    ),
    Sheet(
        "目标",
        "一行一条关键结果，同一个目标的几行写同样的目标序号和目标。一人最多5个目标，一个目标最多5条关键结果。",
        ("周期", "账号", "单位编号", "目标序号", "关键结果序号"),
        (
            code("周期", required=True, refers="周期"),
            account("账号", note=ONE_OF_TWO),
            code("单位编号", refers="单位", note=ONE_OF_TWO),
            Column("目标序号", cells.read_position, True, None),
            text("目标", 200, required=True),
            Column("目标权重", cells.read_weight, empty=None, note="不填是1"),
            Column("关键结果序号", cells.read_position, True, None),
            text("关键结果", 200, required=True),
            number("起始值", note="不填是0；越低越好的，起始值写得比目标值高"),
            number("目标值", required=True, note="只填数字"),
            text("计量单位", 32, note="例如 户、%、场"),
            Column("权重", cells.read_weight, empty=None, note="不填是1"),
            choice(
                "来源", [source.value for source in CountedSource], note="填了就跟着自动计数走，不用再报；不填由本人报"
            ),
        ),
    ),
    Sheet(
        "指标",
        "一行一个指标。",
        ("编号",),
        (
            code("编号", required=True),
            text("名称", 128, required=True),
            choice("类型", [kind.value for kind in IndicatorKind], required=True),
            text("分类", 64),
            number("满分", required=True),
            number("目标值"),
            text("公式", 32, required=True, note="见说明里的公式表"),
            text("参数", 500, note="写成 a=0.05; u=1"),
            choice("来源", [source.value for source in IndicatorSource], empty=IndicatorSource.MANUAL.value),
            account("责任人账号"),
            words("适用", 500, "单位编号、类别、账号或跑道，也可以写成 类别=派出所；几个用、隔开；不填就是全部"),
        ),
    ),
    Sheet(
        "网格",
        "工业社区下面是企业网格，企业网格下面是微网格。",
        ("编号",),
        (
            code("编号", required=True),
            text("名称", 128, required=True),
            code("上级编号", refers="网格", note="最上级不填"),
            choice("类型", [kind.value for kind in GridKind], required=True),
            account("联系人账号"),
            account("副联系人账号"),
            account("负责人账号"),
        ),
    ),
    Sheet(
        "企业",
        "一行一家企业，每家都要有网格。",
        ("编号",),
        (
            code("编号", required=True),
            text("名称", 128, required=True),
            words("别名", 500),
            code("网格编号", required=True, refers="网格"),
            flag("规上"),
            flag("重点"),
            code("绑定码", note="企业在微信里回“绑定 企业名 绑定码”时用"),
        ),
    ),
    Sheet(
        "小区",
        "一行一个小区，名称不能重复。",
        ("名称",),
        (
            text("名称", 128, required=True),
            words("别名", 500),
            code("网格编号", required=True, refers="网格"),
            whole("户数"),
        ),
    ),
    Sheet(
        "客服账号",
        "微信客服账号。",
        ("客服ID",),
        (
            code("客服ID", required=True, note="open_kfid"),
            text("名称", 64, required=True),
            choice("服务对象", [audience.value for audience in Audience], required=True),
        ),
    ),
    Sheet(
        "客户群",
        "居民或企业的微信群。",
        ("群ID",),
        (
            code("群ID", required=True, note="chat_id"),
            text("名称", 128, required=True),
            code("网格编号", refers="网格"),
            text("项目", 128),
        ),
    ),
    Sheet(
        "假勤",
        "一行一段休假，首尾两天都算；这几天不打扰本人。",
        ("账号", "开始", "结束"),
        (account("账号", required=True), day("开始", required=True), day("结束", required=True)),
    ),
    Sheet(
        "考核方案",
        "一个方案可以写几行，每行一个组成部分；除OKR加分外，各部分权重加起来是100。",
        ("编号", "组成"),
        (
            code("编号", required=True),
            text("名称", 128, required=True),
            code("周期", required=True, refers="周期"),
            choice("对象", [subject.value for subject in PlanSubject], required=True),
            text("适用", 500, required=True, note="例如 类别=派出所；或 跑道=社区警务、执法办案; 职级=一般民警、辅警"),
            Column(
                "组成",
                cells.choices_of([part.value for part in Part]),
                True,
                (),
                choices=tuple(part.value for part in Part),
            ),
            Column("权重", cells.read_numbers, True, (), note="百分比，只填数字；OKR加分填最多加几分（0到5）"),
            choice("分组", [grouping.value for grouping in Grouping], note="不填：单位按类别，人员按跑道"),
            text("并列规则", 200, note="例如 没有一票否优→关键指标得分高→满意率高→逾期少，按先后；不填就并列"),
        ),
    ),
    Sheet(
        "指标数据",
        "一行是一个人或一个单位在一个指标上的数。",
        ("周期", "指标编号", "对象"),
        (
            code("周期", required=True, refers="周期"),
            code("指标编号", required=True, refers="指标"),
            code("对象", required=True, note="账号或单位编号"),
            number("数值", required=True, note="只填数字"),
            text("依据", 500),
        ),
    ),
    Sheet(
        "诉求类别",
        "企业诉求分哪几类，各要几个工作日办结。不填就按内置的。",
        ("名称",),
        (text("名称", 32, required=True), whole("办结工作日", required=True, note="1到250")),
    ),
    Sheet(
        "派单规则",
        "哪个网格的哪类诉求由谁办；写得细的先算。没有规则的，由微网格的联系人办。",
        ("网格编号", "类别"),
        (
            code("网格编号", refers="网格", note="不填就是所有网格；下级网格也算"),
            text("类别", 32, refers="诉求类别", note="不填就是所有类别"),
            code("主办单位编号", refers="单位"),
            words("协办单位编号", 500, refers="单位"),
            account("承办人账号", note="不填就是网格的联系人"),
        ),
    ),
    Sheet(
        "催办阶梯",
        "到时限前后，什么时候提醒谁。写了哪个时限，就以表里的几行为准；没写的按内置的。",
        ("时限", "对象", "工作日", "分钟"),
        (
            choice("时限", list(CLOCKS), required=True),
            choice("对象", list(ADDRESSEES), required=True),
            step("工作日", note="到时限后几个工作日；提前写负数，例如 -1"),
            step("分钟", note="到时限后几分钟，只算工作时间；提前写负数，例如 -60"),
        ),
    ),
    Sheet(
        "值班领导",
        "一行一段值班，首尾两天都算。",
        ("账号", "开始", "结束"),
        (account("账号", required=True), day("开始", required=True), day("结束", required=True)),
    ),
)

BY_NAME = {sheet.name: sheet for sheet in SHEETS}
# A sheet of explanations that the template and export carry; nobody loads it.
GUIDE = "说明"
