"""What residents read, all of it: plain words that an elder reads, 您, what happened and what is next."""

ONLY_NEWS = "只发通知和回音，不用打卡接龙"
JOIN_WHAT = "您住哪个小区？写上小区名，比如“加群 虹桥佳苑”。"


def join_code(estate: str, grid: str, holder: str) -> str:
    """The code of an estate's group, with who runs it and its one rule."""
    return (
        f"{estate}（{grid}）的群码在这里，网格员 {holder} 管这个群，{ONLY_NEWS}。\n"
        "点开下面的群码，按住它，选“识别图中的二维码”就进群了。"
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


WHAT_HAPPENED = "是什么事、在哪里？说一句就行，比如“虹桥佳苑3幢楼道口电线掉了”。有照片直接发来。"
WHERE = "在哪里？写上小区和几幢，比如“虹桥佳苑3幢”。"
POLITELY = "让您着急了，对不住。您说说是什么事、在哪里，我马上转给网格员。"
NOTHING_TO_HIDE = "现在没有可以不留名的事。报上来以后再点“不留名”就行。"
KEEP_AWAY = "怕有危险，请先别靠近；冒火花、着火请拨 119。"
TOO_FAST = "一分钟里您已经报了好几件，先记到这里。真是另一件，过一分钟再报。"


def call_now(numbers: tuple[str, ...]) -> str:
    """The first words where every minute counts."""
    return f"请立即拨打 {'/'.join(numbers)}，人先到安全的地方。"


def reported(number: str, role: str, owner: str, *, later: str) -> str:
    """A report was filed; `later` says when somebody will see to it, where that is not now."""
    when = later or "1 小时内给您回音。"
    return f"收到，已报给{role} {owner}，{when}编号 {number}。"


def file_this(words: str) -> str:
    """Words that may be a report."""
    return f"您是要报这件事吗：{words}"


def words_wanted(name: str) -> str:
    """A picture came without words."""
    return f"{name}收到了。{WHAT_HAPPENED}"


def same_nearby(summary: str, count: int) -> str:
    """Neighbours reported much the same; nobody is named."""
    return f"附近已经有 {count} 位邻居报了差不多的：“{summary}”。是同一处吗？"


def joined(number: str, before: int) -> str:
    """The resident was added to those who reported it."""
    return f"记上了，前面还有 {before} 位邻居也报了这处，有结果一起告诉您。编号 {number}。"


def reported_before(number: str) -> str:
    """They are among the reporters already."""
    return f"这件您已经报过了（{number}），正在办，有结果马上告诉您。"


def reported_by_more(title: str, count: int, words: str) -> str:
    """To the owner: one more resident reported the same."""
    return f"又有居民报了这处，一共 {count} 位：{words}\n{title}"


def follower_told(summary: str, owner: str, words: str, *, is_done: bool) -> str:
    """To everybody else who reported a case."""
    if not is_done:
        return f"您报过的“{summary}”，{owner}在办了，有结果马上告诉您。"
    return f"您报过的“{summary}”，{owner}说办好了：{words}。还没好的话，直接说一句。"


def name_hidden(number: str) -> str:
    """A report no longer carries a name."""
    return f"好的，{number} 不留名，只有结果会发给您。"


CONSENT = "您说的话和照片只用来办您的事，不给别的居民看。看记了什么回“我的信息”，要删回“删除我的信息”。"
FORGET = "确定要删除吗？您的称呼、进群记录、和您有关的旧事都会去掉名字，删了找不回来。"
KEPT_BY_LAW = "往来消息按网络安全法要留满 6 个月，到时自动清掉；办过的事作为工作记录留着，里面不再有您。"


def kept(since: str, name: str, groups: tuple[str, ...], cases: tuple[int, int], files: int) -> str:
    """What is kept about a resident, for themselves."""
    lines = [
        f"您从 {since} 起和我说话。",
        f"称呼：{name or '没有记'}。",
        f"在的群：{'、'.join(groups) or '没有'}。",
        f"您报的事：在办 {cases[0]} 件，办完 {cases[1]} 件。照片材料：{files} 份。",
        "没有记您的身份证号和住址。要删除，回“删除我的信息”。",
    ]
    return "\n".join(lines)


def forgotten(open_cases: int) -> str:
    """What was removed, and what stays for now."""
    rest = f"还有 {open_cases} 件在办，办完以后再回一次“删除我的信息”。" if open_cases else ""
    return f"删好了。{rest}{KEPT_BY_LAW}"


def group_changes(grid: str, changed: tuple[int, int], members: int, households: int | None) -> str:
    """To the holder, once a day: how many came and went, and the coverage."""
    of = f"，{households} 户里约 {round(100 * members / households)}%" if households else ""
    return f"{grid}的居民群：新进 {changed[0]} 人，退出 {changed[1]} 人，现在 {members} 人{of}。"
