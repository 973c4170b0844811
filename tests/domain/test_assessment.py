"""Marks within a comparable group, parts combined, and what a whole result comes to."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessed import PEOPLE, UNITS, Indicator, Plan, Subject
from domain.assessment import bonus, combine, published, score_indicator, share_of_full
from domain.result import Ranking, Rules, compute
from domain.scored import Facts
from domain.snapshot import Digest, facts_of, facts_record, row_record, rules_of, rules_record, spelled


def line(code: str = "Z1", formula: str = "completion", parameters: str = "", **changed: Any) -> Indicator:
    given = {"name": "入户走访", "kind": "关键", "full": "10", "target": "30", "applies_to": ""} | changed
    return Indicator(code=code, formula=formula, parameters=parameters, **given)


def unit(code: str, category: str = "派出所") -> Subject:
    return Subject(code, f"{code}所", code, f"{code}所", category)


def officer(code: str, track: str = "社区警务", unit: str = "CG") -> Subject:
    return Subject(code, f"{code}名", unit, f"{unit}所", "派出所", track, "一般民警", is_person=True)


def plan(**changed: Any) -> Plan:
    given = {"code": "P", "name": "派出所方案", "subject": UNITS, "applies_to": "类别=派出所", "grouping": "类别"}
    return Plan(**({**given, "ties": "", "parts": {"指标": "100"}} | changed))


def rank(
    figures: Mapping[str, Mapping[str, str]],
    subjects: tuple[Subject, ...] = (unit("A"), unit("B"), unit("C")),
    *,
    plans: tuple[Plan, ...] = (plan(),),
    indicators: tuple[Indicator, ...] = (line(),),
    **more: Any,
) -> list[Ranking]:
    facts = Facts(subjects, figures, **more)
    return list(compute(Rules(indicators, plans), {UNITS: facts, PEOPLE: facts}))


def told(ranking: Ranking) -> list[tuple[str, int | None, str | None]]:
    return [(one.subject.code, one.place, one.score) for one in ranking.scored]


def test_a_line_tells_figure_mean_place_and_marks() -> None:
    found = score_indicator(line(), "ABC", {"A": "30", "B": "15", "C": "30"})

    assert found["A"].line[:6] == ("Z1", "30", "25", 1, "10.00", "completion")
    assert found["B"].line[:6] == ("Z1", "15", "25", 3, "5.00", "completion")
    assert "目标 30" in found["B"].line.words


def test_without_a_figure_the_line_does_not_count() -> None:
    missing = score_indicator(line(), "AB", {"A": "30"})["B"]

    assert missing.marks is None
    assert missing.line[:5] == ("Z1", None, "30", None, None)
    assert "满分由其他指标分担" in missing.line.words


def test_missing_may_be_the_mean_of_the_marks_of_the_group() -> None:
    found = score_indicator(line(parameters="missing=group_mean"), "ABC", {"A": "60", "B": "15"})

    assert found["C"].marks == Fraction(15, 2)
    assert found["C"].line.marks == "7.50"


def test_the_mean_of_a_group_without_any_figure_does_not_count() -> None:
    assert score_indicator(line(parameters="missing=group_mean"), "A", {})["A"].marks is None


def test_a_figure_that_cannot_be_used_is_left_out_and_named() -> None:
    (ranking,) = rank({"Z1": {"A": "1.5", "B": "1"}}, indicators=(line(formula="rank_points", parameters="a=1"),))

    assert told(ranking) == [("B", 1, "100.00"), ("A", None, None), ("C", None, None)]
    assert ranking.unusable[0].startswith("Z1 入户走访，A 的 1.5：名次要是")


@pytest.mark.parametrize(
    ("parts", "expected"), [([], None), ([("5", "10"), ("20", "20")], "250/3"), ([("0", "0")], None)]
)
def test_the_part_of_the_indicators_is_marks_over_full_marks(
    parts: list[tuple[str, str]], expected: str | None
) -> None:
    given = [(Fraction(marks), Fraction(full)) for marks, full in parts]

    assert share_of_full(given) == (None if expected is None else Fraction(expected))


def test_a_part_without_data_gives_its_weight_to_the_others() -> None:
    weights = {"指标": Fraction(60), "民主测评": Fraction(20), "抽查": Fraction(20)}

    assert combine(weights, {"指标": Fraction(90), "抽查": Fraction(70)}) == 85
    assert combine(weights, {}) is None


@pytest.mark.parametrize(("okr", "added"), [("0", "0"), ("1/2", "3/2"), ("1", "3")])
def test_okr_adds_at_most_the_limit(okr: str, added: str) -> None:
    assert bonus(Fraction(3), Fraction(okr)) == Fraction(added)


@pytest.mark.parametrize(
    ("score", "shown"), [("1/3", "0.33"), ("0.005", "0.01"), ("-0.005", "-0.01"), ("12.344999", "12.34"), ("0", "0.00")]
)
def test_scores_are_published_with_two_decimals_half_up(score: str, shown: str) -> None:
    assert str(published(Fraction(score))) == shown


def test_parts_and_bonus_make_the_score_and_what_is_missing_is_said() -> None:
    parts = {"指标": "60", "民主测评": "20", "抽查": "20", "OKR加分": "3"}

    (ranking,) = rank(
        {"Z1": {"A": "27", "B": "15"}},
        plans=(plan(parts=parts),),
        parts={"民主测评": {"A": "80"}, "企业评价": {"A": "10"}},
        okr={"A": "1/2"},
    )

    assert told(ranking) == [("A", 1, "89.00"), ("B", 2, "50.00"), ("C", None, None)]
    first, second, third = ranking.scored
    assert first.parts == {"民主测评": "80.00", "指标": "90.00", "OKR加分": "1.50"}
    assert "抽查没有数据，权重由其他部分分担" in first.said
    assert "没有 OKR 进度，不加分" in second.said
    assert third.said == ["没有数据，不参加排名"]


def test_an_indicator_counts_for_those_it_applies_to() -> None:
    people = (officer("lihua"), officer("WangSuo", "执法办案"), officer("nan", unit="NQ"))
    figures = {code: {one.code: "30" for one in people} for code in ("all", "unit", "track", "account", "bare", "no")}
    indicators = (
        line("all"),
        line("unit", applies_to="单位=NQ"),
        line("track", applies_to="跑道=执法办案、NQ"),
        line("account", applies_to="账号=WANGSUO"),
        line("bare", applies_to="LiHua"),
        line("no", applies_to="机关单位"),
    )

    (ranking,) = rank(figures, people, plans=(plan(subject=PEOPLE, grouping="类别"),), indicators=indicators)

    assert {one.subject.code: [line.indicator for line in one.lines] for one in ranking.scored} == {
        "lihua": ["all", "bare"],
        "WangSuo": ["all", "track", "account"],
        "nan": ["all", "unit", "track"],
    }


def test_what_is_reported_for_units_alone_is_no_line_of_their_officers() -> None:
    indicators = (line("unit"), line("both"), line("nobody"))
    facts = {
        UNITS: Facts((unit("CG"),), {"unit": {"CG": "1"}, "both": {"CG": "1"}}),
        PEOPLE: Facts((officer("a"),), {"both": {"a": "1"}}),
    }

    (ranking,) = compute(Rules(indicators, (plan(subject=PEOPLE, grouping="跑道"),)), facts)

    assert [one.indicator for one in ranking.scored[0].lines] == ["both", "nobody"]


@pytest.mark.parametrize(
    ("grouping", "groups"),
    [
        ("跑道", {"社区警务": 2, "未分跑道": 1}),
        ("单位", {"CG所": 2, "NQ所": 1}),
        ("跑道+单位", {"社区警务+CG所": 1, "未分跑道+CG所": 1, "社区警务+NQ所": 1}),
    ],
)
def test_people_are_ranked_inside_their_group_only(grouping: str, groups: dict[str, int]) -> None:
    people = (officer("a"), officer("b", ""), officer("c", unit="NQ"))

    rankings = rank({"Z1": {"a": "3", "b": "2", "c": "1"}}, people, plans=(plan(subject=PEOPLE, grouping=grouping),))

    assert {one.group: len(one.scored) for one in rankings} == groups
    assert all(one.scored[0].place == 1 for one in rankings)


def test_two_plans_with_a_group_of_one_name_keep_it_apart() -> None:
    people = (officer("a"), officer("b"))
    plans = tuple(
        plan(code=code, name=f"方案{code}", subject=PEOPLE, grouping="跑道", applies_to="职级=一般民警")
        for code in "12"
    )

    assert [one.group for one in rank({}, people, plans=plans)] == ["社区警务·方案1", "社区警务·方案2"]


def test_a_group_of_one_is_ranked_and_says_so() -> None:
    (ranking,) = rank({"Z1": {"A": "30"}}, (unit("A"),))

    assert told(ranking) == [("A", 1, "100.00")]
    assert ranking.scored[0].said == ["组内只有这一个有成绩，名次仅供参考"]


def test_everybody_tied_shares_the_first_place() -> None:
    (ranking,) = rank({"Z1": dict.fromkeys("ABC", "30")})

    assert [one.place for one in ranking.scored] == [1, 1, 1]


def test_the_plans_chain_breaks_ties() -> None:
    indicators = (
        line("Z1"),
        line("S", "borrowed", name="群众满意率", kind="个性", full="10"),
        line("T", "borrowed", name="诉求逾期数", kind="激励", full="0"),
        line("V", "veto", name="一票否优", full="0"),
    )
    figures = {
        "Z1": {"A": "30", "B": "15", "C": "15"},
        "S": {"A": "5", "B": "10", "C": "10"},
        "T": {"B": "2", "C": "1"},
    }
    figures["V"] = {"A": "1"}

    def order(ties: str) -> list[tuple[str, int | None]]:
        (ranking,) = rank(figures, plans=(plan(ties=ties),), indicators=indicators)
        assert {one.score for one in ranking.scored} == {"75.00"}
        return [(one.subject.code, one.place) for one in ranking.scored]

    assert order("") == [("A", 1), ("B", 1), ("C", 1)]
    assert order("关键指标得分高→逾期少") == [("A", 1), ("C", 2), ("B", 3)]
    assert order("没有一票否优→逾期少→满意率高") == [("C", 1), ("B", 2), ("A", 3)]
    assert order("满意率高") == [("B", 1), ("C", 1), ("A", 3)]


def test_a_veto_caps_the_grade_and_moves_no_place() -> None:
    units = tuple(unit(code) for code in "ABCDE")
    figures = {"Z1": {code: str(30 - place) for place, code in enumerate("ABCDE")}, "V": {"A": "1"}}

    (ranking,) = rank(figures, units, indicators=(line(), line("V", "veto", name="一票否优")))

    assert [(one.subject.code, one.place, one.grade) for one in ranking.scored][:2] == [
        ("A", 1, "称职"),
        ("B", 2, "称职"),
    ]
    assert "有一票否优，等次最高称职" in ranking.scored[0].said
    assert rank({"Z1": figures["Z1"]}, units)[0].scored[0].grade == "优秀"


def test_movement_is_shown_within_the_same_group() -> None:
    (ranking,) = rank({"Z1": {"A": "30", "B": "15"}}, previous={"A": ("派出所", 7), "B": ("机关单位", 1)})

    assert [one.previous for one in ranking.scored] == [7, None, None]


def test_a_result_comes_out_the_same_from_what_was_kept_of_it() -> None:
    rules = Rules((line(), line("Z2", "ratio_to_best")), (plan(parts={"指标": "100", "OKR加分": "3"}),))
    figures = {"Z1": {"B": "15", "A": "27"}, "Z2": {"A": "3"}}
    facts = {UNITS: Facts((unit("A"), unit("B")), figures, okr={"A": "1/3"}, previous={"A": ("派出所", 2)})}

    def digest(rules: Rules, facts: Mapping[str, Facts]) -> str:
        found = Digest(rules_record(rules), facts_record(facts))
        for ranking in compute(rules, facts):
            for one in ranking.scored:
                found.add(row_record(ranking, one))
        return found.hex()

    assert digest(rules_of(rules_record(rules)), facts_of(facts_record(facts))) == digest(rules, facts)
    assert spelled({"b": 1, "a": "所"}) == '{"a":"所","b":1}'.encode()


codes = st.sampled_from("ABCDEFGH")
values = st.integers(0, 60).map(str)


@given(st.dictionaries(codes, values), st.permutations("ABCDEFGH"))
def test_a_result_does_not_depend_on_the_order_of_what_it_is_given(figures: dict[str, str], order: list[str]) -> None:
    indicators = (line(), line("Z2", "ratio_to_best", "missing=group_mean"))
    one = rank({"Z1": figures, "Z2": figures}, tuple(map(unit, "ABCDEFGH")), indicators=indicators)
    shuffled = {code: figures[code] for code in order if code in figures}

    other = rank({"Z2": shuffled, "Z1": shuffled}, tuple(map(unit, order)), indicators=indicators)

    assert [row_record(ranking, scored) for ranking in other for scored in ranking.scored] == [
        row_record(ranking, scored) for ranking in one for scored in ranking.scored
    ]


@given(st.dictionaries(codes, values), st.dictionaries(codes, values))
def test_a_group_that_has_nothing_to_do_with_it_changes_nothing(
    figures: dict[str, str], others: dict[str, str]
) -> None:
    mine = tuple(map(unit, "ABCDEFGH"))
    alien = tuple(unit(f"x{code}", "机关单位") for code in "ABCDEFGH")
    indicators = (line(), line("Z2", "ratio_to_best", "missing=group_mean"))
    more = figures | {f"x{code}": value for code, value in others.items()}
    plans = (plan(), plan(code="Q", applies_to="类别=机关单位"))

    (alone,) = rank({"Z1": figures, "Z2": figures}, mine, indicators=indicators)
    together = rank({"Z1": more, "Z2": more}, (*mine, *alien), plans=plans, indicators=indicators)

    assert [row_record(alone, one) for one in alone.scored] == [
        row_record(together[0], one) for one in together[0].scored
    ]
