"""What a message brings is noted once and belongs to one case."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from models.media import MediaFile, MediaKind, MediaState
from services import media
from services.media import KEEP_UNATTACHED
from services.ticket.act import act
from services.ticket.deed import Deed
from services.ticket.filing import file
from tests.factories_ticket import TicketCast
from tests.times import FRIDAY


def noted(session: Session, media_id: str = "m1") -> MediaFile:
    found = media.note(session, "image", {"media_id": media_id}, by="kf:wk1:wm1", now=FRIDAY)
    assert found is not None
    return found


@pytest.mark.parametrize(("kind", "field"), [("image", "MediaId"), ("voice", "MediaId"), ("file", "media_id")])
def test_a_file_of_either_door_is_noted_and_waits(session: Session, kind: str, field: str) -> None:
    found = media.note(session, kind, {field: "m1"}, by="lihua", now=FRIDAY)

    assert found is not None
    assert (found.kind, found.media_id, found.sender, found.state) == (
        MediaKind(kind),
        "m1",
        "lihua",
        MediaState.WAITING,
    )
    assert found.purge_at == FRIDAY + KEEP_UNATTACHED


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("location", {"MediaId": "m1"}),
        ("image", {}),
        ("image", {"MediaId": ""}),
        ("image", {"MediaId": "长"}),
        ("image", {"media_id": "m" * 600}),
        ("image", {"media_id": "\ud800"}),
        ("image", {"media_id": "a\nb"}),
        ("image", {"media_id": ["m1"]}),
    ],
)
def test_what_brings_no_file_is_left_alone(session: Session, kind: str, fields: dict[str, Any]) -> None:
    assert media.note(session, kind, fields, by="lihua", now=FRIDAY) is None


def test_a_file_belongs_to_the_ticket_it_was_filed_with(session: Session, cast: TicketCast) -> None:
    picture = noted(session)
    draft = cast.draft()
    ticket = file(session, replace(draft, media=(str(picture.id), "m1", "9" * 30)), by=cast.asker, now=FRIDAY).ticket
    session.refresh(picture)

    assert (picture.ticket_id, picture.purge_at) == (ticket.id, None)


def test_a_file_of_one_ticket_is_not_taken_by_another(session: Session, cast: TicketCast) -> None:
    picture = noted(session)
    first, second = cast.filed(session, FRIDAY), cast.filed(session, FRIDAY)
    for ticket in (first, second):
        act(session, ticket.id or 0, Deed("add", media=(str(picture.id),)), by=cast.asker, now=FRIDAY)
    session.refresh(picture)

    assert picture.ticket_id == first.id
