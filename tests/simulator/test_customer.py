"""客户联系: contacts, groups, join codes and mass messages."""

import pytest

from simulator import World
from tests.simulator.conftest import Api, Receiver, Time
from tests.simulator.test_pusher import last


@pytest.fixture
def residents(world: World) -> list[str]:
    return [world.customers.add(name).external_userid for name in ("陈女士", "阿明", "老吴")]


@pytest.fixture
def chat_id(world: World, receiver: Receiver) -> str:
    return world.people.make_group("lisi", "虹桥佳苑居民群")


def test_a_scanned_contact_code_brings_its_state_and_a_welcome_code(
    api: Api, world: World, receiver: Receiver, residents: list[str], time: Time
) -> None:
    way = api.post("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lisi"], "state": "desk_3"})
    assert way["qr_code"].startswith("https://")

    world.people.scan_contact_code(residents[0], way["config_id"])

    xml = last(world, receiver)
    assert "<ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[lisi]]></UserID>" in xml
    assert "<State><![CDATA[desk_3]]></State><WelcomeCode>" in xml
    code = xml.partition("<WelcomeCode><![CDATA[")[2].partition("]]>")[0]
    hello = {"welcome_code": code, "text": {"content": "您好"}}
    assert api.post("externalcontact/send_welcome_msg", {"welcome_code": code})["errcode"] == 40063
    assert [api.post("externalcontact/send_welcome_msg", hello)["errcode"] for _ in range(2)] == [0, 41051]
    assert [post.text for post in world.inbox(residents[0])] == ["您好"]
    follow = api.get("externalcontact/get", external_userid=residents[0])["follow_user"][0]
    assert (follow["userid"], follow["state"]) == ("lisi", "desk_3")
    world.people.scan_contact_code(residents[1], way["config_id"])
    late = last(world, receiver).partition("<WelcomeCode><![CDATA[")[2].partition("]]>")[0]
    time.pass_by(seconds=20)
    assert api.post("externalcontact/send_welcome_msg", {**hello, "welcome_code": late})["errcode"] == 41050


def test_a_customer_nobody_follows_cannot_be_read(api: Api, world: World, residents: list[str]) -> None:
    assert api.get("externalcontact/get", external_userid=residents[0])["errcode"] == 84061
    assert api.get("externalcontact/get", external_userid="wmNOBODY")["errcode"] == 40096
    assert api.get("externalcontact/list", userid="lisi")["errcode"] == 84061


def test_tags_and_remarks_are_kept_per_member(api: Api, world: World, receiver: Receiver, residents: list[str]) -> None:
    world.people.add_contact(residents[0], "lisi")
    group = api.post("externalcontact/add_corp_tag", {"group_name": "网格", "tag": [{"name": "一网格"}]})["tag_group"]
    tag_id = group["tag"][0]["id"]
    who = {"userid": "lisi", "external_userid": residents[0]}

    assert api.post("externalcontact/mark_tag", {**who, "add_tag": [tag_id]})["errcode"] == 0
    assert api.post("externalcontact/mark_tag", {**who, "add_tag": ["none"]})["errcode"] == 40068
    assert api.post("externalcontact/mark_tag", {**who, "userid": "WangWu", "add_tag": [tag_id]})["errcode"] == 84061
    assert api.post("externalcontact/remark", {**who, "remark": "长" * 21})["errcode"] == 40058
    assert api.post("externalcontact/remark", {**who, "remark": "3幢"})["errcode"] == 0
    follow = api.get("externalcontact/get", external_userid=residents[0])["follow_user"][0]
    assert (follow["remark"], follow["tags"][0]["tag_name"]) == ("3幢", "一网格")
    rows = api.post("externalcontact/batch/get_by_user", {"userid_list": ["lisi"]})["external_contact_list"]
    assert rows[0]["follow_info"]["tag_id"] == [tag_id]
    api.post("externalcontact/del_corp_tag", {"tag_id": [tag_id]})
    assert api.post("externalcontact/get_corp_tag_list", {})["tag_group"] == []


def test_a_join_code_is_read_after_it_was_made_and_its_state_is_on_the_member(
    api: Api, world: World, receiver: Receiver, residents: list[str], chat_id: str
) -> None:
    made = api.post(
        "externalcontact/groupchat/add_join_way", {"scene": 2, "chat_id_list": [chat_id], "state": "community_7"}
    )
    assert "qr_code" not in made
    way = api.post("externalcontact/groupchat/get_join_way", {"config_id": made["config_id"]})["join_way"]
    assert way["qr_code"].startswith("https://")

    assert world.people.scan_join_code(residents[0], made["config_id"]) == chat_id

    xml = last(world, receiver)
    assert "<ChangeType><![CDATA[update]]></ChangeType>" in xml
    assert "<UpdateDetail><![CDATA[add_member]]></UpdateDetail><JoinScene>3</JoinScene>" in xml
    assert f"<MemChangeList><Item><![CDATA[{residents[0]}]]></Item></MemChangeList>" in xml
    assert "community_7" not in xml
    group = api.post("externalcontact/groupchat/get", {"chat_id": chat_id, "need_name": 1})["group_chat"]
    owner, resident = group["member_list"]
    assert (resident["state"], resident["join_scene"], resident["type"]) == ("community_7", 3, 2)
    assert (resident["name"], owner["name"]) == ("陈女士", "李四")
    assert f"<CurMemVer><![CDATA[{group['member_version']}]]>" in xml
    plain = api.post("externalcontact/groupchat/get", {"chat_id": chat_id})["group_chat"]["member_list"]
    assert "name" not in plain[0]


