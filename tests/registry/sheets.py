"""Files as offices send them: rows by column name, written as .csv or .xlsx, and the command run on them."""

import csv
from datetime import date

from django.core.management import call_command
from openpyxl import Workbook

from tests import factories
from tests.conftest import TOWN_A, VILLAGE_A1


def row(**more):
    values = {
        "姓名": "冉启华", "身份证号": factories.id_number(), "现住地区划代码": VILLAGE_A1, "确诊日期": "2024-03-01",
        "诊断": "01", "建档日期": "2024-05-06",
    }  # fmt: skip
    return {**values, **more}


WHOLE = {
    "户籍地区划代码": TOWN_A, "现住详址": "东一社区3组", "户籍详址": "东街道", "联系电话": "19900001952",
    "民族": "土家", "户别": "农村", "文化程度": "初中", "婚姻状况": "已婚", "就业情况": "3",
    "监护人姓名": "田景明", "与患者关系": "配偶",
    "监护人电话": "19900001953", "监护人身份证号": factories.id_number(date(1970, 1, 1), 3),
    "初次发病日期": "2020/1/5",
    "确诊医院": "试验医院", "知情同意": "1", "知情同意日期": "2024-05-07", "经济状况": "贫困", "既往危险性": "2",
    "既往关锁": "1", "既往住院次数": "3", "残疾证号": "99999919800506121344",
}  # fmt: skip


def write_csv(path, rows, encoding="utf-8"):
    headers = list(dict.fromkeys(name for r in rows for name in r))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, headers)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path, rows):
    headers = list(dict.fromkeys(name for r in rows for name in r))
    book = Workbook()
    book.active.append(headers)
    for r in rows:
        book.active.append([r.get(name) for name in headers])
    book.save(path)
    return path


def run(capsys, path, by="worker", command="import_patients", **options):
    """Answers the last line and the exit code."""
    code = 0
    try:
        call_command(command, str(path), by=by, **options)
    except SystemExit as stop:
        code = stop.code
    return capsys.readouterr().out.strip().splitlines()[-1], code
