"""Invented names. Surnames by how common they are; any likeness to a living person is chance."""

from random import Random

SURNAMES = {
    "冉": 9, "田": 8, "杨": 7, "张": 7, "李": 7, "王": 7, "陈": 6, "白": 5, "彭": 5, "石": 5, "冯": 4, "吴": 4, "刘": 6,
    "黄": 4, "周": 4, "罗": 4, "何": 3, "谭": 3, "向": 3, "姚": 3, "侯": 2, "赵": 3, "孙": 2, "朱": 2, "马": 2, "胡": 2,
    "郭": 2, "林": 2, "高": 2, "郑": 1, "梁": 1, "谢": 1, "宋": 1, "唐": 1, "许": 1, "邓": 1, "曾": 1, "任": 1, "单": 1,
    "仇": 1, "解": 1, "覃": 1, "欧阳": 1, "上官": 1,
}  # fmt: skip
MALE = [
    "国强",
    "建华",
    "志明",
    "光荣",
    "永福",
    "德胜",
    "文斌",
    "小军",
    "大勇",
    "正刚",
    "启华",
    "世平",
    "天佑",
    "长青",
    "兴旺",
    "海涛",
    "家贵",
    "明远",
    "仁义",
    "朝阳",
    "伟",
    "军",
    "勇",
    "斌",
    "涛",
    "鹏",
    "波",
    "辉",
    "毅",
    "堃",
]
FEMALE = [
    "秀英",
    "桂兰",
    "玉梅",
    "春香",
    "丽华",
    "小琴",
    "翠平",
    "素珍",
    "金花",
    "冬梅",
    "月娥",
    "晓燕",
    "红霞",
    "美玲",
    "雪莲",
    "会芳",
    "淑贞",
    "彩云",
    "巧云",
    "凤仙",
    "芳",
    "燕",
    "敏",
    "静",
    "娟",
    "丹",
    "莉",
    "霞",
    "琳",
    "祎",
]
KIN = ["永", "世", "国", "光", "文", "正", "家", "德", "明", "长"]

_LIST, _WEIGHTS = list(SURNAMES), list(SURNAMES.values())


def surname(draw: Random) -> str:
    return draw.choices(_LIST, _WEIGHTS)[0]


def given(draw: Random, sex: str) -> str:
    """One or two characters; now and then a family's generation character before one."""
    name = draw.choice(MALE if sex == "1" else FEMALE)
    return draw.choice(KIN) + name if len(name) == 1 and draw.random() < 0.5 else name


def full_name(draw: Random, sex: str) -> str:
    return surname(draw) + given(draw, sex)
