"""Pictures as phones take them: real ones, with what their cameras write into them."""

import io

from PIL import Image

# Where somebody lives, as a phone notes it.
LATITUDE = (30.0, 53.0, 12.0)
MAKER = "LinliPhone 7"


def photo(size: tuple[int, int] = (64, 48), colour: str = "orange") -> bytes:
    """A JPEG that says where it was taken, by which phone, lying on its side, with a comment."""
    exif = Image.Exif()
    exif[0x010F] = MAKER
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = LATITUDE
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG", exif=exif, comment=b"taken at home")
    return target.getvalue()


def screenshot(size: tuple[int, int] = (64, 48)) -> bytes:
    """A PNG with holes."""
    target = io.BytesIO()
    Image.new("RGBA", size, (255, 0, 0, 128)).save(target, "PNG")
    return target.getvalue()


def moving() -> bytes:
    """A GIF of two moments."""
    target = io.BytesIO()
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    first.save(target, "GIF", save_all=True, append_images=[second])
    return target.getvalue()


def huge() -> bytes:
    """A PNG of a few kilobytes that would fill hundreds of megabytes."""
    target = io.BytesIO()
    Image.new("1", (9000, 9000)).save(target, "PNG")
    return target.getvalue()
