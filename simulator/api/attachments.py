"""Text and attachments of welcome and mass messages."""

from typing import Any

from simulator import fields
from simulator.errors import ApiError
from simulator.world import World

KINDS = ("image", "link", "miniprogram", "video", "file")


def checked_content(world: World, body: dict[str, Any], *, most_text: int = 4000) -> dict[str, Any]:
    """The text and attachments of a body: 41064 for more than nine, 41065 for a wrong kind, 40063 for neither."""
    text = fields.mapping(body, "text", required=False)
    fields.text(text, "content", most=most_text, required=False)
    attachments = fields.items(body, "attachments", most=9, code=41064, required=False)
    if not text.get("content") and not attachments:
        raise ApiError(40063, "text and attachments are both empty")
    for attachment in attachments:
        _check(world, attachment)
    return {"text": text if text.get("content") else {}, "attachments": attachments}


def _check(world: World, attachment: dict[str, Any]) -> None:
    kind = attachment.get("msgtype")
    if kind not in KINDS:
        raise ApiError(41065)
    inner = fields.mapping(attachment, kind)
    if kind == "link":
        fields.text(inner, "title", most=128)
        fields.text(inner, "url", most=2048)
        fields.text(inner, "picurl", most=2048, required=False)
        fields.text(inner, "desc", most=512, required=False)
    elif kind == "miniprogram":
        fields.text(inner, "title", most=64)
        for name in ("appid", "page"):
            fields.text(inner, name)
        world.media.usable(fields.text(inner, "pic_media_id", code=40007), "image")
    elif kind != "image" or not inner.get("pic_url"):
        world.media.usable(fields.text(inner, "media_id", code=40007), kind)
