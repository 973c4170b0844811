"""Indicators, plans and figures of the sample county's officers: nine lines for each track, and one veto for all."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.sample.cast import people

RANKS = ("一般民警", "辅警")

# Name, kind, full marks, target, formula, parameters, lowest and highest figure.
Line = tuple[str, str, int, int | None, str, str, int, int]
LINES: dict[str, tuple[Line, ...]] = {
    "社区警务": (
        ("入户走访户数", "关键", 20, 50, "completion", "cap=1.2", 28, 62),
        ("矛盾纠纷调处", "关键", 15, 15, "completion", "", 8, 18),
        ("反诈宣传覆盖率", "关键", 15, 90, "threshold", "a=0.5; u=1", 72, 98),
        ("电诈发案数", "关键", 10, 8, "threshold_reverse", "a=1", 4, 14),
        ("一标三实采集", "关键", 10, None, "ratio_to_best", "", 180, 330),
        ("独居老人探访", "个性", 10, 24, "completion", "", 14, 30),
        ("群众满意率", "个性", 10, None, "efficacy", "yes=100; no=80", 86, 100),
        ("警情回访率", "个性", 8, None, "bands", "bands=90:8,80:6,70:4,0:2", 64, 97),
        ("警情处置逾期", "激励", 2, None, "count_deduction", "a=0.5; k=3", 0, 3),
    ),
    "执法办案": (
        ("案件办结率", "关键", 20, None, "bands", "bands=95:20,90:17,80:13,0:8", 70, 99),
        ("平均办案天数", "关键", 15, 14, "threshold_reverse", "a=1", 9, 22),
        ("卷宗评查合格率", "关键", 15, None, "efficacy", "yes=100; no=80", 82, 100),
        ("追赃挽损万元", "关键", 10, None, "ratio_to_best", "", 3, 46),
        ("重点场所检查", "关键", 10, 30, "completion", "cap=1.1", 18, 36),
        ("夜间巡查", "个性", 10, 20, "completion", "", 10, 25),
        ("法制考试成绩", "个性", 10, None, "borrowed", "scale=0.1; missing=group_mean", 60, 100),
        ("当事人满意率", "个性", 8, 95, "threshold", "a=0.4", 85, 100),
        ("办案超期", "激励", 2, None, "count_deduction", "a=1; k=2", 0, 2),
    ),
    "窗口服务": (
        ("窗口办件量", "关键", 20, None, "ratio_to_best", "", 240, 520),
        ("一次办成率", "关键", 20, 95, "threshold", "a=0.8", 84, 100),
        ("平均等候分钟", "关键", 15, 10, "threshold_reverse", "a=0.5", 6, 19),
        ("上门办证", "关键", 10, 12, "completion", "cap=1.2", 5, 16),
        ("证照差错", "关键", 5, None, "count_deduction", "a=1; k=5", 0, 4),
        ("办件满意率", "个性", 15, None, "efficacy", "yes=100; no=85", 90, 100),
        ("业务技能测试", "个性", 10, None, "borrowed", "scale=0.1; missing=group_mean", 62, 100),
        ("延时服务", "激励", 3, 8, "completion", "", 2, 10),
        ("办件逾期", "激励", 2, None, "count_deduction", "a=0.5; k=4", 0, 3),
    ),
    "综合保障": (
        ("保障响应小时", "关键", 20, 30, "threshold_reverse", "a=0.5", 20, 48),
        ("装备巡检", "关键", 15, 20, "completion", "cap=1.1", 12, 26),
        ("台账完整率", "关键", 15, None, "bands", "bands=98:15,95:12,90:9,0:5", 86, 100),
        ("信息采用数", "关键", 10, None, "ratio_to_best", "", 1, 14),
        ("培训组织场次", "关键", 10, 3, "completion", "", 1, 5),
        ("基层满意率", "个性", 10, 95, "threshold", "a=0.5", 82, 100),
        ("公文质量名次", "个性", 10, None, "rank_points", "table=10,10,9,9,8,8,7", 1, 12),
        ("综合测试成绩", "个性", 8, None, "borrowed", "scale=0.08; missing=group_mean", 60, 100),
        ("督办逾期", "激励", 2, None, "count_deduction", "a=1; k=2", 0, 2),
    ),
}  # fmt: skip
VETO = ("M00", "违纪违法", "激励", 0, None, "veto", "", 0, 0)


def _coded() -> Iterator[tuple[str, str, Line]]:
    """The code and the track of every line, the track empty for the one that is for all."""
    for letter, (track, lines) in zip("ABCD", LINES.items(), strict=True):
        for number, line in enumerate(lines, 1):
            yield f"M{letter}{number}", track, line
    yield VETO[0], "", VETO[1:]


def personal_indicators() -> Iterator[dict[str, Any]]:
    """The rows of 指标 for officers."""
    for code, track, (name, kind, full, target, formula, parameters, *_) in _coded():
        yield {
            "编号": code,
            "名称": name,
            "类型": kind,
            "分类": track or "队伍",
            "满分": full,
            "目标值": target,
            "公式": formula,
            "参数": parameters,
            "来源": "单位",
            "责任人账号": "jixiao",
            "适用": ["跑道=" + word for word in ([track] if track else LINES)],
        }


def personal_plans(periods: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of 考核方案 for officers: one plan per period, ranked inside their tracks."""
    for period in periods:
        for part, weight in (("指标", 80), ("民主测评", 20), ("OKR加分", 3)):
            yield {
                "编号": f"MJ-{period}",
                "名称": "民警考核方案",
                "周期": period,
                "对象": "人员",
                "适用": f"跑道={'、'.join(LINES)}; 职级={'、'.join(RANKS)}",
                "组成": part,
                "权重": weight,
                "分组": "跑道",
                "并列规则": "没有一票否优→关键指标得分高→满意率高→逾期少",
            }


def personal_figures(periods: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of 指标数据 for officers; one figure in seventeen is missing, and one officer has a veto."""
    officers = [person for person in people() if person.track in LINES and person.rank in RANKS]
    for season, period in enumerate(periods):
        for line, (code, track, (*_, lowest, highest)) in enumerate(_coded()):
            for place, officer in enumerate(officers):
                if (officer.track == track and (place + line + season) % 17) or (not track and place == 60):
                    value = lowest + (line * 37 + place * 23 + season * 11) * 7 % (highest - lowest + 1)
                    row = {"周期": period, "指标编号": code, "对象": officer.account, "依据": "示例数据"}
                    yield {**row, "数值": value if track else 1}
