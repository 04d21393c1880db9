"""What leaves for the bank and the notice board, and what the bank's answer is taken for."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refused
from subsidy.rules.bank_file import CELLS, PLAIN, Credit, bank_files
from subsidy.rules.bank_returns import Answer, Misfit, match
from subsidy.rules.money import yuan
from subsidy.rules.neutral import WORDS, illness_words, telling
from subsidy.rules.publicity import mask_for_notice, notice
from subsidy.terms import BankFailure

D = Decimal
ONE = Credit("k1", "冉启芳", "6222000000000001", "农商银行", D("2400.00"))
TWO = Credit("k2", "阿依古丽·买买提", "6222000000000002", "农商银行", D("600.50"))
SENT = (ONE, TWO)


def test_a_file_is_text_with_totals_in_its_head():
    (found,) = bank_files("2026-01", SENT, PLAIN)
    assert found.head == (("批次号", "2026-01"), ("总笔数", "2"), ("总金额", "3000.50"))
    assert found.columns == ("序号", "流水号", "户名", "账号", "开户行", "金额", "摘要")
    assert found.rows == (
        ("1", "k1", "冉启芳", "6222000000000001", "农商银行", "2400.00", "监护人补贴"),
        ("2", "k2", "阿依古丽·买买提", "6222000000000002", "农商银行", "600.50", "监护人补贴"),
    )


def test_a_long_batch_becomes_several_files_that_add_up():
    credits = [replace(ONE, reference=f"k{n}", amount=yuan(n)) for n in range(1, 8)]
    files = bank_files("2026-01", credits, replace(PLAIN, most_rows=3))
    assert [(one.number, one.count, one.rows[0][0]) for one in files] == [
        ("2026-01-1", 3, "1"), ("2026-01-2", 3, "4"), ("2026-01-3", 1, "7"),
    ]  # fmt: skip
    assert sum(one.total for one in files) == D("0.28")


def test_no_layout_has_a_word_for_the_patient():
    assert [key for key in CELLS if "patient" in key] == []
    with pytest.raises(Refused, match="银行文件没有“patient”这一列"):
        bank_files("1", SENT, replace(PLAIN, columns=(*PLAIN.columns, ("patient", "患者"))))


@pytest.mark.parametrize(
    "memo", ["精神病补助", "监护人补贴（精 神 障 碍）", "ｓｍｄ补贴", "肇事肇祸奖补", "残疾人补贴"]
)
def test_a_memo_that_tells_of_an_illness_is_refused(memo):
    with pytest.raises(Refused, match="不能外送的字样") as refused:
        bank_files("1", SENT, replace(PLAIN, memo=memo))
    assert refused.value.field == "memo"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "=1+1"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "冉启芳1"}, "name"),
        ({"account": "6.222E+15"}, "account"),
        ({"account": "６２２２０００００００１"}, "account"),
        ({"account": "-622200000000"}, "account"),
        ({"amount": D("0.00")}, "amount"),
        ({"amount": D("-1.00")}, "amount"),
        ({"bank": "市精神病院储蓄所"}, "bank"),
        ({"bank": "@银行"}, "bank"),
    ],
)
def test_what_cannot_be_a_cell_never_becomes_one(change, field):
    with pytest.raises(Refused) as refused:
        bank_files("1", [replace(ONE, **change)], PLAIN)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("credits", "layout", "field"),
    [
        ((), PLAIN, "rows"),
        ((ONE, ONE), PLAIN, "reference"),
        (SENT, replace(PLAIN, columns=PLAIN.columns[:2]), "layout"),
        (SENT, replace(PLAIN, most_rows=0), "layout"),
    ],
)
def test_a_file_that_the_bank_could_not_answer_is_not_made(credits, layout, field):
    with pytest.raises(Refused) as refused:
        bank_files("1", credits, layout)
    assert refused.value.field == field


# --- the answer ---
def paid(one: Credit) -> Answer:
    return Answer(one.reference, one.account, f"{one.amount:.2f}", "成功")


def failed(one: Credit, reason: str = "户名不符") -> Answer:
    return Answer(one.reference, one.account, f"{one.amount:.2f}", "失败", reason)


def test_every_row_is_paid_or_failed_and_the_sums_are_those_sent():
    found = match(SENT, [paid(ONE), failed(TWO)], PLAIN)
    assert found.paid == ("k1",)
    assert [(one.reference, one.failure) for one in found.failed] == [("k2", BankFailure.NAME)]
    assert (found.paid_amount, found.failed_amount, found.open_amount) == (D("2400.00"), D("600.50"), D("0.00"))
    assert found.is_complete


def test_the_same_file_again_says_nothing_new():
    found = match(SENT, [paid(ONE), failed(TWO)], PLAIN, {"k1": True, "k2": False})
    assert (found.paid, found.failed, found.strange, found.known) == ((), (), (), ("k1", "k2"))
    assert found.is_complete


def test_answers_about_another_file_count_for_nothing_here():
    found = match(SENT, [paid(ONE)], PLAIN, {"k7": True, "k8": False})
    assert (found.paid_amount, found.failed_amount, found.open) == (D("2400.00"), D("0.00"), ("k2",))


def test_half_a_file_leaves_the_rest_open():
    found = match(SENT, [paid(ONE)], PLAIN)
    assert (found.open, found.open_amount, found.is_complete) == (("k2",), D("600.50"), False)
    assert match(SENT, [failed(TWO)], PLAIN, {"k1": True}).is_complete


@pytest.mark.parametrize(
    ("answers", "before", "misfit"),
    [
        pytest.param([replace(paid(ONE), reference="k9")], {}, Misfit.UNKNOWN, id="unknown-row"),
        pytest.param([replace(paid(ONE), reference="")], {}, Misfit.UNKNOWN, id="no-reference"),
        pytest.param([replace(paid(ONE), amount="2400.01")], {}, Misfit.AMOUNT, id="changed-amount"),
        pytest.param([replace(paid(ONE), amount="两千四")], {}, Misfit.UNREADABLE, id="no-amount"),
        pytest.param([replace(paid(ONE), account=TWO.account)], {}, Misfit.ACCOUNT, id="changed-account"),
        pytest.param([replace(paid(ONE), result="处理中")], {}, Misfit.UNREADABLE, id="no-answer-yet"),
        pytest.param([replace(paid(ONE), result="")], {}, Misfit.UNREADABLE, id="blank"),
        pytest.param([failed(ONE)], {"k1": True}, Misfit.CONTRADICTS, id="paid-before-now-failed"),
        pytest.param([paid(ONE)], {"k1": False}, Misfit.CONTRADICTS, id="failed-before-now-paid"),
    ],
)
def test_what_does_not_fit_is_shown_and_applied_to_nobody(answers, before, misfit):
    found = match(SENT, answers, PLAIN, before)
    assert (found.paid, found.failed) == ((), ())
    assert [(one.line, one.misfit) for one in found.strange] == [(1, misfit)]
    assert not found.is_complete


def test_a_reference_twice_in_one_file_is_not_applied_once():
    found = match(SENT, [paid(ONE), paid(ONE), paid(TWO)], PLAIN)
    assert found.paid == ("k2",)
    assert [(one.line, one.misfit) for one in found.strange] == [(1, Misfit.TWICE), (2, Misfit.TWICE)]


def test_a_cause_that_the_layout_does_not_know_keeps_the_banks_words():
    found = match(SENT, [failed(ONE, "E8812 系统维护"), paid(TWO)], PLAIN)
    assert (found.failed[0].failure, found.failed[0].said) == (BankFailure.OTHER, "E8812 系统维护")


ANSWERS = st.builds(
    Answer,
    st.sampled_from(["k1", "k2", "k3", "k9", ""]),
    st.sampled_from(["6222000000000001", "6222000000000002"]),
    st.sampled_from(["2400.00", "600.50", "1", "x"]),
    st.sampled_from(["成功", "失败", "户名不符", "处理中", ""]),
    st.sampled_from(["", "户名不符", "？"]),
)


@given(st.lists(ANSWERS, max_size=6), st.dictionaries(st.sampled_from(["k1", "k2"]), st.booleans()))
def test_whatever_the_bank_says_the_sums_add_up_and_nobody_is_paid_twice(answers, before):
    found = match(SENT, answers, PLAIN, before)
    assert found.paid_amount + found.failed_amount + found.open_amount == found.sent == D("3000.50")
    told = [*found.paid, *(one.reference for one in found.failed)]
    assert len(told) == len(set(told))
    assert not set(told) & set(before)
    assert len(found.paid) + len(found.failed) + len(found.strange) + len(found.known) == len(answers)


# --- the notice board ---
PAID = [("冉启芳", "花田村", D("2400.00")), ("欧阳明月", "花田村", D("600.50")), ("冉明", "清泉村", D("2400.00"))]


def test_the_notice_has_a_masked_name_the_village_and_the_amount_and_nothing_else():
    found = notice(PAID, names=True)
    assert [(row.name, row.village, row.amount) for row in found.rows] == [
        ("冉**", "清泉村", D("2400.00")), ("冉**", "花田村", D("2400.00")), ("欧**", "花田村", D("600.50")),
    ]  # fmt: skip
    assert (found.count, found.total) == (3, D("5400.50"))
    assert set(found.rows[0].__dataclass_fields__) == {"name", "village", "amount"}


def test_a_place_that_publishes_no_names_publishes_count_and_total_alone():
    found = notice(PAID, names=False)
    assert (found.rows, found.count, found.total) == ((), 3, D("5400.50"))


@pytest.mark.parametrize("name", ["冉明", "冉启明", "阿依古丽·买买提", " 冉 ", ""])
def test_not_even_the_length_of_a_name_is_told(name):
    assert len(mask_for_notice(name)) == (3 if name.strip() else 2)


# --- words ---
def test_the_list_has_thirty_words_and_finds_each_of_them():
    assert len(WORDS) >= 30
    assert [word for word in WORDS if word not in illness_words(f"某{word}补贴")] == []


@pytest.mark.parametrize(
    "text", ["监护人补贴", "惠民补贴 2026 年第一季度", "subsidy-2026-01.xlsx", "以奖代补发放花名册", "花田村"]
)
def test_plain_words_pass(text):
    assert illness_words(text) == ()


def test_a_patients_name_is_found_however_it_is_spaced():
    assert telling("冉 启-明 补贴", ["冉启明", ""]) == ("冉启明",)
    assert telling("监护人补贴", ["冉启明"]) == ()
