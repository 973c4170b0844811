"""A quarter of the sample county in fast motion: requests live, people move, the clock's jobs run, machines stop."""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session, func, select

import jobs  # noqa: F401 importing it registers every job
from bot.registry import JOBS
from bot.runtime import build_runtime
from bot.scheduler import Scheduler
from bot.settings import Settings
from domain.errors import DomainError
from domain.process import Given
from domain.ticket import TicketAction, TicketState
from models.customer import Customer
from models.engine import open_database, reading, writing
from models.enterprise import Enterprise
from models.grid import Grid
from models.period import CalendarDay
from models.person import Absence, AbsenceSource, Person
from models.ticket import Ticket, TicketClock, TicketSource
from services.contact import sync_contacts
from services.sample.county import write_sample_county
from services.sample.routing import LEADERS
from services.ticket.act import act
from services.ticket.deed import Deed, Doer
from services.ticket.filing import Draft, file
from services.workbook import load_workbook
from tests.keys import DATA_KEYS
from tests.simulated.county import Posts, sample_posts
from tests.simulated.listening import wrongly_told
from tests.simulated.lives import CLOSED, Life, Move, at_work
from tests.simulated.minutes import A_DAY, NEW_YEAR, STORM, MinuteCount, day_of, instant_of, minute_of
from tests.times import MovableClock, at
from tests.workbooks import write_workbook

START, END = minute_of(at("2026-09-28 00:01")), minute_of(at("2027-01-31 02:43"))
LAST_FILED = minute_of(at("2027-01-12 18:00"))
STORM_TOLD = minute_of(at("2026-12-08 02:00"))
STORM_COUNTED = minute_of(at("2026-12-08 02:43"))
JOBS_RUN = ("escalate_tickets", "lapse_tickets", "ask_ratings", "check_grid_holders")
# Each day, beside whenever something is due: the nightly look, lapsing, ratings; and at night, when nothing may be said.
DAILY = (2 * 60 + 43, 8 * 60 + 47, 10 * 60 + 17, 23 * 60 + 32)
RESTART_EVERY = 6 * A_DAY + 77
RESTARTS, LEAVES, LEAVERS, MOVES = 15, 60, 4, 8
CATEGORIES = ("用工", "证照办理", "安全环保", "政策咨询", "其他")


class _Killed(Exception):
    """The process died in the middle of a transaction."""


