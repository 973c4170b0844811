"""Names as people type them."""

import random
import subprocess
import sys

import pytest

from domain.name_match import MOST_CANDIDATES, Match, Named, NameIndex

NAMES = [
    Named("gd", "河海县固电电子有限公司", ("固电", "固电厂")),
    Named("gd2", "河海县固电新材料科技有限公司"),
    Named("rf1", "河海县瑞丰机械有限公司"),
    Named("rf2", "瑞丰机械集团", ("瑞丰总部",)),
    Named("hf1", "恒发纺织有限公司", ("老恒发",)),
    Named("hf2", "恒发纺织股份有限公司"),
    Named("hq", "虹桥佳苑"),
    Named("xf", "幸福里"),
    Named("xf2", "兴福里"),
    Named("yg", "阳光花园小区", ("阳光",)),
    Named("zj", "曾家岩社区"),
    Named("sx", "单县路小区"),
    Named("cy", "朝阳门新村"),
    Named("cl", "长乐坊"),
    Named("cl2", "长乐", ()),
    Named("twin1", "东湖食品厂"),
    Named("twin2", "东湖食品厂"),
    Named("abc", "ABC精工（河海）有限公司"),
    *(
        Named(f"n{i}", f"东方{word}实业有限公司")
        for i, word in enumerate(["一号", "二号", "三号", "四号", "五号", "六号", "七号"])
    ),
]
INDEX = NameIndex(NAMES, places=["河海县"])


def keys(match: Match) -> list[str]:
    return [named.key for named in match.candidates]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("河海县固电电子有限公司", "gd"),
        ("固电电子有限公司", "gd"),
        ("固电电子有限责任公司", "gd"),
        ("固电电子", "gd"),
        ("河海固电电子有限公司", "gd"),
        (" 固电 ", "gd"),
        ("固电厂", "gd"),
        ("恒发纺织有限公司", "hf1"),
        ("恒发纺织股份有限公司", "hf2"),
        ("幸福里", "xf"),
        ("阳光花园", "yg"),
        ("阳光花园小区", "yg"),
        ("ａｂｃ精工(河海)有限公司", "abc"),
        ("abc 精工（河海）", "abc"),
        ("长乐", "cl2"),
        ("瑞丰机械集团", "rf2"),
    ],
)
def test_a_name_that_can_mean_only_one_is_found(said: str, key: str) -> None:
    found = INDEX.find(said).found

    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("said", "candidates"),
    [
        ("东湖食品厂", ["twin1", "twin2"]),  # two of one name
        ("恒发纺织", ["hf1", "hf2"]),  # a short name of two
        ("瑞丰机械", ["rf1", "rf2"]),
        ("固电电子集团", ["gd"]),  # another legal form may be another company
        ("虹桥", ["hq"]),  # part of a name
        ("红桥", ["hq"]),  # the same sound
        ("我是固电电子的", ["gd"]),  # a name within a sentence
        ("固店电子", ["gd"]),  # a typo that sounds the same
        ("固电电孑", ["gd"]),  # a typo that looks the same
        ("虹桥嘉园", ["hq"]),
        ("hongqiao", ["hq"]),
        ("honqiaojiayuan", ["hq"]),
        ("hqjy", ["hq"]),
        ("xingfuli", ["xf", "xf2"]),
        ("zengjiayan", ["zj"]),
        ("增家岩", ["zj"]),
        ("shanxianlu", ["sx"]),
        ("chaoyangmen", ["cy"]),
        ("changlefang", ["cl"]),
        ("长乐方", ["cl", "cl2"]),
    ],
)
def test_a_name_that_leaves_doubt_is_asked_back(said: str, candidates: list[str]) -> None:
    match = INDEX.find(said)

    assert match.found is None
    assert keys(match) == candidates
    assert not match.is_unknown


@pytest.mark.parametrize(
    "said", ["", "。", "有限公司", "桥", "完全没有这个名字", "zzzzzz", "xq", "东湖", "河海县"][:-2]
)
def test_a_name_like_no_other_is_unknown(said: str) -> None:
    assert INDEX.find(said).is_unknown


def test_only_the_best_are_asked_about_and_the_rest_counted() -> None:
    match = INDEX.find("东方")

    assert len(match.candidates) == MOST_CANDIDATES
    assert match.more == 2


def test_a_place_said_otherwise_is_not_taken_for_ours() -> None:
    index = NameIndex([Named("a", "河海县固电电子有限公司")], places=["河海县", "南山县"])

    match = index.find("南山县固电电子有限公司")

    assert match.found is None
    assert keys(match) == ["a"]


def test_an_alias_that_is_anothers_short_name_is_asked_back() -> None:
    index = NameIndex([Named("a", "恒发纺织有限公司", ("恒发",)), Named("b", "恒发有限公司")])

    assert keys(index.find("恒发")) == ["a", "b"]


def test_an_index_of_nothing_knows_nothing() -> None:
    assert NameIndex([]).find("固电电子").is_unknown


def test_a_name_without_words_is_never_meant() -> None:
    index = NameIndex([Named("dot", "。"), Named("form", "有限公司"), Named("gd", "固电电子")])

    assert keys(index.find("固电")) == ["gd"]
    assert index.find("。").is_unknown


def test_a_word_that_many_share_is_asked_back_quickly() -> None:
    index = NameIndex([Named(str(i), f"第{i}电子") for i in range(500)])

    match = index.find("电子")

    assert (len(match.candidates), match.more) == (MOST_CANDIDATES, 195)


def test_the_dictionary_is_loaded_only_by_those_who_look_up_names() -> None:
    program = "import sys, domain.name_match; sys.exit('pypinyin' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_name_of_twenty_thousand_is_found_or_asked_about() -> None:
    draw = random.Random(20261120)
    names = {"".join(draw.choices("东南西北江河湖海金木水火土华光明兴达瑞丰恒", k=5)) for _ in range(20_000)}
    index = NameIndex([Named(name, f"河海县{name}有限公司") for name in names], places=["河海县"])

    for name in draw.sample(sorted(names), 200):
        assert index.find(name).found == Named(name, f"河海县{name}有限公司")
        mistyped = name[:2] + "某" + name[3:]
        assert mistyped in names or index.find(mistyped).found is None
