"""Pictures that a contact sends belong to the ticket they are working on."""

from sqlmodel import col, select

from models.engine import reading
from models.media import MediaFile
from models.ticket import Ticket
from tests.handlers.conftest import Desk
from tests.pictures import photo
from tests.times import MovableClock

PICTURE = photo()


def send(desk: Desk, sender: str = "liansan") -> str:
    seen = len(desk.chat.inbox(sender))
    assert desk.chat.world.people.send_media(sender, "image", PICTURE).accepted
    desk.chat.work_off()
    return "\n".join(post.text for post in desk.chat.inbox(sender)[seen:])


def attached(desk: Desk) -> list[str | None]:
    """The ticket of each file that came, in their order."""
    with reading(desk.engine) as session:
        numbers = {one.id: one.number for one in session.exec(select(Ticket))}
        return [numbers.get(one.ticket_id) for one in session.exec(select(MediaFile).order_by(col(MediaFile.id)))]


def test_a_picture_goes_with_the_words_that_are_asked_for(desk: Desk) -> None:
    desk.say("接单 1")
    desk.press("办结")

    assert "图片收到了，跟你接下来的一句话一起放进 Q261120-0001" in send(desk)
    assert "已经请对方确认：灯装好了" in desk.say("灯装好了")

    assert attached(desk) == ["Q261120-0001"]
    assert len(desk.log()[-1].media) == 1


def test_pictures_alone_are_added_one_after_the_other(desk: Desk) -> None:
    desk.say("补充 1")

    assert "放进 Q261120-0001 里了" in send(desk)
    send(desk)
    assert "补充到 Q261120-0001 里了" in desk.say("这是门口的样子")

    assert attached(desk) == ["Q261120-0001", "Q261120-0001"]
    assert [one.words for one in desk.log()[1:]] == ["发来 1 份材料", "发来 1 份材料", "这是门口的样子"]
    assert all(one.is_internal for one in desk.log()[1:])


def test_a_picture_out_of_the_blue_is_asked_about(desk: Desk) -> None:
    desk.file("厂门口路灯不亮")

    assert "要放进哪件工单？" in send(desk)
    send(desk)
    assert "放进 Q261120-0002 里了" in desk.press("1120-2")

    assert attached(desk) == ["Q261120-0002", "Q261120-0002"]


def test_a_picture_is_put_into_no_ticket_of_another_s(desk: Desk) -> None:
    assert "没有当进展记" in send(desk, "lianwu")
    send(desk)
    assert "没看清是哪一件" in desk.say("随便")
    assert "没找到" in desk.say("99")
    assert desk.press("不放") == "好，不问了。已经记好的不变。"

    assert attached(desk) == [None, None]


def test_more_pictures_than_a_message_may_have_are_told_of(desk: Desk, clock: MovableClock) -> None:
    desk.say("接单 1")
    desk.press("办结")
    for _ in range(20):
        clock.advance(seconds=10)  # the platform takes so many messages a minute
        send(desk)

    assert "一次最多 20 份" in send(desk)
    assert "已经请对方确认" in desk.say("灯装好了")
    assert len(desk.log()[-1].media) == 20
