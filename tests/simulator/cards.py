"""Template cards the tests send."""

LINK = {"type": 1, "url": "https://a.example/x"}
NOTICE = {"card_type": "text_notice", "main_title": {"title": "提醒"}, "card_action": LINK}
OPTIONS = [{"id": "a", "text": "是"}, {"id": "b", "text": "否"}]
BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "确认"},
    "button_list": [{"text": "对", "key": "yes"}],
}
SELECTS = {
    "card_type": "multiple_interaction",
    "task_id": "t2",
    "main_title": {"title": "填报"},
    "select_list": [{"question_key": "kr", "title": "完成度", "option_list": OPTIONS}],
    "submit_button": {"text": "提交", "key": "submit"},
}
VOTE = {
    "card_type": "vote_interaction",
    "task_id": "t3",
    "main_title": {"title": "投票"},
    "checkbox": {"question_key": "q", "mode": 1, "option_list": OPTIONS},
    "submit_button": {"text": "提交", "key": "submit"},
}
NEWS_CARD = {
    "card_type": "news_notice",
    "main_title": {"title": "通报"},
    "card_image": {"url": "https://a.example/x.png"},
    "card_action": LINK,
}
