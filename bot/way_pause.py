"""Pauses of single ways out: what WeCom refuses to one call alone, such as groups, leaves the others going."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.channel import CHANNELS, Channel
from bot.pause import REFUSED, PauseSwitch
from bot.wecom.errors import WeComError
from models.engine import reading
from models.platform import Pause


class WayPauses:
    """The pauses of one worker's ways; a pause that is over lets one message of one worker out to see."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: dict[str, Pause] = {}

    def room(self, now: datetime) -> dict[str, int]:
        """How many messages may leave by each way that is not free: none, or one that tries it."""
        keys = {channel.api_key: name for name, channel in CHANNELS.items()}
        with reading(self._engine) as session:
            standing = session.exec(select(Pause).where(col(Pause.key).in_(keys))).all()
            session.expunge_all()
        room = {}
        for pause in standing:
            held = PauseSwitch(self._engine, pause.key).claim_probe(pause, now)
            if held:
                self._held[pause.key] = held
            room[keys[pause.key]] = 1 if held else 0
        return room

    def heed(self, channel: Channel, error: WeComError | None, now: datetime) -> None:
        """Begins or prolongs the pause of a way that was refused; ends one whose message got through."""
        switch, held = PauseSwitch(self._engine, channel.api_key), self._held.get(channel.api_key)
        if error and error.of_one_call:
            reason = f"只停了{channel.label}，其他照常；{error.explanation}"
            switch.grow(REFUSED, reason, now=now, held=self._held.pop(channel.api_key, None))
        elif held and (error is None or error.permanent):
            switch.end(self._held.pop(channel.api_key))
