import pytest

from registry.rules.masking import mask_id, mask_name, mask_phone
from registry.rules.names import spell


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    (
        ("冉启华", "ranqihua", "rqh"),
        ("单小明", "shanxiaoming", "sxm"),
        ("仇英", "qiuying", "qy"),
        ("解珍", "xiezhen", "xz"),
        ("曾国华", "zengguohua", "zgh"),
        ("区大为", "oudawei", "odw"),
        ("查良", "zhaliang", "zl"),
        ("朴正", "piaozheng", "pz"),
        ("盖文", "gewen", "gw"),
        ("乐嘉", "yuejia", "yj"),
        ("覃红", "qinhong", "qh"),
        ("冼星", "xianxing", "xx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("欧阳堃", "ouyangkun", "oyk"),
        ("单于红", "chanyuhong", "cyh"),
        ("单于", "shanyu", "sy"),
        ("吕丽", "lvli", "ll"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "aygLmmt".lower()),
        ("Tom Li", "tomli", "t"),
        ("", "", ""),
    ),
    ids=str,
)
def test_a_name_is_spelled_as_a_surname_is_read(name, pinyin, initials):
    found = spell(name)
    assert (found.pinyin, found.initials) == (pinyin, initials)


@pytest.mark.parametrize(
    ("name", "masked"), (("冉启明", "冉＊明"), ("冉明", "冉＊"), ("欧阳启明", "欧＊＊明"), ("冉", "冉＊"), ("", "＊"))
)
def test_mask_name_keeps_first_and_last(name, masked):
    assert mask_name(name) == masked


def test_mask_numbers():
    assert mask_id("500242197401011246") == "500242********1246"
    assert mask_id("12345") == "*****"
    assert mask_id(None) == ""
    assert mask_phone("19900001952") == "199****1952"
    assert mask_phone("7550123") == "*****23"
    assert mask_phone(None) == ""