def test_a_full_group_leads_to_a_new_one_only_when_asked_to(
    api: Api, world: World, receiver: Receiver, residents: list[str]
) -> None:
    world.groups.most = 2
    chat_id = world.people.make_group("lisi", "虹桥佳苑居民群")
    settings = {"scene": 2, "chat_id_list": [chat_id], "room_base_name": "虹桥佳苑居民群", "room_base_id": 2}
    path = "externalcontact/groupchat"
    growing = api.post(f"{path}/add_join_way", settings)["config_id"]
    closed = api.post(f"{path}/add_join_way", {**settings, "auto_create_room": 0})["config_id"]

    assert world.people.scan_join_code(residents[0], growing) == chat_id
    assert world.people.scan_join_code(residents[1], closed) is None
    second = world.people.scan_join_code(residents[1], growing)
    assert second not in (None, chat_id)
    assert world.groups.groups[str(second)].name == "虹桥佳苑居民群2"
    listed = api.post(f"{path}/get_join_way", {"config_id": growing})["join_way"]["chat_id_list"]
    assert listed == [chat_id, second]
    assert world.people.scan_join_code(residents[0], growing) == chat_id


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"scene": 3}, 41040),
        ({"chat_id_list": []}, 40063),
        ({"chat_id_list": ["wr"] * 6}, 41091),
        ({"chat_id_list": ["wrNONE"]}, 90501),
        ({"state": "长" * 31}, 40058),
        ({"auto_create_room": 2}, 40058),
    ],
)
def test_a_bad_join_code_is_refused(api: Api, chat_id: str, settings: dict[str, object], code: int) -> None:
    body = {"scene": 2, "chat_id_list": [chat_id], **settings}

    assert api.post("externalcontact/groupchat/add_join_way", body)["errcode"] == code


def test_leaving_and_dissolving_are_told_and_seen(
    api: Api, world: World, receiver: Receiver, residents: list[str], chat_id: str
) -> None:
    world.people.invite_to_group(chat_id, residents[0])
    world.people.leave_group(residents[0], chat_id)

    xml = last(world, receiver)
    assert "<UpdateDetail><![CDATA[del_member]]></UpdateDetail><JoinScene>0</JoinScene><QuitScene>0</QuitScene>" in xml
    group = api.post("externalcontact/groupchat/get", {"chat_id": chat_id})["group_chat"]
    assert [member["userid"] for member in group["member_list"]] == ["lisi"]
    world.people.dismiss_group(chat_id)
    assert "<ChangeType><![CDATA[dismiss]]></ChangeType>" in last(world, receiver)
    assert api.post("externalcontact/groupchat/get", {"chat_id": chat_id})["errcode"] == 90501


def test_groups_are_listed_by_owner_and_page(api: Api, world: World, receiver: Receiver) -> None:
    for number in range(3):
        world.people.make_group("lisi", f"群{number}")
    world.people.make_group("WangWu", "别的群")
    path = "externalcontact/groupchat/list"

    first = api.post(path, {"limit": 2, "owner_filter": {"userid_list": ["lisi"]}})
    rest = api.post(path, {"limit": 2, "owner_filter": {"userid_list": ["lisi"]}, "cursor": first["next_cursor"]})
    assert (len(first["group_chat_list"]), len(rest["group_chat_list"]), rest["next_cursor"]) == (2, 1, "")
    assert api.post(path, {})["errcode"] == 40063
    assert api.post(path, {"limit": 2, "cursor": "made up"})["errcode"] == 40058


def test_a_leavers_groups_go_to_another_member(api: Api, world: World, chat_id: str) -> None:
    body = {"chat_id_list": [chat_id, "wrNONE"], "new_owner": "WangWu"}
    path = "externalcontact/groupchat"

    assert [f["errcode"] for f in api.post(f"{path}/transfer", body)["failed_chat_list"]] == [90500, 90501]
    world.directory.add_member("lisi", status=5)
    assert [f["chat_id"] for f in api.post(f"{path}/transfer", body)["failed_chat_list"]] == ["wrNONE"]
    assert world.groups.groups[chat_id].owner == "WangWu"


