"""Uploading and downloading media."""

from simulator import fields
from simulator.endpoint import Answer, Call, Download, endpoint
from simulator.errors import ApiError


@endpoint("POST", "media/upload")
def upload(call: Call) -> Answer:
    """Keep a file for three days; `created_at` is text, as on the platform."""
    if call.upload is None:
        raise ApiError(44001)
    medium = call.world.media.upload(call.query.get("type", ""), call.upload.filename, call.upload.content)
    return {"type": medium.kind, "media_id": medium.media_id, "created_at": str(int(medium.created_at))}


@endpoint("GET", "media/get")
def get(call: Call) -> Download:
    """The file itself with its name."""
    medium = call.world.media.usable(fields.text(call.query, "media_id", code=40007))
    return Download(medium.filename, medium.content_type, medium.content)


@endpoint("POST", "media/uploadimg")
def uploadimg(call: Call) -> Answer:
    """Keep a picture for good and give its address."""
    if call.upload is None:
        raise ApiError(44001)
    medium = call.world.media.upload("image", call.upload.filename, call.upload.content)
    return {"url": f"{call.world.url}/sim/media/{medium.media_id}"}
