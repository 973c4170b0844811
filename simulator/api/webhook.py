"""Robots in internal groups."""

import base64
import binascii
import hashlib

from simulator import fields
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.message_rules import MessageRules

KINDS = ("text", "markdown", "markdown_v2", "news", "file", "voice", "template_card")
MARKDOWN_BYTES = 4096
IMAGE_BYTES = 2 << 20


@endpoint("POST", "webhook/send", token=False, counted=False)
def send(call: Call) -> None:
    """Post to the robot's group, at most 20 times a minute."""
    world, body = call.world, call.body
    robot = world.chats.robot(call.query.get("key", ""))
    if not body:
        raise ApiError(93017)
    world.chats.count_robot_message(robot)
    if body.get("msgtype") == "image":
        kind, content = "image", {"media_id": _picture(call)}
    else:
        rules = MessageRules(
            world.media, world.messages.note, markdown_bytes=MARKDOWN_BYTES, webhook=call.query.get("key", "")
        )
        kind, content = rules.check(body, KINDS)
    if kind == "template_card" and content["card_type"] not in ("text_notice", "news_notice"):
        raise ApiError(42031)
    world.chats.post(robot.group, robot.users, kind, content, sender="群机器人")


def _picture(call: Call) -> str:
    image = fields.mapping(call.body, "image")
    try:
        content = base64.b64decode(fields.text(image, "base64"), validate=True)
    except binascii.Error:
        raise ApiError(40058, "invalid base64") from None
    if len(content) > IMAGE_BYTES:
        raise ApiError(93018)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != fields.text(image, "md5"):
        raise ApiError(40058, "md5 mismatch")
    return call.world.media.upload("image", "image.png", content).media_id


@endpoint("POST", "webhook/upload_media", token=False, counted=False)
def upload_media(call: Call) -> Answer:
    """Keep a file or voice only this robot may send."""
    robot = call.world.chats.robot(call.query.get("key", ""))
    kind = call.query.get("type", "")
    if kind not in ("file", "voice"):
        raise ApiError(40004)
    if call.upload is None:
        raise ApiError(44001)
    medium = call.world.media.upload(kind, call.upload.filename, call.upload.content, webhook=robot.key)
    return {"type": kind, "media_id": medium.media_id, "created_at": str(int(medium.created_at))}
