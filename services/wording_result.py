"""The words of a result: what the office hears of a draft, and what each person and leader hears when it is announced."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NOTES = 8


@dataclass(frozen=True, slots=True)
class Merit:
    """An indicator of somebody's result: its name, the marks of the full marks, and how they came about."""

    name: str
    marks: str
    full: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place: in which group of how many, with which score; the place before, if there was one."""

    group: str
    place: int
    of: int
    score: str
    previous: int | None

    def movement(self) -> str:
        """，上期第 7 名; nothing without a place before."""
        return "" if self.previous is None else f"，上期第 {self.previous} 名"


def result_drafted(period: str, version: int, notes: Sequence[str]) -> str:
    """The office hears that a period is computed and what to look at."""
    if not notes:
        return f"{period}的结果算好了，第 {version} 版，没有要核对的。"
    more = f"\n还有 {len(notes) - MOST_NOTES} 条。" if len(notes) > MOST_NOTES else ""
    listed = "\n".join(f"· {note}" for note in notes[:MOST_NOTES])
    return f"{period}的结果算好了，第 {version} 版。请核对：\n{listed}{more}\n改好数据再算一次就行，旧的一版留着。"


def own_result(period: str, place: Place, best: Merit | None, worst: Merit | None) -> str:
    """One's own place and three sentences: what carried, what held back, what next."""
    lines = [
        f"{period}结果公布了：你在{place.group} {place.of} 人里第 {place.place} 名，{place.score} 分{place.movement()}。"
    ]
    if best is not None:
        lines.append(f"撑起来的是{best.name}：{best.words}。")
    if worst is not None:
        lines.append(f"拉下来的是{worst.name}（{worst.marks}/{worst.full} 分）：{worst.words}。")
        lines.append(f"下个周期先把{worst.name}抓起来，涨分最快。")
    elif best is not None:
        lines.append("各项都拿满了，下个周期稳住就好。")
    return "\n".join(lines)


def unit_result(period: str, unit: str, place: Place, best: Merit | None, worst: Merit | None) -> str:
    """A leader hears where their unit stands."""
    lines = [
        f"{period}结果公布了：{unit}在{place.group} {place.of} 个单位里第 {place.place} 名，{place.score} 分{place.movement()}。"
    ]
    if best is not None:
        lines.append(f"撑起来的是{best.name}：{best.words}。")
    if worst is not None:
        lines.append(f"拉下来的是{worst.name}（{worst.marks}/{worst.full} 分）：{worst.words}。")
    return "\n".join(lines)
