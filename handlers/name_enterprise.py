"""Which enterprise a member of staff means: the nearest ones to press, with the words that followed."""

from sqlmodel import Session

from bot.message import Button, Reply
from services.enterprise import Meant, code_of


def ask_which_enterprise(session: Session, meant: Meant, says: str) -> Reply:
    """Nobody of this name, or several; a button says the command `says` with the code and the words."""
    if meant.match.is_unknown:
        return Reply(f"没找到“{meant.said[:20]}”这家企业。写简称或全名都行，名字后面空一格。")
    lines = [one.name for one in meant.match.candidates]
    more = f"像的还有 {meant.match.more} 家，把名字写全一点更准。" if meant.match.more else ""
    buttons = tuple(
        Button(one.name[:10], f"{says} {code_of(session, one.key)} {meant.rest}".strip())
        for one in meant.match.candidates
    )
    return Reply("\n".join(filter(None, [f"“{meant.said[:20]}”是哪一家？", *lines, more])), buttons)
