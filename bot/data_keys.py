"""The keys that texts are encrypted with: those that are set, or one that this machine made for itself."""

from pathlib import Path

from bot.kept_secret import VAR, kept_secret
from bot.settings import BadSettings, Settings, complaint
from models.secrecy import BadKeys, KeyRing, new_key, parse_keys

FILE = "data_keys"


def key_place(settings: Settings) -> str:
    """Where the keys of these settings stand, in words for an operator."""
    return "DATA_KEYS " if settings.data_keys else f" var/{FILE} "


def data_keys(settings: Settings, folder: Path = VAR) -> KeyRing:
    """The keys of `DATA_KEYS`, or those in `var/data_keys`, which is made when it is missing.

    Raises `BadSettings` when they are not written as they should be, or nothing can be kept in `var`.
    """
    try:
        if settings.data_keys:
            return parse_keys(settings.data_keys.get_secret_value())
        return parse_keys(kept_secret(folder / FILE, new_key()).decode().strip())
    except OSError:
        raise BadSettings(complaint(["DATA_KEYS"], "没有设置，也存不进 var 文件夹")) from None
    except (BadKeys, UnicodeDecodeError):
        where = "DATA_KEYS" if settings.data_keys else f"DATA_KEYS（var/{FILE}）"
        raise BadSettings(f"{where} {complaint(['DATA_KEYS'], '不对').partition(' ')[2]}") from None
