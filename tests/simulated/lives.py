"""What happens next to a simulated ticket: seeded chance, by the state it is in."""

from dataclasses import dataclass, field
from random import Random

from domain.ticket import TicketAction as A
from domain.ticket import TicketState as S
from tests.simulated.minutes import A_DAY, MinuteCount

CLOSED = (S.SOLVED, S.LAPSED)
MOST_REOPENS = 2


@dataclass(frozen=True, slots=True)
class Move:
    """One act: who does it (owner, leader or requester) and what comes with it."""

    action: str
    who: str
    given: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Life:
    """One ticket's luck; whoever raised it answers, or nobody does."""

    number: int
    chance: Random
    answers: bool
    is_returned: bool
    ticket_id: int = 0
    was_contacted: bool = False
    reopened: int = 0

    def next_move(self, state: str) -> Move | None:
        """What is done now; None when the ticket rests for good."""
        options = self._options(S(state))
        if not options:
            return None
        return self.chance.choices([move for _, move in options], [weight for weight, _ in options])[0]

    def wait(self, state: str) -> int:
        """The minutes until then."""
        spans = _WAITS[S(state)]
        first, last = self.chance.choices([span for _, *span in spans], [weight for weight, *_ in spans])[0]
        return self.chance.randint(first, last)

    def _options(self, state: S) -> list[tuple[int, Move]]:
        if state is S.UNACCEPTED:
            if self.is_returned:
                return [(1, Move(A.RETURN, "owner", {"reason": "不在本网格"}))]
            return [
                (80, Move(A.ACCEPT, "owner")),
                (8, Move(A.TRANSFER, "owner", {"reason": "更合适", "target": "?"})),
                (4, Move(A.TRANSFER, "owner", {"reason": "出差"})),
                (3, Move(A.RETURN, "owner", {"reason": "不归我"})),
                (3, Move(A.REASSIGN, "leader", {"reason": "他更熟", "target": "?"})),
                (6, Move(A.URGE, "requester")),
                (1, Move(A.WITHDRAW, "requester")),
            ]
        if state is S.IN_HAND:
            return self._in_hand()
        if state is S.EXTENSION_ASKED:
            return [
                (60, Move(A.GRANT_EXTENSION, "leader")),
                (25, Move(A.REFUSE_EXTENSION, "leader", {"reason": "材料已齐"})),
                (8, Move(A.REASSIGN, "leader", {"reason": "换人", "target": "?"})),
                (7, Move(A.FINISH, "owner", {"text": "提前办好了"})),
            ]
        if state is S.PAUSED:
            return [
                (40, Move(A.RESUME, "owner")),
                (40, Move(A.ADD, "requester", {"text": "图纸来了"})),
                (8, Move(A.CONTACT, "owner", {"proof": "电话", "text": "问过了"})),
                (6, Move(A.FINISH, "owner", {"text": "不用图纸也办好了"})),
                (6, Move(A.REASSIGN, "leader", {"reason": "换人", "target": "?"})),
            ]
        if state is S.ARBITRATION:
            return [(1, Move(A.ARBITRATE, "leader", {"reason": "就由他办", "target": "?"}))]
        return self._answers(state)

    def _in_hand(self) -> list[tuple[int, Move]]:
        first = 60 if not self.was_contacted else 5
        return [
            (first, Move(A.CONTACT, "owner", {"proof": self.chance.choice(("电话", "上门")), "text": "约好了"})),
            (45, Move(A.FINISH, "owner", {"text": "办好了"})),
            (12, Move(A.ASK_EXTENSION, "owner", {"days": self.chance.randint(1, 5), "reason": "等批复"})),
            (14, Move(A.PAUSE, "owner", {"reason": "等企业补图纸"})),
            (4, Move(A.TRANSFER, "owner", {"reason": "归他管", "target": "?"})),
            (4, Move(A.ADD, "owner", {"text": "在协调"})),
            (6, Move(A.URGE, "requester")),
            (1, Move(A.WITHDRAW, "requester")),
        ]

    def _answers(self, state: S) -> list[tuple[int, Move]]:
        if not self.answers or state is S.WITHDRAWN:
            return []
        again = 15 if self.reopened < MOST_REOPENS else 0
        deny = (again, Move(A.DENY, "requester", {"text": "只来了5个"}))
        if state is S.TO_CONFIRM:
            return [(70, Move(A.CONFIRM, "requester")), deny]
        rating = self.chance.choices(("满意", "基本满意", "不满意"), (80, 12, 8))[0]
        rated = Move(A.RATE, "requester", {"rating": rating, "reason": "电话没人接" if rating == "不满意" else ""})
        return [(60, rated), deny]


def at_work(life: Life, minute: int, count: MinuteCount) -> int:
    """Most acts are done at work; and none in the minutes in which the clock's jobs run."""
    if life.chance.random() < 0.8:
        minute = count.next_worked(minute)
    while minute % 5 in (2, 3):
        minute += 1
    return minute


# Weight, from, to: in minutes.
_WAITS: dict[S, tuple[tuple[int, int, int], ...]] = {
    S.UNACCEPTED: ((70, 3, 200), (20, 200, 900), (10, A_DAY, 4 * A_DAY)),
    S.IN_HAND: ((50, 10, 900), (35, 900, 3 * A_DAY), (15, 3 * A_DAY, 10 * A_DAY)),
    S.EXTENSION_ASKED: ((80, 10, 600), (20, 600, 3 * A_DAY)),
    S.PAUSED: ((60, 30, A_DAY), (40, A_DAY, 6 * A_DAY)),
    S.ARBITRATION: ((80, 5, 400), (20, A_DAY, 3 * A_DAY)),
    S.TO_CONFIRM: ((60, 5, 600), (25, 600, 3 * A_DAY), (15, 5 * A_DAY, 8 * A_DAY)),
    S.SOLVED: ((100, 20, 6 * A_DAY),),
    S.LAPSED: ((100, 20, 6 * A_DAY),),
    S.WITHDRAWN: ((100, 20, 30),),
}
