"""Texts that say the same thing are found; those that share a word or a figure only are not."""

from time import process_time

import pytest

from domain.likeness import alike


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ([], []),
        (["招普工 30 人", "招普工 5 人"], []),
        (["招普工 30 人", "招普工 5 人", "招普工三十人"], [(0, 1, 2)]),
        (["厂门口路灯不亮", "厂门口的路灯不亮了", "厂门口路灯坏了不亮", "贷款 500万元"], [(0, 1, 2)]),
        (["厂门口路灯不亮", "路口有人摆摊", "门口积水"], []),
        (["30", "30", "30"], []),
        (["！！！", "", "。"], []),
        (["停电", "停电", "停电", "停水", "停水", "停水"], [(0, 1, 2), (3, 4, 5)]),
        (["ＡＢ线路停电", "ab线路停电", "Ab 线路停电"], [(0, 1, 2)]),
    ],
)
def test_three_that_are_alike_make_a_group(texts: list[str], groups: list[tuple[int, ...]]) -> None:
    assert [group.members for group in alike(texts)] == groups


def test_the_largest_group_comes_first_and_nobody_is_in_two() -> None:
    texts = ["员工宿舍漏水"] * 3 + ["门前道路破损"] * 5

    groups = alike(texts)

    assert [len(group.members) for group in groups] == [5, 3]
    assert len({one for group in groups for one in group.members}) == 8


def test_small_steps_do_not_bring_strangers_together() -> None:
    texts = ["甲乙丙丁戊己庚辛"[at : at + 4] for at in range(5)]

    members = {one for group in alike(texts) for one in group.members}

    assert not {0, 4} <= members


def test_a_thousand_texts_cost_little() -> None:
    texts = [f"园区{chr(0x4E00 + n)}号路{chr(0x5E00 + n)}段积水排不掉" for n in range(1000)]
    began = process_time()

    alike(texts)

    assert process_time() - began < 2
