"""Reads the small notations of the workbook: parameters (a=0.05; u=1) and selectors (跑道=社区警务; 职级=辅警)."""

import re
import unicodedata

from domain.errors import DomainError
from domain.text import normalise

SELECTOR_KEYS = ("类别", "单位", "跑道", "职级")
SUBJECT_KINDS = {"类别": "类别", "单位": "单位", "单位编号": "单位", "账号": "账号", "跑道": "跑道"}

_PAIR = re.compile(r"\s*([^=:]+?)\s*[=:]\s*(.+?)\s*")


def read_parameters(text: str) -> dict[str, str]:
    """Names and values of `a=0.05; u=1`; refuses a part without `=` and a name given twice."""
    return _pairs(text, "参数写成 a=0.05; u=1 这样，几个之间用分号隔开")


def write_parameters(parameters: dict[str, str]) -> str:
    """The one spelling of parameters."""
    return "; ".join(f"{name}={value}" for name, value in parameters.items())


def read_selector(text: str) -> dict[str, tuple[str, ...]]:
    """The words a plan selects its subjects by; all keys must match, any word of a key does.

    Refuses unknown keys and empty values.
    """
    cure = "写成 类别=派出所 或 跑道=社区警务、执法办案; 职级=一般民警 这样"
    selector = {key: tuple(dict.fromkeys(re.split(r"\s*[、,]\s*", value))) for key, value in _pairs(text, cure).items()}
    for key, words in selector.items():
        if key not in SELECTOR_KEYS:
            raise DomainError(f"不认得 {key}，可以用 {'、'.join(SELECTOR_KEYS)}")
        if "" in words:
            raise DomainError(cure)
    if not selector:
        raise DomainError(cure)
    return selector


def write_selector(selector: dict[str, tuple[str, ...]]) -> str:
    """The one spelling of a selector."""
    return "; ".join(f"{key}={'、'.join(words)}" for key, words in selector.items())


def read_subject(text: str) -> tuple[str, str]:
    """The kind and the word of `类别=派出所`; the kind is empty for a bare word, which may be of any.

    Refuses an unknown kind and a kind without a word. Accounts come in lower case.
    """
    bare = unicodedata.normalize("NFKC", normalise(text))
    kind, mark, word = bare.replace(":", "=").partition("=")
    if not mark:
        return "", bare
    kind, word = SUBJECT_KINDS.get(kind.strip(), ""), word.strip()
    if not kind or not word:
        raise DomainError(f"不认得 {bare.split('=')[0].strip()}，可以写 类别=、单位=、账号=、跑道=，后面跟着名称或编号")
    return kind, word.lower() if kind == "账号" else word


def write_subject(kind: str, word: str) -> str:
    """The one spelling of a subject."""
    return f"{kind}={word}" if kind else word


def _pairs(text: str, cure: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in unicodedata.normalize("NFKC", normalise(text)).split(";"):
        if not part.strip():
            continue
        found = _PAIR.fullmatch(part)
        if found is None:
            raise DomainError(cure)
        if found[1] in pairs:
            raise DomainError(f"{found[1]} 写了两次，请只留一个")
        pairs[found[1]] = found[2]
    return pairs
