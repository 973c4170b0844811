"""How place names and surnames are read where the dictionary reads their characters otherwise."""

# One reading per line, tones left out; the longest name that fits wins.
_READINGS = """
曾家 zeng jia
曾家岩 zeng jia yan
曾家湾 zeng jia wan
曾村 zeng cun
曾庄 zeng zhuang
曾氏 zeng shi
单县 shan xian
单家 shan jia
单庄 shan zhuang
单楼 shan lou
朝阳 chao yang
朝阳门 chao yang men
朝天门 chao tian men
乐清 yue qing
乐亭 lao ting
长乐 chang le
长安 chang an
长兴 chang xing
长子县 zhang zi xian
六安 lu an
六合 lu he
番禺 pan yu
蚌埠 beng bu
厦门 xia men
莘县 shen xian
莘庄 xin zhuang
歙县 she xian
浚县 xun xian
蔚县 yu xian
解家 xie jia
解放 jie fang
解州 hai zhou
洪洞 hong tong
大埔 da bu
黄埔 huang pu
会稽 kuai ji
天台 tian tai
台州 tai zhou
东莞 dong guan
东阿 dong e
铅山 yan shan
枞阳 zong yang
涡阳 guo yang
泌阳 bi yang
渑池 mian chi
珲春 hun chun
荥阳 xing yang
荥经 ying jing
什邡 shi fang
犍为 qian wei
筠连 jun lian
临朐 lin qu
井陉 jing xing
繁峙 fan shi
余干 yu gan
柞水 zha shui
都匀 du yun
都江堰 du jiang yan
浒墅关 xu shu guan
甪直 lu zhi
盱眙 xu yi
牟平 mu ping
尉犁 yu li
尉迟 yu chi
仇家 qiu jia
盖州 gai zhou
查家 zha jia
区家 ou jia
翟家 zhai jia
柏树 bai shu
桐柏 tong bai
重阳 chong yang
重庆 chong qing
重兴 chong xing
行知 xing zhi
南圩 nan wei
十里堡 shi li pu
"""

READINGS = {name: tuple(syllables) for name, *syllables in (line.split() for line in _READINGS.split("\n") if line)}
