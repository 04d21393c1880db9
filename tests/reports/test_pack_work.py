"""Tasks, meetings, assessments and values of the plans: what the texts say, and what is said of a slip."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import CountyPolicy
from accounts.rules.policy_keys import POLICY_DEFAULTS
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind
from reports.queries import packs
from reports.queries.packs import pack
from reports.queries.plan_policy import policy_checks
from reports.rules.pack_reading import PackRefused, read_pack
from reports.rules.pack_work import check_policy
from reports.services.plan_reports import render_report, request_report
from reports.services.plans import NewPlan, PlanNotWritten, load_plan, new_plan
from tests.conftest import COUNTY
from tests.reports.plan_duties import DUTIES, duties_of

FILE = "youyang-2023.toml"


@pytest.mark.parametrize("pack_id", DUTIES)
def test_every_task_of_the_text_stands_in_its_pack_with_its_departments(pack_id):
    found = [
        (task.clause, {"lead": {*task.lead}, "support": {*task.support}, "responsible": {*task.responsible}})
        for task in pack(pack_id).work.tasks
    ]
    assert found == duties_of(pack_id)


@pytest.mark.parametrize(
    ("pack_id", "count", "dated"),
    [
        ("tengzhou-2017", 18, 10), ("fuxin-2016", 12, 5), ("zhongyuan-2016", 37, 13), ("youyang-2023", 18, 11),
        ("zoucheng-2019", 15, 4),
    ],
)  # fmt: skip
def test_so_many_tasks_and_so_many_with_a_year(pack_id, count, dated):
    tasks = pack(pack_id).work.tasks
    assert (len(tasks), sum(task.due_on is not None for task in tasks)) == (count, dated)
    assert len({task.name for task in tasks}) == count
    assert [task.name for task in tasks if len(task.name) > 60] == []


def test_the_meetings_assessments_and_values_of_the_texts():
    said = {
        pack_id: (
            [meeting.rhythm.value for meeting in found.meetings],
            [(each.kind.value, each.as_of) for each in found.assessments],
            {value.key: value.words for value in found.policy},
        )
        for pack_id in DUTIES
        if (found := pack(pack_id).work)
    }
    final = ("final", date(2020, 12, 31))
    assert said == {
        "tengzhou-2017": ([], [("mid", date(2018, 12, 31)), final], {"alert_level": "3 级"}),
        "fuxin-2016": (["unstated"], [("mid", date(2017, 12, 31)), final], {"staff_per_centre": "≥1 名"}),
        "zhongyuan-2016": (
            ["quarter"], [("mid", date(2017, 12, 31)), final],
            {"emergency_filing_days": "≤7 天", "case_management": "是", "meetings_a_year": "4 次",
             "staff_per_centre": "≥1 名", "beds_per_psychologist": "≤150 张", "survey_every": "5 年"},
        ),
        "youyang-2023": (
            [], [], {"patients_per_staff": "≤80 名", "centre_staff": "≥5 名", "colour_for_all": "是", "injections_for_all": "是"},
        ),
        "zoucheng-2019": (
            ["unstated"], [],
            {"award_yuan": "≥2,400 元", "assistants": "≥2 名", "assistants_from": "3 级", "assessments_a_year": "≥4 次",
             "exchange_police": "≥4 次", "exchange_others": "≥2 次", "away_file": "≤30 天", "alert_level": "3 级"},
        ),
    }  # fmt: skip


@pytest.mark.parametrize("pack_id", DUTIES)
def test_every_name_of_a_department_has_a_kind_and_is_used(pack_id):
    found = pack(pack_id)
    used = {name for task in found.work.tasks for _, name in task.parties} | {
        n for r in found.rows for n in r.departments
    }
    assert used == set(found.work.departments)
    assert {*found.work.departments.values()} <= {*AgencyKind.values}


TASK = '[[task]]\nkey = "hospitals"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('"县教委" = "education"', '"县教委" = "school"',
                     f"{FILE}：departments.县教委（单位名称和类别）：写的是“school”，系统没有这类单位。", id="kind"),
        pytest.param('"县教委" = "education"\n', "",
                     f"{FILE}：indicator[6].departments（责任单位）：写的是“县教委”，departments 表里没有这个单位。", id="not-in-table"),
        pytest.param(f"{TASK}", '[[task]]\nkey = "Hospitals"',
                     f"{FILE}：task[1].key（固定编号）：写的是“Hospitals”，请用小写字母开头", id="task-key"),
        pytest.param('key = "clinics"', 'key = "hospitals"', f"{FILE}：task 的 key（固定编号） hospitals 用了不止一次。", id="twice"),
        pytest.param('responsible = ["县卫生健康委", "县发展改革委"]', 'responsible = ["县卫健委"]',
                     f"{FILE}：task[1].responsible（负责单位）：写的是“县卫健委”，departments 表里没有这个单位。", id="unknown-department"),
        pytest.param('responsible = ["县卫生健康委", "县发展改革委"]', 'support = ["县发展改革委"]',
                     f"{FILE}：task[1].lead（牵头单位）：写了配合单位，却没有写牵头单位。", id="support-alone"),
        pytest.param('responsible = ["县卫生健康委", "县发展改革委"]', "",
                     f"{FILE}：task[1].lead（牵头单位）：lead、support、responsible 都没有写。", id="nobody"),
        pytest.param('responsible = ["县卫生健康委", "县发展改革委"]', 'responsible = ["县发展改革委", "县发展改革委"]',
                     f"{FILE}：task[1].lead（牵头单位）：“县发展改革委”在牵头、配合、负责里写了不止一次。", id="named-twice"),
        pytest.param("unnamed = true", 'unnamed = true\nlead = ["县教委"]',
                     f"{FILE}：task[16].unnamed（计划没有点名单位）：已经写了单位，就不要写这一项。", id="named-after-all"),
        pytest.param('"县发展改革委"]\ndue = 2025\n\n[[task]]', '"县发展改革委"]\ndue = "soon"\n\n[[task]]',
                     f"{FILE}：task[1].due（期限）：写的是 'soon'，应当是年份（例如 2025）、日期", id="due"),
        pytest.param('"县发展改革委"]\ndue = 2025\n\n[[task]]', '"县发展改革委"]\ndue = 2026\n\n[[task]]',
                     f"{FILE}：任务“县精神卫生中心创二级、床位到300张，二级以上公立医院都设精神科”的 due", id="due-outside"),
        pytest.param('"县发展改革委"]\ndue = 2025\n\n[[task]]', '"县发展改革委"]\n\n[[task]]',
                     f"{FILE}：task[1].due（期限）：没有写。请写年份", id="no-due"),
        pytest.param('key = "centre_staff"', 'key = "patients_per_staff"',
                     f"{FILE}：policy 的 key（固定编号） patients_per_staff 用了不止一次。", id="policy-twice"),
        pytest.param('setting = "patients_per_staff"', 'setting = "patients_per_post"',
                     f"{FILE}：policy[1].setting（对应的县级规则）：写的是“patients_per_post”，县级规则里没有这一项。", id="setting"),
        pytest.param("value = 80\n", "value = 8000\n",
                     f"{FILE}：policy[1].value（数值）：县级规则“每名专职精防人员负责的患者（酉阳 十）”只能", id="out-of-bounds"),
        pytest.param("value = 80\n", "value = true\n", f"{FILE}：policy[1].value（数值）：县级规则", id="flag-for-number"),
        pytest.param("value = 80\n", 'value = "80"\n',
                     f"{FILE}：policy[1].value（数值）：写的是 '80'。请写一个数，或 true / false。", id="text-for-number"),
        pytest.param("value = 80\n", "", f"{FILE}：policy[1].value（数值）：没有写。", id="no-value"),
        pytest.param('op = "<="\nunit = "名"', 'op = "report"\nunit = "名"',
                     f"{FILE}：policy[1].op（方向）：只能写 =、>= 或 <=。", id="operator"),
    ],
)  # fmt: skip
def test_a_slip_in_the_work_is_told_with_file_key_and_meaning(plan_text, old, new, said):
    assert old in plan_text
    with pytest.raises(PackRefused) as refused:
        read_pack(plan_text.replace(old, new, 1), FILE)
    assert [problem for problem in refused.value.problems if problem.startswith(said)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('rhythm = "quarter"', 'rhythm = "monthly"', "meeting[1].rhythm（多久一次）：写的是“monthly”，只能是下列之一：quarter"),
        ('who = ["区综治办"', 'who = ["区水利局"', "meeting[1].who（参加单位）：写的是“区水利局”"),
        ('kind = "mid"', 'kind = "final"', "assessment 的 kind（中期或终期）“终期”写了不止一次。"),
        ("as_of = 2017-12-31", "as_of = 2018-12-31", "中期考核的 as_of（数据截止日期）2018-12-31 不在 2017 年。"),
        ("year = 2017\nas_of", "year = 2026\nas_of", "中期考核的 year（年份）2026 不在计划的 2017—2020 年之内。"),
        ("as_of = 2017-12-31", "as_off = 2017-12-31", "assessment[1].as_off：不认识这一项。请检查有没有写错字。"),
        ("[[meeting]]", "[meeting]", "meeting（会议）：请写成一个或几个 [[meeting]]。"),
    ],
)  # fmt: skip
def test_a_slip_in_meetings_and_assessments_is_told(old, new, said):
    text = (packs.FOLDER / "zhongyuan-2016.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PackRefused) as refused:
        read_pack(text.replace(old, new, 1), "zhongyuan-2016.toml")
    assert [problem for problem in refused.value.problems if problem.startswith(f"zhongyuan-2016.toml：{said}")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"circular", "interview"', '"circular", "scolding"', "steps（责任措施）：写的是“scolding”，只能是：circular"),
        ('"circular", "interview"', '"interview", "circular"', "steps（责任措施）：次序不对或写了两次"),
        ('"circular", "interview"', '"circular", "circular"', "steps（责任措施）：次序不对或写了两次"),
        ('steps = ["circular", "interview", "listing", "veto"]', "skipping = true", "skipping（可以越过前面的措施）：没有写 steps"),
        ("[supervision]", "[supervision]\nsetps = []", "setps：不认识这一项。"),
        ('[supervision]\nclause = "三（四）"', "[supervision]", "clause（出处）：没有写。"),
    ],
)  # fmt: skip
def test_a_slip_in_the_ladder_is_told(old, new, said):
    text = (packs.FOLDER / "zoucheng-2019.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PackRefused) as refused:
        read_pack(text.replace(old, new, 1), "zoucheng-2019.toml")
    place = "zoucheng-2019.toml：supervision."
    assert [problem for problem in refused.value.problems if problem.startswith(place + said)]


def test_a_pack_without_the_table_of_departments_says_so_once(plan_text):
    begin, end = plan_text.index("[departments]"), plan_text.index("# 一（二）")
    with pytest.raises(PackRefused) as refused:
        read_pack(plan_text[:begin] + plan_text[end:], FILE)
    assert [p.split("）：")[0] for p in refused.value.problems] == [f"{FILE}：departments（单位名称和类别"]


ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(-5, 3000), st.text(max_size=8), st.just("2025-13-01"))


@given(st.sampled_from(["due", "lead", "unnamed", "name", "key"]), ANYTHING)
def test_whatever_a_task_holds_is_read_or_refused_in_words(key, value):
    """The reader never fails: a value is understood, or one sentence names the file and the key."""
    text = (packs.FOLDER / FILE).read_text(encoding="utf-8")
    said = {"True": "true", "False": "false"}.get(str(value)) or (
        str(value) if isinstance(value, int) else '"' + "".join(c for c in str(value) if c.isalnum() or c == "-") + '"'
    )
    lines = text[text.index(TASK) :].split("\n\n", 1)
    task = [line for line in lines[0].splitlines() if not line.startswith(f"{key} =")] + [f"{key} = {said}"]
    changed = text[: text.index(TASK)] + "\n".join(task) + "\n\n" + lines[1]
    assert _read(changed) in ("18 tasks", "refused in words")


def _read(text):
    try:
        return f"{len(read_pack(text, FILE).work.tasks)} tasks"
    except PackRefused as refused:
        return "refused in words" if all(p.startswith(f"{FILE}：") for p in refused.problems) else refused.problems


@pytest.mark.parametrize(
    ("key", "now", "kept"),
    [
        ("assistants", 2, True), ("assistants", 3, True), ("assistants", 1, False),
        ("away_file", 30, True), ("away_file", 20, True), ("away_file", 31, False),
        ("alert_level", 3, True), ("alert_level", 4, False),
    ],
)  # fmt: skip
def test_a_setting_keeps_the_plan_when_it_is_as_strict(key, now, kept):
    values = pack("zoucheng-2019").work.policy
    setting = next(value.setting for value in values if value.key == key)
    line = next(c for c in check_policy(values, POLICY_DEFAULTS | {setting: now}) if c.value.key == key)
    assert (line.is_kept, line.verdict) == (kept, "县级规则与计划一致" if kept else "县级规则与计划不同")


def test_a_value_without_a_setting_is_only_shown():
    line = next(
        c for c in check_policy(pack("zoucheng-2019").work.policy, POLICY_DEFAULTS) if c.value.key == "award_yuan"
    )
    assert (line.now, line.is_kept, line.verdict) == ("", None, "系统没有这项设置，只显示")


@pytest.mark.django_db
def test_the_plan_page_holds_the_values_against_the_countys_settings(world, plan, log_in):
    page = log_in(world.commission).get(reverse("reports:plan", args=[plan.id]))
    text = page.content.decode()
    assert ("动态分色管理" in text, "县级规则与计划一致" in text, "计划没有写考核的年份" in text) == (True, True, True)
    CountyPolicy.objects.create(county=world.county, key="patients_per_staff", value=120, starts_on=date(2020, 1, 1))
    checks = policy_checks(plan, world.town_a, date(2025, 1, 1))
    assert [(c.now, c.is_kept) for c in checks if c.value.setting] == [("120 人", False)]
    assert "县级规则与计划不同" in log_in(world.worker).get(reverse("reports:plan", args=[plan.id])).content.decode()


@pytest.mark.django_db
def test_a_plan_of_elsewhere_looks_like_an_unknown_one(world, plan, log_in):
    for pack_id in ("zoucheng-2019", "nowhere-1999"):
        assert log_in(world.commission).get(reverse("reports:plan", args=[pack_id])).status_code == 404
    assert log_in(world.stranger).get(reverse("reports:plan", args=[plan.id])).status_code == 404


WANTED = NewPlan(
    "jiaxian-2026",
    '甲县"三年"行动计划',
    COUNTY,
    2026,
    2028,
    "甲府办发〔2026〕1号",
    "甲县人民政府办公室",
    date(2026, 1, 1),
)


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_a_new_plan_validates_loads_and_reports_as_it_stands(world, own_folder):
    out = StringIO()
    call_command(
        "new_plan", "jiaxian-2026", area=COUNTY, title=WANTED.title, first_year=2026, last_year=2028, stdout=out
    )
    assert out.getvalue().startswith("已写好 reports/packs/jiaxian-2026.toml。")
    assert load_plan("jiaxian-2026")[1] == "created"
    found = pack("jiaxian-2026")
    assert (found.title, len(found.rows), len(found.work.tasks)) == (WANTED.title, 2, 2)
    assert (found.work.meetings[0].rhythm.times_a_year, found.work.policy[0].value) == (4, Decimal(30))
    with scope(counties=[world.county.pk]):
        report = request_report(pack_id=found.id, area=world.county, as_of=date(2026, 9, 30), by=world.commission)
    with system_scope():
        assert render_report(str(report.uuid)) == "done"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"id": "Jia Xian"}, "编号“Jia Xian”不能用"),
        ({"id": "../x"}, "编号“../x”不能用"),
        ({"area": "99"}, ""),
        ({"area": "990001a"}, "区划代码“990001a”不对"),
        ({"first_year": 2029}, "开始年份不能晚于结束年份"),
        ({"first_year": 26}, "年份不可用"),
        ({"title": " "}, "计划名称不能是空的"),
    ],
)
def test_a_new_plan_is_written_whole_or_not_at_all(own_folder, facts, said):
    from dataclasses import replace

    wanted = replace(WANTED, **facts)
    if not said:
        assert new_plan(wanted).is_file()
        return
    with pytest.raises(PlanNotWritten, match=said):
        new_plan(wanted)
    assert list(own_folder.iterdir()) == []


def test_a_new_plan_replaces_no_file(own_folder):
    new_plan(WANTED)
    with pytest.raises(CommandError, match=r"已经有 jiaxian-2026\.toml 这个文件"):
        call_command("new_plan", WANTED.id, area=COUNTY, title="甲", first_year=2026, last_year=2028)
    with pytest.raises(CommandError, match="成文日期“昨天”不是日期"):
        call_command("new_plan", "yi-2026", area=COUNTY, title="甲", first_year=2026, last_year=2028, issued_on="昨天")
