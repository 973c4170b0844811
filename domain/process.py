"""A process as a table (state × action → next state, who may, what it needs), and what follows from it."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import DomainError


class Actor(StrEnum):
    """In what capacity somebody acts on a case; one person may have several."""

    OWNER = "owner"
    ASSISTANT = "assistant"
    GRID_LEADER = "grid_leader"
    DUTY_LEADER = "duty_leader"
    REQUESTER = "requester"
    COLLEAGUE = "colleague"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The word people read."""
        return _ACTOR_LABELS[self]


_ACTOR_LABELS = {
    Actor.OWNER: "承办人",
    Actor.ASSISTANT: "协办人",
    Actor.GRID_LEADER: "网格长",
    Actor.DUTY_LEADER: "值班领导",
    Actor.REQUESTER: "提出人",
    Actor.COLLEAGUE: "提出人的同事",
    Actor.SYSTEM: "系统",
}


class Need(StrEnum):
    """What an action cannot go without."""

    REASON = "reason"
    TEXT = "text"
    PROOF = "proof"
    DAYS = "days"
    TARGET = "target"
    RATING = "rating"

    @property
    def label(self) -> str:
        """The word people read."""
        return _NEED_LABELS[self]


_NEED_LABELS = {
    Need.REASON: "原因",
    Need.TEXT: "说明",
    Need.PROOF: "凭据（电话、上门或消息）",
    Need.DAYS: "天数",
    Need.TARGET: "交给谁",
    Need.RATING: "评价",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an action; `times` counts how often it was done before, `days_since` the days it can be late by."""

    reason: str = ""
    text: str = ""
    proof: str = ""
    days: int | None = None
    target: str = ""
    rating: str = ""
    times: int = 0
    days_since: int = 0

    def has(self, need: Need) -> bool:
        """Whether a need is met: words that are not blank, a number of days above 0."""
        value = getattr(self, need.value)
        return bool(value.strip()) if isinstance(value, str) else value is not None and value > 0


@dataclass(frozen=True, slots=True)
class State:
    """A state: its word, whose move it is (nobody's when the case is closed), whether the clock stands still."""

    label: str
    waits_for: Actor | None = None
    is_paused: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.waits_for is not None


@dataclass(frozen=True, slots=True)
class Action:
    """An action: its word, what it does, how it is said, what it needs, and whether a card shows a button for it."""

    word: str
    effect: str
    usage: str = ""
    needs: tuple[Need, ...] = ()
    is_button: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; `to` None keeps the state. From the n-th time on it leads to `then` = (n, state) instead.

    With `within_days` it stays possible for that many days, counted from whatever `Given.days_since` says.
    """

    states: tuple[str, ...]
    action: str
    to: str | None
    who: frozenset[Actor]
    then: tuple[int, str] | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """What a move does: from where to where, by which action, and whether the case is thereby opened or closed."""

    action: str
    before: str
    after: str
    is_closed: bool
    is_reopened: bool

    @property
    def is_change(self) -> bool:
        """Whether the state changes at all; notes and reminders keep it."""
        return self.before != self.after


@dataclass(frozen=True)
class Process:
    """A kind of case: its first state, states, actions and rules. Refuses a table with gaps, doubles or dead ends."""

    name: str
    first: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        cells = [(state, rule.action) for rule in self.rules for state in rule.states]
        doubled = {cell for cell in cells if cells.count(cell) > 1}
        unknown = {state for state, _ in cells} | {target for rule in self.rules for target in _targets(rule)}
        unknown = (unknown - set(self.states)) | ({action for _, action in cells} - set(self.actions))
        idle = set(self.actions) - {action for _, action in cells}
        if doubled or unknown or idle:
            raise ValueError(f"{self.name}: doubled {doubled}, unknown {unknown}, unused {idle}")
        if lost := set(self.states) - self._reached_from(self.first):
            raise ValueError(f"{self.name}: no way leads to {lost}")
        for code, state in self.states.items():
            if state.is_open and all(self.states[end].is_open for end in self._reached_from(code)):
                raise ValueError(f"{self.name}: no way leads from {code} to an end")

    def rule(self, state: str, action: str) -> Rule | None:
        """The line for a cell; None when it is empty."""
        return next((rule for rule in self.rules if rule.action == action and state in rule.states), None)

    def _reached_from(self, start: str) -> set[str]:
        reached, waiting = {start}, [start]
        while waiting:
            state = waiting.pop()
            for rule in self.rules:
                for target in _targets(rule) if state in rule.states else ():
                    if target not in reached:
                        reached.add(target)
                        waiting.append(target)
        return reached


def allowed(process: Process, state: str, actors: AbstractSet[Actor]) -> list[str]:
    """The actions these capacities may take in a state, in the order of the process's actions."""
    rules = ((action, process.rule(state, action)) for action in process.actions)
    return [action for action, rule in rules if rule and rule.who & actors]


def buttons(process: Process, state: str, actors: AbstractSet[Actor]) -> list[str]:
    """Those of the allowed actions that a card offers."""
    return [action for action in allowed(process, state, actors) if process.actions[action].is_button]


def move(process: Process, state: str, action: str, actors: AbstractSet[Actor], given: Given) -> Transition:
    """What the action does to a case in this state.

    Refuses, in this order, what the state does not know, who may not, what comes too late, and what lacks something.
    """
    doing, rule = process.actions.get(action), process.rule(state, action)
    if doing is None:
        raise DomainError(f"{process.name}没有这一步。{_instead(process, state, actors)}")
    if rule is None:
        raise DomainError(
            f"这件现在是“{process.states[state].label}”，不能{doing.word}。{_instead(process, state, actors)}"
        )
    if not rule.who & actors:
        raise DomainError(f"{doing.word}由{_people(rule.who)}来办。{_instead(process, state, actors)}")
    if rule.within_days is not None and given.days_since > rule.within_days:
        raise DomainError(f"已经过了 {rule.within_days} 天，不能再{doing.word}。还有事的话，直接再说一句就行。")
    missing = [need.label for need in doing.needs if not given.has(need)]
    if missing:
        raise DomainError(f"{doing.word}还差{'、'.join(missing)}。可以写：{doing.usage}")
    after = rule.to or state
    if rule.then and given.times + 1 >= rule.then[0]:
        after = rule.then[1]
    was_open, is_open = process.states[state].is_open, process.states[after].is_open
    return Transition(action, state, after, is_closed=was_open and not is_open, is_reopened=is_open and not was_open)


def help_lines(process: Process, actors: AbstractSet[Actor]) -> list[str]:
    """What these capacities can say, one line per action, as in `转办 号 原因：转给别人办`."""
    own = {rule.action for rule in process.rules if rule.who & actors}
    return [
        f"{action.usage}：{action.effect}" for code, action in process.actions.items() if code in own and action.usage
    ]


def as_markdown(process: Process) -> str:
    """The whole table for the handbook: one line per filled cell, grouped by state."""
    lines = ["| 状态 | 动作 | 变为 | 谁可以 | 需要 |", "|---|---|---|---|---|"]
    for code, state in process.states.items():
        lines += [f"| {state.label} | {row} |" for row in _rows(process, code)]
    return "\n".join(lines) + "\n"


def _rows(process: Process, state: str) -> Iterator[str]:
    for code, action in process.actions.items():
        rule = process.rule(state, code)
        if rule is None:
            continue
        after = process.states[rule.to or state].label
        if rule.then:
            after += f"；第 {rule.then[0]} 次起 {process.states[rule.then[1]].label}"
        needs = "、".join(need.label for need in action.needs) or "—"
        if rule.within_days is not None:
            needs += f"（{rule.within_days} 天内）"
        yield f"{action.word} | {after} | {_people(rule.who)} | {needs}"


def _targets(rule: Rule) -> list[str]:
    return [target for target in (rule.to, rule.then[1] if rule.then else None) if target]


def _people(who: frozenset[Actor]) -> str:
    return "、".join(actor.label for actor in Actor if actor in who)


def _instead(process: Process, state: str, actors: AbstractSet[Actor]) -> str:
    words = [process.actions[action].word for action in allowed(process, state, actors)]
    return f"现在可以：{'、'.join(words)}。" if words else "这一步不用做什么。"
