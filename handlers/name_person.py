"""Whom a leader means: one person, a choice between people of one name, or the nearest name."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.message import Button, Reply
from models.person import Person
from services.team import Named, nearest, unit_name


def ask_which(session: Session, named: Named, says: str) -> Reply:
    """Which of several people with one name; a button says the command `says` with the account and the words."""
    buttons = tuple(
        Button(unit_name(session, one), f"{says} {one.account} {named.rest}".strip()) for one in named.people
    )
    lines = (f"{one.name}（{unit_name(session, one)}，{one.account}）" for one in named.people)
    return Reply("\n".join([f"叫{named.people[0].name}的有 {len(named.people)} 位，是哪一位？", *lines]), buttons)


def ask_nearest(people: Sequence[Person], words: str, says: str) -> Reply:
    """Nobody of this name: the nearest ones to press, with the words that followed."""
    name, _, rest = words.partition(" ")
    near = nearest(people, name)
    buttons = tuple(Button(one.name, f"{says} {one.account} {rest}".strip()) for one in near)
    if not near:
        return Reply(f"没有找到“{name}”。说姓名或账号都行，只找得到你负责的单位里的人。")
    return Reply(f"没有找到“{name}”，是 {'还是'.join(one.name for one in near)} 吗？", buttons)
