"""The words of what is passed on about objectives, changes, reviews and questions: who did what, then the figures."""

from collections.abc import Sequence

from domain.change import Field
from domain.objective_draft import show_line
from domain.okr import KeyResultDraft
from domain.review import show_score
from models.okr import Change, KeyResult, Objective, ObjectiveState
from services.key_result import LONGEST_TITLE, shorten
from services.review import Reviewed


def objective_proposed(owner: str, period: str, objective: Objective, lines: Sequence[str], aligned_to: str) -> str:
    """To the leader: what to agree to or return."""
    heading = f"{owner}报来目标{objective.id}，请你确认"
    parts = [heading, f"{period}：{objective.title}", *lines]
    return "\n".join([*parts, f"对应单位目标：{aligned_to}"] if aligned_to else parts)


def objective_decided(leader: str, objective: Objective, key_results: str) -> str:
    """To the owner: agreed or returned, and what is next."""
    if objective.state is ObjectiveState.APPROVED:
        return f"{leader}同意了你的目标“{objective.title}”。\n{key_results} 现在就能报进展，一句话就行。"
    return f"{leader}退回了你的目标“{objective.title}”：{objective.return_reason}\n改几个字就能再交，原来写的都还在。"


def change_proposed(owner: str, one: KeyResult, change: Change) -> str:
    """To the leader: both values and the reason."""
    return f"{owner}想改 KR{one.number} {shorten(one.title, LONGEST_TITLE)}（变更{change.id}）\n{change_line(one, change)}\n原因：{change.reason}"


def change_decided(leader: str, one: KeyResult, change: Change, standing: str) -> str:
    """To the owner: made or not, and how the key result stands."""
    if change.return_reason:
        return f"{leader}没同意改 KR{one.number} 的{Field(change.field).label}：{change.return_reason}\n还按原来的算：{standing}"
    return f"{leader}同意了，{change_line(one, change)}。\n现在是：{standing}"


def change_line(one: KeyResult, change: Change) -> str:
    """KR1 目标值 50→60 户."""
    field = Field(change.field)
    unit = one.unit if field in (Field.TARGET, Field.START) else ""
    gap = "" if unit in ("", "%") else " "
    return f"KR{one.number} {field.label} {change.old_value or '（空）'} → {change.new_value}{gap}{unit}"


def review_finished(owner: str, period: str, lines: Sequence[str]) -> str:
    """To the leader: the self scores, to agree to or to replace."""
    return "\n".join([f"{owner}{period}的复盘写好了，请你评分", *lines])


def review_scored(leader: str, period: str, lines: Sequence[str]) -> str:
    """To the owner: the leader's scores beside their own."""
    return "\n".join([f"{leader}评了你{period}的复盘", *lines])


def self_score_line(one: Reviewed) -> str:
    """KR1 入户走访 90%，自评 0.8：走访覆盖到位."""
    assert one.self_score is not None
    sentence = f"：{one.sentence}" if one.sentence else ""
    return f"{one.name} {one.percent}%，自评 {show_score(one.self_score)}{sentence}"


def both_scores_line(one: Reviewed) -> str:
    """KR1 入户走访 自评 0.8，负责人评 0.7; or 负责人还没评."""
    own = "没有自评" if one.self_score is None else f"自评 {show_score(one.self_score)}"
    leader = "还没评" if one.leader_score is None else f"评 {show_score(one.leader_score)}"
    return f"{one.name} {own}，负责人{leader}"


def question_asked(leader: str, text: str, standing: str) -> str:
    """To the officer: the question, and how the key result stands that it speaks of."""
    return "\n".join(filter(None, (f"{leader}问你：{text}", standing)))


def question_answered(officer: str, question: str, answer: str) -> str:
    """To the leader: the answer below the question."""
    return f"{officer}回答了你的问题\n问：{question}\n答：{answer}"


def key_result_line(one: KeyResult) -> str:
    """KR1 入户走访 0→50 户 权重2."""
    return f"KR{one.number} {show_line(KeyResultDraft(one.title, one.start, one.target, one.unit, one.weight))}"


def numbers(key_results: Sequence[KeyResult]) -> str:
    """KR6 to KR8 as KR6–KR8; one alone as KR6."""
    found = sorted(one.number for one in key_results)
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"KR{found[0]}–KR{found[-1]}"
    return "、".join(f"KR{number}" for number in found)
