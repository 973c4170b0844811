"""What residents read, all of it: plain words that an elder reads, 您, what happened and what is next."""

ONLY_NEWS = "只发通知和回音，不用打卡接龙"
JOIN_WHAT = "您住哪个小区？写上小区名，比如“加群 虹桥佳苑”。"


def join_code(estate: str, grid: str, holder: str, qr_code: str) -> str:
    """The code of an estate's group, with who runs it and its one rule."""
    return (
        f"{estate}（{grid}）的群码在这里，网格员 {holder} 管这个群，{ONLY_NEWS}。\n"
        f"点开下面的图片，按住它，选“识别图中的二维码”就进群了：\n{qr_code}"
    )


def join_later(estate: str, grid: str, holder: str) -> str:
    """The estate has no code yet."""
    return f"{estate}（{grid}）的群码还没备好，已经告诉网格员 {holder}。您明天再发一次“加群 {estate}”就行。"


def code_wanted(estate: str, grid: str) -> str:
    """To the holder: a resident found no code."""
    return f"有居民想进{estate}（{grid}）的群，可是还没有群码。在企业微信里建好居民群，请管理员把它填到“客户群”表的这个网格。"


def estate_unknown(said: str) -> str:
    """No estate of ours has such a name."""
    return f"没找到“{said}”这个小区。您再写一次小区的全名，比如“加群 虹桥佳苑”。"


def which_estate(names: list[str], more: int) -> str:
    """One that is only alike, or several that fit."""
    if len(names) == 1:
        return f"您是说 {names[0]} 吗？"
    others = f"\n像的还有 {more} 个，把名字写全一点更准。" if more else ""
    return f"您说的是哪一个小区？{others}"


def estate_again() -> str:
    """None of those offered is meant."""
    return "那您把小区的全名写给我，我再找一次。"
