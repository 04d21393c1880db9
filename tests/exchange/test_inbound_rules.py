"""Lists of other agencies: kinds as data, rows as words, every row in exactly one class."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.machine import faults
from exchange.queries.inbound import FILE, kinds
from exchange.rules.answers import told, told_numbers
from exchange.rules.differences import (
    CONCLUSIONS,
    DIFFERENCES,
    INBOUND,
    OF_DEATH,
    Finding,
    Situation,
    check_finding,
    conclusions_for,
)
from exchange.rules.inbound_kinds import KindsRefused, read_kinds
from exchange.rules.inbound_matching import Book, OurPerson, compare, counted, differing, match, same_word
from exchange.rules.inbound_rows import TheirRow, fingerprint, read_rows
from exchange.rules.inbound_sequence import period_problem, periods_offered, sequence_problem
from exchange.terms import Conclusion, Evidence, InboundItem, InboundKind, Rhythm, RowClass
from registry.rules.table import TableRefused, make_table
from tests.factories import id_number

K, I, C = InboundKind, InboundItem, RowClass  # noqa: E741
TODAY = date(2026, 11, 30)
TOWNS = {"990001001": 1, "东街道": 1, "990001101": 2, "西镇": 2}


def reading(kind, *lines):
    header = [str(item.label) for item in kinds()[kind].columns]
    rows = [[line.get(item.value, "") for item in kinds()[kind].columns] for line in lines]
    return read_rows(make_table([header, *rows]), kinds()[kind], towns=TOWNS, today=TODAY)


def test_kinds_that_ship_are_whole_and_every_machine_has_an_end():
    assert set(kinds()) == set(InboundKind)
    assert faults(DIFFERENCES) == set()
    assert faults(INBOUND) == set()
    assert set(CONCLUSIONS) == set(RowClass) - {C.SAME, C.REFUSED, C.UNSURE}
    assert C.ONLY_OURS not in kinds()[K.DEATHS].work
    assert C.ONLY_THEIRS not in kinds()[K.DIBAO].work


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('compare = ["status", "died_on"]', 'compare = ["level"]', "要比对的栏目不在名册里：危险性等级"),
        ('required = ["name", "died_on"]', 'required = ["died_on"]', "没有把姓名列为必填"),
        ('code = "deaths"', 'code = "dibao"', "写了两次"),
        ('work = ["differs", "unsure"]', 'work = ["differs", "unsure", "same"]', "一致和不能识别的行不能交办"),
        ('work = ["differs", "unsure"]', 'work = ["differs", "unsure", "only_ours"]', "须写明比对我方哪些人"),
        ('code = "deaths"', 'code = "weather"', "weather"),
    ],
)
def test_a_wrong_file_of_kinds_is_refused_by_place_and_fault(before, after, fault):
    text = FILE.read_text(encoding="utf-8")
    with pytest.raises(KindsRefused, match=fault):
        read_kinds(text.replace(before, after, 1))


def test_a_row_is_read_into_one_form():
    number = id_number(date(1980, 5, 6), 7)
    found = reading(
        K.POLICE_REGISTER,
        {"name": " 试 验甲", "id_number": number.lower(), "phone": "199-0000-0001", "level": "3级", "township": "西镇"},
    )
    assert found.refusals == ()
    (row,) = found.rows
    assert row.name == "试验甲"
    assert (row.person, row.township) == (("试验甲", "1980-05-06", "男"), 2)
    assert (row.word(I.PHONE), row.word(I.LEVEL), row.id_number) == ("19900000001", "3级", number)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ({"name": "", "id_number": id_number(serial=1)}, "姓名", "不能为空"),
        ({"name": "甲", "id_number": "123"}, "身份证号", "应为 18 位"),
        ({"name": "甲", "id_number": id_number(serial=1)[:-1] + "?"}, "身份证号", "应为数字"),
        ({"name": "甲", "id_number": id_number(serial=1), "level": "9"}, "危险性等级", "应为下列之一"),
        ({"name": "甲", "id_number": id_number(serial=1), "township": "500242001"}, "所属乡镇", "不是本县的乡镇"),
        ({"name": "甲", "id_number": 9.9e17}, "身份证号", "存成了数字"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_remedy_and_the_good_ones_stay(line, column, reason):
    found = reading(K.POLICE_REGISTER, line, {"name": "乙", "id_number": id_number(serial=2)})
    assert [row.name for row in found.rows] == ["乙"]
    assert found.total == 2
    (bad,) = found.refusals
    assert (bad.row, bad.column) == (2, column)
    assert reason in bad.reason


def test_the_same_person_twice_and_a_name_alone_are_refused():
    number = id_number(serial=3)
    found = reading(K.POLICE_REGISTER, {"name": "甲", "id_number": number}, {"name": "甲甲", "id_number": number})
    assert [one.reason for one in found.refusals] == ["与第 2 行是同一个人。请只留一行。"]
    found = reading(K.DEATHS, {"name": "甲", "died_on": "2026-10-01"})
    assert "无法核对是谁" in found.refusals[0].reason
    assert reading(K.DEATHS, {"name": "甲", "died_on": "2026-10-01", "township": "东街道"}).refusals == ()
    late = reading(K.DEATHS, {"name": "甲", "died_on": "2026-12-31", "township": "东街道"})
    assert "不能晚于今天" in late.refusals[0].reason


def test_an_unknown_or_missing_column_refuses_the_file_by_name():
    kind = kinds()[K.DIBAO]
    with pytest.raises(TableRefused, match="不认识的列：病情"):
        read_rows(make_table([["姓名", "身份证号", "病情"], ["甲", "1", "x"]]), kind, towns={}, today=TODAY)
    with pytest.raises(TableRefused, match="缺少必需的列：身份证号"):
        read_rows(make_table([["姓名"], ["甲"]]), kind, towns={}, today=TODAY)


def test_numbers_follow_each_other_and_a_hole_has_its_reason():
    assert sequence_problem(1, 0, "") == ""
    assert "第 3 份是旧的" in sequence_problem(3, 3, "")
    assert "还没有收到第 4 份" in sequence_problem(5, 3, "")
    assert "还没有收到第 4 至 6 份" in sequence_problem(7, 3, "")
    assert sequence_problem(5, 3, "第 4 份对方作废") == ""
    assert period_problem("2026Q4", Rhythm.QUARTERLY, TODAY) == ""
    assert "还没有开始" in period_problem("2027Q1", Rhythm.QUARTERLY, TODAY)
    assert "按半年报送" in period_problem("2026Q3", Rhythm.HALF_YEARLY, TODAY)
    assert "2026Q3（季度）" in period_problem("上个季度", Rhythm.QUARTERLY, TODAY)
    assert [one.name for one in periods_offered(Rhythm.HALF_YEARLY, TODAY)][:3] == ["2026H2", "2026H1", "2025H2"]
    assert [one.name for one in periods_offered(Rhythm.QUARTERLY, TODAY)][:2] == ["2026Q4", "2026Q3"]


def test_the_same_list_is_known_however_it_was_saved():
    one = reading(
        K.DIBAO, {"name": "甲", "id_number": id_number(serial=1)}, {"name": "乙", "id_number": id_number(serial=2)}
    )
    turned = reading(
        K.DIBAO, {"name": "乙 ", "id_number": id_number(serial=2)}, {"name": "甲", "id_number": id_number(serial=1)}
    )
    assert fingerprint("dibao", "2026H2", one.rows, one.refusals) == fingerprint("dibao", "2026H2", turned.rows, ())
    assert fingerprint("dibao", "2026H1", one.rows, ()) != fingerprint("dibao", "2026H2", one.rows, ())


# matching


def ours(key: int, name: str = "甲", born: str = "1980-05-06", sex: str = "男", **more) -> OurPerson:
    said = {"name": name, "birth_on": born, "sex": sex, "id_number": more.pop("id_number", ""), **more.pop("said", {})}
    plain = {"township": 1, "ended": False}
    return OurPerson(key=key, id_number=said["id_number"], person=(name, born, sex), said=said, **{**plain, **more})


def theirs(number: int, name: str = "甲", born: str = "1980-05-06", sex: str = "男", township: int | None = 1, **said):
    words = {"name": name, "birth_on": born, "sex": sex, **said}
    return TheirRow(number, {item: word for item, word in words.items() if word}, township)


MINE, OTHER = id_number(serial=11), id_number(serial=12)


@pytest.mark.parametrize(
    ("row", "people", "expected"),
    [
        pytest.param(theirs(2, "不同名", id_number=MINE), [ours(1, id_number=MINE)], (1, False), id="id-decides"),
        pytest.param(theirs(2), [ours(1, id_number=MINE)], (1, False), id="name-birth-sex-township"),
        pytest.param(theirs(2, township=2), [ours(1)], (None, True), id="other-township-is-decided-by-a-person"),
        pytest.param(theirs(2, township=None), [ours(1)], (None, True), id="no-township-is-decided-by-a-person"),
        pytest.param(theirs(2), [ours(1), ours(3)], (None, True), id="two-of-ours"),
        pytest.param(theirs(2, id_number=OTHER), [ours(1, id_number=MINE)], (None, True), id="an-id-each-one-place"),
        pytest.param(
            theirs(2, township=2, id_number=OTHER), [ours(1, id_number=MINE)], (None, False), id="an-id-each-two-places"
        ),
        pytest.param(theirs(2, sex="女"), [ours(1)], (None, False), id="other-sex"),
        pytest.param(theirs(2, born="", sex=""), [ours(1)], (None, True), id="name-and-township-only"),
        pytest.param(theirs(2, born="", sex="", township=2), [ours(1)], (None, False), id="name-elsewhere"),
    ],
)
def test_who_is_meant(row, people, expected):
    person, unsure = match(row, Book(people))
    assert (person.key if person else None, unsure) == expected


def test_an_address_differs_only_when_it_really_does():
    assert same_word(I.ADDRESS, "东街道东一社区3组18号", "东一社区 3组18号")
    assert not same_word(I.ADDRESS, "东一社区3组19号", "东一社区3组18号")
    assert not same_word(I.ADDRESS, "东一社区3组18号", "")
    assert same_word(I.NAME, "买买提·甲", "买买提.甲")
    kind = kinds()[K.POLICE_REGISTER]
    person = ours(1, id_number=MINE, said={"phone": "19900000001", "level": "2级"})
    assert differing(kind, theirs(2, id_number=MINE, phone="", level="3级"), person) == (I.LEVEL,)


@pytest.mark.parametrize(
    ("kind", "person", "said", "expected"),
    [
        (K.POLICE_REGISTER, {"ended": True}, {}, C.ENDED_HERE),
        (K.DEATHS, {}, {"died_on": "2026-10-01"}, C.DIFFERS),
        (
            K.DEATHS,
            {"ended": True, "said": {"status": "死亡", "died_on": "2026-10-01"}},
            {"died_on": "2026-10-01"},
            C.SAME,
        ),
        (
            K.DEATHS,
            {"ended": True, "said": {"status": "死亡", "died_on": "2026-10-02"}},
            {"died_on": "2026-10-01"},
            C.DIFFERS,
        ),
        (K.DEATHS, {"ended": True, "said": {"status": "迁出"}}, {"died_on": "2026-10-01"}, C.ENDED_HERE),
        (K.DIBAO, {"said": {"dibao": "是"}}, {}, C.SAME),
        (K.DIBAO, {"said": {"dibao": "否"}}, {}, C.DIFFERS),
        (K.DIBAO, {}, {}, C.DIFFERS),
    ],
)
def test_the_class_of_a_row_whose_person_is_known(kind, person, said, expected):
    found = compare(kinds()[kind], [theirs(2, id_number=MINE, **said)], [ours(1, id_number=MINE, **person)])
    assert [one.found for one in found] == [expected]


def test_whom_the_list_should_hold_and_does_not():
    people = [
        ours(1, "高危", id_number=MINE, level=3), ours(2, "低危", level=2), ours(3, "已结", level=4, ended=True),
        ours(4, "疑似", level=5),
    ]  # fmt: skip
    found = compare(kinds()[K.POLICE_REGISTER], [theirs(2, "疑似", township=2)], people)
    assert [(one.found, one.person.key if one.person else None) for one in found] == [
        (C.UNSURE, None),
        (C.ONLY_OURS, 1),
    ]
    assert compare(kinds()[K.DEATHS], [], people) == []
    twice = compare(kinds()[K.POLICE_REGISTER], [theirs(2, id_number=MINE), theirs(3, "高危")], [people[0]])
    assert [one.found for one in twice] == [C.DIFFERS, C.REFUSED]
    assert "与第 2 行对上了册上的同一个人" in twice[1].because
    assert twice[1].like is C.DIFFERS


NAMES, DAYS = ("甲", "乙", "丙"), ("1980-05-06", "1981-05-06")
people_st = st.builds(
    ours, key=st.integers(1, 10_000), name=st.sampled_from(NAMES), born=st.sampled_from(DAYS),
    sex=st.sampled_from(("男", "女")), township=st.integers(1, 2), ended=st.booleans(),
    level=st.none() | st.integers(0, 5),
    id_number=st.sampled_from(("", *(id_number(serial=n) for n in range(1, 5)))),
    said=st.fixed_dictionaries({
        "dibao": st.sampled_from(("", "是", "否")), "disability": st.sampled_from(("", "是")),
        "chronic": st.sampled_from(("", "是")), "status": st.sampled_from(("在管", "死亡")),
    }),
)  # fmt: skip
rows_st = st.builds(
    theirs, number=st.just(0), name=st.sampled_from(NAMES), born=st.sampled_from(("", *DAYS)),
    sex=st.sampled_from(("", "男", "女")), township=st.none() | st.integers(1, 2),
    id_number=st.sampled_from(("", *(id_number(serial=n) for n in range(1, 8)))),
    died_on=st.just("2026-10-01"),
)  # fmt: skip
whole_lists = st.lists(rows_st, max_size=12).map(lambda rows: [replace(row, number=n) for n, row in enumerate(rows, 2)])


@given(
    kind=st.sampled_from(list(InboundKind)), rows=whole_lists,
    people=st.lists(people_st, max_size=8, unique_by=(lambda one: one.key, lambda one: one.id_number or one.key)),
    refused=st.integers(0, 3),
)  # fmt: skip
def test_every_row_ends_in_exactly_one_class_and_the_counts_add_up(kind, rows, people, refused):
    found = compare(kinds()[kind], rows, people)
    assert Counter(one.row.number for one in found if one.row) == Counter(row.number for row in rows)
    counts = counted(found, refused)
    assert sum(number for name, number in counts.items() if name != C.ONLY_OURS) == len(rows) + refused
    matched = [one.person.key for one in found if one.person]
    assert len(matched) == len(set(matched))  # nobody of ours in two classes
    missing = [one.person for one in found if one.row is None]
    assert all(one is not None and not one.ended for one in missing)
    assert not (missing and C.ONLY_OURS not in kinds()[kind].work)


# what may be concluded


def situation(found=C.DIFFERS, **more):
    return Situation(**{"found": found, "of_death": False, "ended": False, "dead": False, **more})


@pytest.mark.parametrize(
    ("conclusion", "words", "now", "field"),
    [
        ("ours_mended", "", situation(), None),
        ("ours_mended", "", situation(differs=("住址",)), "conclusion"),
        ("theirs_wrong", "", situation(differs=("住址",)), None),
        ("cannot", "", situation(), "words"),
        ("nobody", "", situation(), "conclusion"),
        ("nobody", "", situation(C.ONLY_THEIRS), None),
        ("death", "", situation(of_death=True), "conclusion"),
        ("death", "", situation(of_death=True, dead=True, ended=True), None),
        ("alive", "", situation(of_death=True), "words"),
        ("alive", "在家见到", situation(of_death=True), None),
        ("alive", "在家见到", situation(of_death=True, dead=True), "conclusion"),
        ("theirs_wrong", "", situation(of_death=True), "conclusion"),
        ("ours_ended", "", situation(C.ONLY_OURS), "conclusion"),
        ("ours_ended", "", situation(C.ONLY_OURS, ended=True), None),
        ("reopened", "", situation(C.ENDED_HERE, ended=True), "conclusion"),
        ("reopened", "", situation(C.ENDED_HERE), None),
    ],
)
def test_a_conclusion_must_fit_the_class_and_our_own_file(conclusion, words, now, field):
    found = check_finding(Finding(Conclusion(conclusion), Evidence.HOME, words), now)
    assert [one.field for one in found] == ([field] if field else [])


def test_other_evidence_needs_words_and_a_reported_death_has_its_own_answers():
    found = check_finding(Finding(Conclusion.THEIRS_WRONG, Evidence.OTHER), situation())
    assert [one.field for one in found] == ["words"]
    assert conclusions_for(C.DIFFERS, of_death=True) == OF_DEATH
    assert conclusions_for(C.UNSURE, of_death=False) == ()


@given(counts=st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.integers(0, 9), max_size=5))
def test_the_letter_tells_no_small_number_nor_one_that_could_be_worked_out(counts):
    lines = told_numbers(counts)
    named = {label: words for label, words in lines if label in counts}
    assert all(counts[label] >= 5 for label in named)
    hidden = {label: n for label, n in counts.items() if n and label not in named}
    if hidden:
        assert sum(hidden.values()) >= 5 or not named  # what remains is no small number either
    told = sum(counts[label] for label in named) + sum(hidden.values())
    assert told == sum(counts.values())


def test_a_letter_says_nothing_of_a_class_whose_own_number_it_does_not_tell():
    said = told({"same": 40, "differs": 1}, {C.DIFFERS: {Conclusion.THEIRS_WRONG: 1}}, {})
    assert (said.totals, said.found) == ([("各类", "合计 41 人，人数较少，不分列")], [])
    said = told({"same": 40, "differs": 9}, {C.DIFFERS: {Conclusion.THEIRS_WRONG: 7}, C.ONLY_OURS: {}}, {})
    assert said.totals == [("一致", "40 人"), ("字段不一致", "9 人")]
    assert said.found == [("字段不一致", [("对方有误，请对方更正", "7 人")])]
    few = {C.DIFFERS: {Conclusion.THEIRS_WRONG: 4}, C.ONLY_OURS: {Conclusion.THEIRS_LACKS: 3}}
    assert told({"same": 40, "differs": 9}, few, {}).found == []


def test_two_rows_of_one_person_look_in_the_letter_as_they_do_of_a_stranger():
    """Five rows that nobody can read are counted by the agency itself: a sixth would say that the pair is on file."""
    of_ours = told({"same": 11, "refused": 6}, {}, {C.SAME: 1})
    of_strangers = told({"same": 12, "refused": 5}, {}, {})
    assert of_ours == of_strangers