def test_a_mass_message_reaches_a_group_only_when_its_owner_confirms(
    api: Api, world: World, receiver: Receiver, residents: list[str], chat_id: str
) -> None:
    world.people.invite_to_group(chat_id, residents[0])
    body = {"chat_type": "group", "sender": "lisi", "chat_id_list": [chat_id], "text": {"content": "停水通知"}}

    msgid = api.post("externalcontact/add_msg_template", body)["msgid"]

    task = {"msgid": msgid}
    assert api.post("externalcontact/get_groupmsg_task", task)["task_list"] == [{"userid": "lisi", "status": 0}]
    assert world.inbox(residents[0]) == []
    assert "停水通知" in world.inbox("lisi", "system")[0].text
    assert world.people.confirm_mass_message("lisi", msgid) == 1
    assert world.people.confirm_mass_message("lisi", msgid) == 0
    assert [post.text for post in world.inbox(residents[0], f"group:{chat_id}")] == ["停水通知"]
    assert api.post("externalcontact/get_groupmsg_task", task)["task_list"][0]["status"] == 2
    sent = api.post("externalcontact/get_groupmsg_send_result", {**task, "userid": "lisi"})["send_list"]
    assert [(row["chat_id"], row["status"]) for row in sent] == [(chat_id, 1)]


def test_a_mass_message_to_customers_names_each_outcome_by_page(
    api: Api, world: World, receiver: Receiver, residents: list[str]
) -> None:
    for resident in residents:
        world.people.add_contact(resident, "lisi")
    body = {"external_userid": [*residents, "wmNOBODY"], "sender": "lisi", "text": {"content": "通知"}}
    made = api.post("externalcontact/add_msg_template", body)
    assert made["fail_list"] == ["wmNOBODY"]
    world.people.delete_member(residents[1], "lisi")

    world.people.confirm_mass_message("lisi", made["msgid"])

    query = {"msgid": made["msgid"], "userid": "lisi", "limit": 2}
    first = api.post("externalcontact/get_groupmsg_send_result", query)
    rest = api.post("externalcontact/get_groupmsg_send_result", {**query, "cursor": first["next_cursor"]})
    assert [row["status"] for row in first["send_list"] + rest["send_list"]] == [1, 2, 1]


def test_a_customer_gets_at_most_as_many_mass_messages_a_month_as_it_has_days(
    api: Api, world: World, receiver: Receiver, residents: list[str], time: Time
) -> None:
    world.people.add_contact(residents[0], "lisi")
    body = {"external_userid": [residents[0]], "sender": "lisi", "text": {"content": "通知"}}

    def reached() -> int:
        return world.people.confirm_mass_message("lisi", api.post("externalcontact/add_msg_template", body)["msgid"])

    assert [reached() for _ in range(31)] == [1] * 30 + [0]
    time.pass_by(days=11)
    assert reached() == 1


def test_reminders_are_few_and_a_cancelled_task_reaches_nobody(
    api: Api, world: World, receiver: Receiver, chat_id: str, time: Time
) -> None:
    body = {"chat_type": "group", "sender": "lisi", "text": {"content": "通知"}}
    world.mass.dispatch_seconds = 5
    task = {"msgid": api.post("externalcontact/add_msg_template", body)["msgid"]}

    assert api.post("externalcontact/get_groupmsg_task", task)["errcode"] == 41063
    time.pass_by(seconds=5)
    assert api.post("externalcontact/get_groupmsg_task", task)["errcode"] == 0
    reminded = [api.post("externalcontact/remind_groupmsg_send", task)["errcode"] for _ in range(4)]
    assert reminded == [0, 0, 0, 41094]
    cancelled = [api.post("externalcontact/cancel_groupmsg_send", task)["errcode"] for _ in range(2)]
    assert cancelled == [0, 41093]
    with pytest.raises(ValueError, match="no such task"):
        world.people.confirm_mass_message("lisi", task["msgid"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": {}}, 40063),
        ({"text": {"content": "长" * 1334}}, 40058),
        ({"attachments": [{"msgtype": "link", "link": {"title": "题"}}]}, 40063),
        ({"attachments": [{"msgtype": "voice"}]}, 41065),
        ({"attachments": [{"msgtype": "image", "image": {"pic_url": "u"}}] * 10}, 41064),
        ({"sender": ""}, 40003),
        ({"sender": "WangWu"}, 41048),
        ({"chat_type": "crowd"}, 40058),
    ],
)
def test_a_bad_mass_message_is_refused(api: Api, chat_id: str, fields: dict[str, object], code: int) -> None:
    body = {"chat_type": "group", "sender": "lisi", "text": {"content": "通知"}, **fields}

    assert api.post("externalcontact/add_msg_template", body)["errcode"] == code


def test_an_unknown_task_has_its_own_codes(api: Api) -> None:
    assert api.post("externalcontact/get_groupmsg_task", {})["errcode"] == 41046
    assert api.post("externalcontact/get_groupmsg_task", {"msgid": "none"})["errcode"] == 41047
