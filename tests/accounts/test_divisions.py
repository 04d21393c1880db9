"""Loading places: the project's own five areas, another file, the same file again, and what is wrong with one."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Division
from accounts.queries.places import division, townships_under, villages_under

HEADER = "code,name,level,parent_code\n"
FILE = HEADER + "98,甲省,province,\n9801,甲市,city,98\n980101,甲县,county,9801\n980101001,东街道,township,980101\n"


def load(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding=encoding)
    call_command("load_divisions", path)


def last_line(capsys):
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_the_own_five_areas_load_and_load_again(db, capsys):
    call_command("load_divisions")
    assert last_line(capsys) == "created 3335, updated 0, unchanged 0"
    call_command("load_divisions")
    assert last_line(capsys) == "created 0, updated 0, unchanged 3335"
    county = division("500242")
    assert (county.name, county.parent.parent.name) == ("酉阳土家族苗族自治县", "重庆市")
    assert townships_under(county).count() == 39
    assert villages_under(county).count() == 278
    assert [town.kind for town in townships_under(county)[:3]] == ["街道", "街道", "镇"]


def test_children_before_parents_and_a_bom_are_fine(db, tmp_path, capsys):
    lines = FILE.removeprefix(HEADER).splitlines()
    load(tmp_path, HEADER + "\n".join(reversed(lines)) + "\n", "utf-8-sig")
    assert last_line(capsys) == "created 4, updated 0, unchanged 0"


def test_a_new_name_is_taken_over(db, tmp_path, capsys):
    load(tmp_path, FILE)
    load(tmp_path, FILE.replace("东街道", "城东街道"))
    assert last_line(capsys) == "created 0, updated 1, unchanged 3"
    assert division("980101001").name == "城东街道"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("code,name\n98,甲省\n", "第 1 行应为", id="columns"),
        pytest.param(FILE + "98010100,坏,township,980101\n", "第 6 行.*位数", id="length"),
        pytest.param(FILE + "980101002,坏,village,980101\n", "第 6 行.*层级", id="level"),
        pytest.param(FILE + "980102001,坏,township,980101\n", "第 6 行.*前缀", id="other-parent"),
        pytest.param(FILE + "980102001,坏,township,980102\n", "980102 不在文件里", id="unknown-parent"),
        pytest.param(FILE + "980101002,,township,980101\n", "第 6 行：缺名称", id="no-name"),
        pytest.param(FILE + "980101002,坏,township,\n", "第 6 行：缺上级", id="no-parent"),
    ],
)
def test_a_wrong_row_refuses_the_file_by_line(text, says, db, tmp_path):
    with pytest.raises(CommandError, match=says):
        load(tmp_path, text)
    assert Division.objects.count() == 0


def test_a_missing_or_foreign_file_is_told_in_words(db, tmp_path):
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("load_divisions", tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="UTF-8"):
        load(tmp_path, FILE, "gb18030")
