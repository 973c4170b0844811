"""Pictures without what cameras and phones write into them: place, time, device, thumbnails, comments."""

import io

from PIL import Image, ImageOps

# Of the largest phones' cameras; what claims more is made to fill the memory.
MOST_PIXELS = 64_000_000
# A photo that is larger than this is read at half its width and height.
LARGE = (4000, 3000)
QUALITY = 88
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


class NoPicture(Exception):
    """It cannot be read as a picture, or has too many pixels; the text says which, in Chinese."""


def cleaned(content: bytes) -> bytes:
    """The picture alone, upright, as JPEG or PNG and nothing beside its pixels; of a moving one its first moment.

    Raises `NoPicture`.
    """

    try:
        return _cleaned(content)
    except NoPicture:
        raise
    # Pillow's readers raise whatever a broken file leads them to.
    except Exception as fault:
        raise NoPicture("读不出图片内容") from fault


def _cleaned(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as source:
        if source.width * source.height > MOST_PIXELS:
            raise NoPicture("图片的像素太多")
        is_photo = source.format == "JPEG"
        source.draft(None, LARGE)
        source.load()
        has_holes = "A" in source.getbands() or "transparency" in source.info
        upright = ImageOps.exif_transpose(source)
        picture = upright.convert("RGBA" if has_holes else "RGB")
    picture.info = {}
    target = io.BytesIO()
    if has_holes or not is_photo:
        picture.save(target, "PNG")
    else:
        picture.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