@dataclass
class Quarter:
    """The county in motion; `wrong` says whom the service told who should not have been."""

    url: str
    folder: Path
    tickets: int
    seed: int = 1
    posts: Posts = field(default_factory=sample_posts)
    wrong: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    restarts: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.clock = MovableClock(instant_of(START))
        self.before_storm, self.after_storm = MinuteCount(NEW_YEAR), MinuteCount(NEW_YEAR | STORM)
        self.agenda: list[tuple[int, int, Life]] = []
        self.seen = 0
        self._start()

    def count_at(self, minute: int) -> MinuteCount:
        """The calendar as it was known then."""
        return self.before_storm if minute < STORM_TOLD else self.after_storm

    def live(self) -> None:
        """Everything that happens, in order of time."""
        self._found_county()
        self._schedule_lives()
        events = self._staff_events()
        now = START
        while now < END:
            now = min(self._next_tick(now), self.agenda[0][0] if self.agenda else END, min(events, default=END))
            self.clock.set(instant_of(now))
            if now in events:
                events.pop(now)()
                continue
            if self.agenda and self.agenda[0][0] == now:
                self._act(heapq.heappop(self.agenda)[2], now)
                continue
            self.scheduler.tick()
            self.wrong += wrongly_told(self, now)

    @property
    def engine(self) -> Engine:
        return self._engine

    def _start(self) -> None:
        self._engine = open_database(self.url)
        settings = Settings.model_validate(
            {"database_url": self.url, "wecom_corp_id": "ww1", "wecom_agent_id": 1, "wecom_secret": "s"}
            | {"wecom_token": "t", "wecom_aes_key": "A" * 43, "wecom_api_url": "http://127.0.0.1:9"}
            | {"public_url": "http://127.0.0.1:9", "secret_key": "a-secret-for-tests-only", "data_keys": DATA_KEYS}
        )
        runtime = build_runtime(settings, engine=self._engine, clock=self.clock)
        self.scheduler = Scheduler(self._engine, runtime.client, self.clock, {name: JOBS[name] for name in JOBS_RUN})

    def _restart(self) -> None:
        """The machine dies while somebody files, and comes back."""
        try:
            with writing(self._engine) as session:
                file(session, Draft("没有提交成"), by=Doer(), now=self.clock())
                raise _Killed
        except _Killed:
            self._engine.dispose()
        self.restarts += 1
        self._start()

    def _found_county(self) -> None:
        path = self.folder / "county.xlsx"
        write_sample_county(path, period_of=date(2026, 11, 20))
        with writing(self._engine) as session:
            load_workbook(path, session, by="flask load", now=self.clock())
            for day, is_working in NEW_YEAR.items():
                session.add(CalendarDay(day=day, is_working=is_working))
            self.enterprises = {code: id_ for code, id_ in session.exec(select(Enterprise.code, Enterprise.id)) if id_}
            self.people = {one: id_ for one, id_ in session.exec(select(Person.account, Person.id)) if id_}
            self.accounts = {id_: account for account, id_ in self.people.items()}
            self.grids = {id_: code for id_, code in session.exec(select(Grid.id, Grid.code)) if id_}
            session.add_all(
                Customer(
                    id=id_, address=f"kf:wk:{id_}", open_kfid="wk", external_userid=str(id_), first_seen_at=self.clock()
                )
                for id_ in self.enterprises.values()
            )
            absent = session.exec(select(Absence)).all()
            self.posts.leave += [(self.accounts[one.person_id], one.starts_on, one.ends_on) for one in absent]
        self.scheduler.tick()

    def _schedule_lives(self) -> None:
        for number in range(self.tickets):
            chance = Random(f"{self.seed}:{number}")
            life = Life(number, chance, answers=chance.random() < 0.75, is_returned=chance.random() < 0.12)
            minute = at_work(life, chance.randint(START, LAST_FILED), self.before_storm)
            heapq.heappush(self.agenda, (minute, number, life))

    def _next_tick(self, now: int) -> int:
        """The next daily moment, or the first run of the escalation in which something is due."""
        today = now // A_DAY * A_DAY
        daily = next(today + day + each for day in (0, A_DAY) for each in DAILY if today + day + each > now)
        with reading(self._engine) as session:
            due = session.exec(select(func.min(TicketClock.next_at))).one()
        if due is None:
            return daily
        run = max(-(-int((due - instant_of(0)).total_seconds()) // 60), now + 1)
        return min(daily, next_run(run, self.count_at(now))) if run < daily else daily

    def _act(self, life: Life, now: int) -> None:
        """One act of a ticket's life, then its next is put on the agenda."""
        with writing(self._engine) as session:
            if not life.ticket_id:
                life.ticket_id = self._file(session, life, now)
            else:
                ticket = session.get_one(Ticket, life.ticket_id)
                move = life.next_move(ticket.state)
                if move is None or (ticket.state in CLOSED and life.chance.random() < 0.4):
                    return
                self._move(session, life, ticket, move)
            state = session.get_one(Ticket, life.ticket_id).state
        soon = at_work(life, now + life.wait(state), self.count_at(now))
        heapq.heappush(self.agenda, (soon, life.number, life))

    def _file(self, session: Session, life: Life, now: int) -> int:
        code = life.chance.choice(sorted(self.enterprises))
        category, day = life.chance.choice(CATEGORIES), day_of(now)
        source = life.chance.choices((TicketSource.CHAT, TicketSource.HOTLINE, TicketSource.VISIT), (70, 15, 15))[0]
        is_unbound = source is TicketSource.CHAT and life.chance.random() < 0.05
        enterprise = None if is_unbound else self.enterprises[code]
        by = Doer(person=session.get_one(Person, self.people[self.posts.contacts()[0]]))
        if source is TicketSource.CHAT:
            by = self._asker(self.enterprises[code], is_bound=not is_unbound)
        grid = next(id_ for id_, one in self.grids.items() if one == self.posts.grid_of[code])
        draft = Draft("招普工 30 人", category=category, source=source, enterprise_id=enterprise, grid_id=grid)
        if source is TicketSource.CHAT:
            draft = replace(draft, requester_id=by.requester_id, requester_name=by.requester_name)
        ticket = file(session, draft, by=by, now=self.clock()).ticket
        wanted = self.posts.owner_of(self.posts.grid_of[code], category, day)
        if self.accounts[ticket.owner_id] != wanted:
            self.wrong.append(f"{ticket.number} filed for {self.accounts[ticket.owner_id]} instead of {wanted}")
        return ticket.id or 0

    def _asker(self, enterprise_id: int, *, is_bound: bool = True) -> Doer:
        bound = frozenset({enterprise_id}) if is_bound else frozenset[int]()
        return Doer(requester_id=enterprise_id, requester_name="固小姐", enterprise_ids=bound)

    def _move(self, session: Session, life: Life, ticket: Ticket, move: Move) -> None:
        given = dict(move.given)
        if given.get("target") == "?":
            others = [one for one in self.posts.contacts() if self.people[one] != ticket.owner_id]
            given["target"] = life.chance.choice(others)
        if move.who == "requester":
            raised = ticket.requester_id or ticket.enterprise_id
            by = self._asker(raised or 0)
        else:
            grid = self.grids[ticket.grid_id or 0]
            leader = self.people[self.posts.leader_of(grid)]
            by = Doer(person=session.get_one(Person, ticket.owner_id if move.who == "owner" else leader))
        try:
            act(session, life.ticket_id, Deed(move.action, Given(**given)), by=by, now=self.clock())  # type: ignore[arg-type]  # by name
        except DomainError as refusal:
            self.refusals[f"{move.action}: {refusal}"[:40]] += 1
            return
        self.acts[move.action] += 1
        life.was_contacted = life.was_contacted or move.action == TicketAction.CONTACT
        life.is_returned = life.is_returned and ticket.state == TicketState.UNACCEPTED
        life.reopened += move.action == TicketAction.DENY

    def _staff_events(self) -> dict[int, Callable[[], None]]:
        """Leave, people who go for good, new holders, a late correction of the calendar, and restarts."""
        events: dict[int, Callable[[], None]] = {STORM_TOLD: self._tell_of_storm}
        for number in range(RESTARTS):
            events[START + (number + 1) * RESTART_EVERY] = self._restart
        for _ in range(LEAVES):
            events[self._free(events)] = self._someone_takes_leave
        for _ in range(LEAVERS):
            events[self._free(events)] = self._someone_leaves
        for _ in range(MOVES):
            events[self._free(events)] = self._grids_get_other_people
        return events

    def _free(self, events: dict[int, Callable[[], None]]) -> int:
        minute = self.chance.randint(START + A_DAY, END - 20 * A_DAY) // 5 * 5
        return minute if minute not in events else self._free(events)

    def _tell_of_storm(self) -> None:
        with writing(self._engine) as session:
            session.add_all(CalendarDay(day=day, is_working=is_working) for day, is_working in STORM.items())

    def _someone_takes_leave(self) -> None:
        leaders = sorted({row[2] for row in self.posts.holders.values() if row[2]})
        who = self.chance.choice([*self.posts.contacts(), *leaders, *LEADERS])
        first = day_of(minute_of(self.clock())) + timedelta(days=self.chance.randint(0, 3))
        last = first + timedelta(days=self.chance.randint(0, 9))
        self.posts.leave.append((who, first, last))
        with writing(self._engine) as session:
            session.add(Absence(person_id=self.people[who], starts_on=first, ends_on=last, source=AbsenceSource.CHAT))

    def _someone_leaves(self) -> None:
        self.posts.left.add(self.chance.choice(self.posts.contacts()))
        with writing(self._engine) as session:
            names = {one: "" for one in self.people if one not in self.posts.left}
            sync_contacts(session, names, now=self.clock())

    def _grids_get_other_people(self) -> None:
        """Somebody else takes over the micro-grids of a contact, by the workbook as an office loads it."""
        before, after = self.chance.sample(self.posts.contacts(), 2)
        rows: list[list[object]] = [["编号", "名称", "上级编号", "类型", "联系人账号", "副联系人账号", "负责人账号"]]
        for code, row in self.posts.holders.items():
            if row[0] == before and code.startswith("WG"):
                row[0] = after
                rows.append([code, code, self.posts.above[code], "微网格", *row])
        with writing(self._engine) as session:
            load_workbook(
                write_workbook(self.folder / "grids.xlsx", {"网格": rows}), session, by="flask load", now=self.clock()
            )


def next_run(minute: int, count: MinuteCount) -> int:
    """The first run of the escalation, every five minutes, that may say something."""
    while minute % 5 != 2 or not count.is_on_duty(minute):
        minute += 1
    return minute
