"""Voice, pictures, places and the like: kept as they came, and answered with what works."""

from bot.context import Context
from bot.message import Answer
from bot.registry import message
from handlers.attach_material import take_material
from services import media

WORDS_WORK = "报进展打一句话就行，比如“KR1 35”。"
NAMES = {
    "image": "图片",
    "video": "视频",
    "shortvideo": "视频",
    "file": "文件",
    "location": "位置",
    "link": "链接",
    "emotion": "表情",
}
OF_CUSTOMERS = {
    **NAMES,
    "voice": "语音",
    "business_card": "名片",
    "miniprogram": "小程序",
    "merged_msg": "聊天记录",
    "channels": "视频号内容",
    "note": "笔记",
}


@message("voice")
def hear(context: Context) -> Answer:
    """The platform gives no words with a voice message, so its owner is told the quick way round."""
    _keep(context)
    return f"语音存下了，可我还听不懂。按住语音选“转文字”发给我，或者{WORDS_WORK}"


@message(*NAMES)
def see(context: Context) -> Answer:
    """Keeps it for the ticket that is worked on; else says that it is kept and counts for nothing yet."""
    answer = take_material(context, NAMES[context.message.kind])
    if answer is not None:
        return answer
    return f"{NAMES[context.message.kind]}存下了，没有当进展记。{WORDS_WORK}"


def _keep(context: Context) -> None:
    media.note(context.session, context.message.kind, context.message.fields, by=context.sender.key, now=context.now)
