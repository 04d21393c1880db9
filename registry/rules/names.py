"""How a name is spelled in pinyin, for sorting and for search by initials.

pypinyin reads characters as in running text; as surnames many are read otherwise (单 shan, 仇 qiu), so the surname is
looked up here first. 覃 is read qin along the 武陵 and in 广西 and tan elsewhere: qin is kept, being the local reading.
"""

import re
from dataclasses import dataclass

SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "乐": "yue", "覃": "qin", "冼": "xian", "洗": "xian", "任": "ren", "华": "hua", "宁": "ning", "燕": "yan",
    "缪": "miao", "翟": "zhai", "员": "yun", "逄": "pang", "郇": "huan", "种": "chong", "秘": "bi", "尉": "wei",
    "过": "guo", "牟": "mou", "召": "shao", "折": "she", "那": "na", "纪": "ji", "葛": "ge", "应": "ying",
    "哈": "ha", "谌": "chen", "隗": "wei", "郗": "xi", "幺": "yao", "么": "yao", "繁": "po", "句": "gou",
    "勾": "gou", "祭": "zhai", "车": "che", "柏": "bai", "薄": "bo", "费": "fei", "都": "du", "贾": "jia",
    "谷": "gu", "沈": "shen", "瞿": "qu", "莘": "shen", "於": "yu", "曲": "qu", "宓": "mi", "褚": "chu",
    "臧": "zang", "庄": "zhuang", "石": "shi", "万": "wan", "黑": "he", "会": "gui", "撒": "sa", "晁": "chao",
    "重": "chong", "长": "chang", "尹": "yin", "阚": "kan", "訾": "zi", "佴": "nai", "乜": "nie", "适": "kuo",
    "弗": "fei", "俞": "yu", "郄": "qie", "殷": "yin", "邵": "shao", "卜": "bu", "占": "zhan", "冯": "feng",
    "令": "ling", "相": "xiang", "行": "xing", "盛": "sheng", "传": "chuan", "藏": "zang", "岩": "yan", "洪": "hong",
    "降": "jiang", "丁": "ding", "钻": "zuan", "舍": "she", "阿": "a", "冉": "ran", "瓮": "weng",
}  # fmt: skip

DOUBLE_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
    "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge", "夏侯": "xia hou", "皇甫": "huang fu",
    "宇文": "yu wen", "公孙": "gong sun", "慕容": "mu rong", "鲜于": "xian yu", "闾丘": "lv qiu", "濮阳": "pu yang",
    "淳于": "chun yu", "太叔": "tai shu", "申屠": "shen tu", "仲孙": "zhong sun", "轩辕": "xuan yuan",
    "钟离": "zhong li", "东方": "dong fang", "赫连": "he lian", "呼延": "hu yan", "端木": "duan mu", "百里": "bai li",
    "东郭": "dong guo", "南门": "nan men", "羊舌": "yang she", "微生": "wei sheng", "梁丘": "liang qiu",
    "左丘": "zuo qiu", "西门": "xi men", "南宫": "nan gong", "乐正": "yue zheng", "亓官": "qi guan", "司徒": "si tu",
    "司空": "si kong", "拓跋": "tuo ba", "独孤": "du gu", "完颜": "wan yan", "第五": "di wu", "宗政": "zong zheng",
    "公冶": "gong ye", "巫马": "wu ma", "漆雕": "qi diao", "公西": "gong xi", "谷梁": "gu liang", "段干": "duan gan",
}  # fmt: skip


@dataclass(frozen=True)
class Spelling:
    pinyin: str  # "ranqihua": sorts and is searched by its beginning
    initials: str  # "rqh"


def spell(name: str) -> Spelling:
    """Pinyin and initials of a name. Letters stay as they are; points, blanks and signs fall away."""
    letters = re.sub(r"[^\w]|_", "", name)
    surname, rest = _surname(letters)
    syllables = [*surname, *_given(rest)]
    return Spelling("".join(syllables)[:200], "".join(s[0] for s in syllables)[:50])


def _surname(name: str) -> tuple[list[str], str]:
    """A double surname needs a given name after it: 单于 alone is 单 + 于."""
    if len(name) > 2 and name[:2] in DOUBLE_SURNAMES:
        return DOUBLE_SURNAMES[name[:2]].split(), name[2:]
    if name[:1] in SURNAMES:
        return [SURNAMES[name[0]]], name[1:]
    return [], name


def _given(text: str) -> list[str]:
    """Syllables in the order of the text; a run of letters or digits is one syllable."""
    from pypinyin import Style, lazy_pinyin  # leaf: its tables are 50 MB that most processes never ask for

    read = lazy_pinyin(text, style=Style.NORMAL, errors="default")
    return [re.sub(r"[^a-z0-9]", "", s.lower().replace("ü", "v")) or s for s in read]
