"""The hospital's two papers as forms: 患者报告卡 (表1-3) and 出院信息单 (表1-4), in the paper's order."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.form_parts import WholeNumberField, asked_by_rules, asked_when
from accounts.rules.text import TextRefused
from registry.forms.fields import CodeField, DateField, NameField, PhoneField, PlaceField, PlainField
from registry.rules import cards, discharges
from registry.rules.id_number import IdNumber, read_id_number
from registry.rules.masking import mask_id, mask_phone
from registry.terms import ETHNICITIES, DiagnosisCode, Education, Employment, Locked, Marital, Relation, Sex

DRUG_ROWS = 3
SEALED = frozenset({"id_number", "contact_phone", "contact_phone2", "phone"})
FROM_NUMBER = frozenset({"birth_on", "sex"})  # an ID number says both; without one the rules ask for them
LEVELS = [(str(n), f"{n} 级") for n in range(6)]


class RoughField(DateField):
    """A day, or only its month or year: 2019-05 and 2019 stand for the first day; the precision is asked beside it."""

    def clean(self, value: Any) -> date | None:
        text = str(value or "").strip().replace("/", "-").replace("年", "-").replace("月", "").rstrip("-")
        parts = text.split("-")
        if len(parts[0]) == 4 and parts[0].isascii() and all(part.isascii() and part.isdecimal() for part in parts):
            if len(parts) == 1 and int(parts[0]) > 1800:
                text = f"{text}-01-01"
            elif len(parts) == 2:
                text = f"{text}-01"
        return super().clean(text)


class TicksField(forms.MultipleChoiceField):
    """Several answers; the list of codes, empty when nothing is said."""

    def __init__(self, *, codes: Any, **kwargs: Any) -> None:
        choices = [(str(code), str(label)) for code, label in codes]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


def number_field(label: str, **kwargs: Any) -> WholeNumberField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3})
    return WholeNumberField(label=label, lowest=0, highest=999, widget=widget, **kwargs)


def number_of_document(hint: str) -> PlainField:
    """证件号码: needed of everyone who has a document."""
    kinds = [code for code, _label in cards.ID_KINDS if code != cards.NO_DOCUMENT]
    field = PlainField(label="证件号码", max_length=30, required=False, help_text=hint)
    return asked_when("id_kind", kinds, field, needed=True)


def drug_fields(prefix: str, unless: str) -> dict[str, forms.Field]:
    """Rows of a drug list, asked while the field `unless` (勿需用药) says no; an empty row means nothing."""
    found: dict[str, forms.Field] = {}
    for n in range(1, DRUG_ROWS + 1):
        short: dict[str, Any] = {"max_length": 20, "required": False}
        found[f"{prefix}{n}_name"] = PlainField(label=f"药名 {n}", max_length=60, required=False)
        found[f"{prefix}{n}_spec"] = PlainField(label=f"规格 {n}", **short)
        found[f"{prefix}{n}_unit"] = PlainField(label=f"单位 {n}", **short)
        for time, words in (("morning", "早"), ("noon", "中"), ("night", "晚")):
            found[f"{prefix}{n}_{time}"] = PlainField(label=f"{words}（剂量 {n}）", **short)
        found[f"{prefix}{n}_long"] = CodeField(label=f"是否长效药 {n}", codes=cards.YES_NO, digits=True, required=False)
        found[f"{prefix}{n}_every"] = PlainField(label=f"长效：每几周一次 {n}", **short)
        found[f"{prefix}{n}_dose"] = PlainField(label=f"长效：每次剂量 {n}", **short)
    return {name: asked_when(unless, ["0"], field, needed=name == f"{prefix}1_name") for name, field in found.items()}


UNLESS = {"drug": "no_drug", "advice": "no_advice"}
PARTS = ("name", "spec", "unit", "morning", "noon", "night", "every", "dose")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


class HospitalForm(forms.Form):
    """What both share: nothing is required by the form itself, for a draft may be unfinished; the rules say the rest."""

    LISTS: dict[str, str] = {}  # prefix of the rows -> key of the list
    SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = ()

    NEEDED: tuple[str, ...] = ()

    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, places: list[tuple[str, str]], initial: Any = None, kept: Any = None
    ) -> None:
        """`kept`: sealed numbers of a draft. They never stand in the page; an empty answer keeps them."""
        first = {"form_id": uuid4(), "filled_on": timezone.localdate().isoformat(), "id_kind": "01"}
        self.kept = {name: value for name, value in (kept or {}).items() if name in SEALED and value}
        shown = {name: value for name, value in (initial or {}).items() if name not in self.kept}
        super().__init__(data, initial={**first, **shown})
        for prefix in self.LISTS:
            self.fields.update(drug_fields(prefix, UNLESS[prefix]))
        for name, value in self.kept.items():
            mask = mask_id(value) if name == "id_number" else mask_phone(value)
            self.fields[name].help_text = f"已填 {mask}；留空保持不变。"
        self._ask(cards.DRAFT_NEEDS if "draft" in self.data else self.NEEDED)
        self.fields["residence_code"].offer([*places, (cards.ELSEWHERE, "外县或不详")])  # type: ignore[attr-defined]

    def _ask(self, needed: Iterable[str]) -> None:
        """What must be said; a draft needs little, and what is kept need not be typed again."""
        for name in needed:
            if name in self.fields and name not in self.kept and name not in FROM_NUMBER:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = "不能为空。"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        number = said.get("id_number")
        if number and said.get("id_kind") == "01":
            try:
                read: IdNumber = read_id_number(number, today=timezone.localdate())
            except TextRefused as refusal:
                self.add_error("id_number", ValidationError(str(refusal), code="shape"))
            else:
                said |= {"id_number": read.number, "birth_on": read.birth_on, "sex": read.sex}
        return said

    def said(self) -> dict[str, Any]:
        """Typed values by name; the drug rows as lists; what is not said is left out."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        values.pop("form_id", None)
        values = {**self.kept, **values}
        for prefix, key in self.LISTS.items():
            rows = [self._row(values, prefix, n) for n in range(1, DRUG_ROWS + 1)]
            values[key] = [row for row in rows if len(row) > 1]
        return values

    @staticmethod
    def _row(values: dict[str, Any], prefix: str, n: int) -> dict[str, Any]:
        row = {part: values.pop(f"{prefix}{n}_{part}", "") for part in PARTS}
        is_long = values.pop(f"{prefix}{n}_long", "") == "1"
        said: dict[str, Any] = {name: value for name, value in row.items() if value}
        return {**said, **({"long": True} if is_long else {}), "row": n}

    @classmethod
    def shown(cls, content: dict[str, Any]) -> dict[str, Any]:
        """A stored paper as the form's initial values."""
        values = dict(content)
        for prefix, key in cls.LISTS.items():
            for row in values.pop(key, []):
                n = row["row"]
                values |= {f"{prefix}{n}_{part}": row[part] for part in PARTS if part in row}
                values[f"{prefix}{n}_long"] = "1" if row.get("long") else None
                if values.get(UNLESS[prefix]) is None:  # an unfinished card: its rows are shown, hence kept
                    values[UNLESS[prefix]] = "0"
        return values

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        found = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.SECTIONS]
        for title, prefix in (("用药", "drug"), ("出院用药指导", "advice")):
            if prefix in self.LISTS:
                found.append(
                    (
                        title,
                        [self[name] for name in self.fields if name.startswith(prefix) and name[len(prefix)].isdigit()],
                    )
                )
        return found


class CardForm(HospitalForm):
    """患者报告卡. Source: national interface 003–053."""

    LISTS = {"drug": "drugs"}
    NEEDED = cards.REQUIRED
    SECTIONS = (
        ("报告", _names("source outpatient_no inpatient_no report_type paper_on unit")),
        ("本人", _names("name id_kind id_number sex birth_on nationality ethnicity household_kind household_reason")),
        ("联系人（监护人）", _names("contact contact_phone contact_phone2 contact_relation")),
        ("住址", _names(
            "residence_code residence_address residence_kind "
            "household_address household_address_kind household_code"
        )),
        ("社会情况", _names("education marital employment")),
        ("病史", _names(
            "family_history onset_on onset_precision treated treated_on "
            "treated_precision past_admissions past_locked past_acts past_danger"
        )),
        ("诊断", _names("senders sender_other diagnosing_hospital diagnosed_on diagnosis icd10")),
        ("知情同意", _names("consent consent_on")),
        ("填卡", _names("no_drug doctor filled_on department department_phone")),
    )  # fmt: skip

    source = CodeField(label="患者来源", codes=cards.SOURCES, digits=True, required=False)
    outpatient_no = asked_when("source", ["1"], PlainField(label="门诊号", max_length=30, required=False), needed=True)
    inpatient_no = asked_when("source", ["2"], PlainField(label="住院号", max_length=30, required=False), needed=True)
    report_type = CodeField(label="报告类型", codes=cards.REPORT_TYPES, digits=True, required=False)
    paper_on = DateField(label="收到纸质卡日期", required=False)
    unit = PlaceField(label="报告单位", required=False)
    name = NameField(label="姓名", required=False)
    id_kind = CodeField(label="证件类型", codes=cards.ID_KINDS, required=False)
    id_number = number_of_document("身份证号填写后自动得出性别和出生日期。")
    sex = asked_by_rules(CodeField(label="性别", codes=Sex.choices, digits=True, required=False))
    birth_on = asked_by_rules(DateField(label="出生日期", required=False))
    nationality = PlainField(label="国籍", max_length=30, required=False, help_text="外籍必填。")
    ethnicity = CodeField(label="民族", codes=[(n, n) for n in ETHNICITIES], required=False)
    household_kind = CodeField(label="户别", codes=cards.HOUSEHOLD_KINDS, digits=True, required=False)
    household_reason = asked_when(
        "household_kind", ["9"], PlainField(label="户别不详的原因", max_length=60, required=False), needed=True
    )
    contact = NameField(label="联系人（监护人）姓名", required=False)
    contact_phone = PhoneField(label="联系人电话", required=False)
    contact_phone2 = PhoneField(label="联系人第二电话", required=False)
    contact_relation = CodeField(label="与患者关系", codes=Relation.choices, required=False)
    residence_code = PlaceField(label="现住地", required=False)
    residence_address = PlainField(label="现住详址", required=False)
    residence_kind = CodeField(label="现住地类别", codes=cards.HOMES, digits=True, required=False)
    household_address = PlainField(label="户籍地详址", required=False)
    household_address_kind = CodeField(label="户籍地址类型", codes=cards.ADDRESS_KINDS, required=False)
    household_code = PlainField(label="户籍地国标码", max_length=12, required=False, help_text="6、9 或 12 位。")
    education = CodeField(label="文化程度", codes=Education.choices, required=False)
    marital = CodeField(label="婚姻状况", codes=Marital.choices, required=False)
    employment = CodeField(label="就业情况", codes=Employment.choices, required=False)
    family_history = CodeField(label="两系三代精神疾病家族史", codes=cards.FAMILY, digits=True, required=False)
    onset_on = RoughField(label="初次发病时间", required=False, help_text="只知道年份可只写 2019，再选精确到年。")
    onset_precision = CodeField(label="初次发病时间精确到", codes=cards.PRECISIONS, digits=True, required=False)
    treated = CodeField(label="是否已进行抗精神病药物治疗", codes=cards.YES_NO, digits=True, required=False)
    treated_on = asked_when("treated", ["1"], RoughField(label="首次抗精神病药治疗时间", required=False), needed=True)
    treated_precision = asked_when(
        "treated", ["1"],
        CodeField(label="首次治疗时间精确到", codes=cards.PRECISIONS, digits=True, required=False),
    )  # fmt: skip
    past_admissions = number_field("既往住院次数", required=False)
    past_locked = CodeField(label="既往关锁情况", codes=Locked.choices, digits=True, required=False)
    past_acts = asked_by_rules(TicksField(label="既往危险行为", codes=cards.ACTS, required=False))
    past_danger = CodeField(label="既往危险性评估", codes=LEVELS, required=False)
    senders = asked_by_rules(TicksField(label="送诊主体", codes=cards.SENDERS, required=False))
    sender_other = asked_when(
        "senders",
        [cards.OTHER_SENDER],
        PlainField(label="送诊主体其他说明", max_length=60, required=False),
        needed=True,
    )
    diagnosing_hospital = PlainField(label="确诊医院", max_length=100, required=False)
    diagnosed_on = DateField(label="确诊日期", required=False)
    diagnosis = CodeField(label="疾病名称", codes=DiagnosisCode.choices, required=False)
    icd10 = PlainField(label="ICD-10", max_length=60, required=False)
    consent = CodeField(
        label="知情同意", codes=[("1", "同意"), ("0", "不同意")], digits=True, required=False,
        help_text="按六类病种登记的必填；发病报告患者告知后直接纳入管理，可以不选。",
    )  # fmt: skip
    consent_on = asked_when("consent", ["1", "0"], DateField(label="知情同意时间", required=False), needed=True)
    no_drug = CodeField(label="勿需用药", codes=cards.YES_NO, digits=True, required=False)
    doctor = NameField(label="填卡医师", required=False)
    filled_on = DateField(label="填卡日期", required=False)
    department = PlainField(label="报告单位及科室", max_length=60, required=False)
    department_phone = PhoneField(label="科室电话", required=False)

    def __init__(self, data: Any = None, *, hospitals: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`hospitals`: given when the county enters a paper card in a hospital's name."""
        super().__init__(data, **kwargs)
        if hospitals is None:
            del self.fields["paper_on"], self.fields["unit"]
        else:
            self.fields["unit"].offer(hospitals)  # type: ignore[attr-defined]

    def clean_household_code(self) -> str | None:
        code = self.cleaned_data["household_code"]
        if code and not (code.isascii() and code.isdecimal() and len(code) in (6, 9, 12)):
            raise ValidationError("国标码应为 6、9 或 12 位数字。请核对代码。")
        return code


class DischargeForm(HospitalForm):
    """出院信息单."""

    LISTS = {"drug": "drugs", "advice": "advice"}
    NEEDED = discharges.REQUIRED
    SECTIONS = (
        ("本人", _names("record_no card_number name id_kind id_number sex birth_on nationality ethnicity age")),
        ("住址", _names("residence_code residence_address phone")),
        ("住院", _names(
            "admitted_on discharged_on past_admissions diagnosis "
            "icd10 diagnosed_on past_acts past_danger effect"
        )),
        ("康复和注意事项", _names("rehab rehab_other attention")),
        ("填表", _names("no_drug no_advice doctor doctor_phone filled_on")),
    )  # fmt: skip

    record_no = PlainField(label="病案号", max_length=30, required=False)
    card_number = PlainField(label="报告卡编号", max_length=20, required=False)
    name = NameField(label="姓名", required=False)
    id_kind = CodeField(label="证件类型", codes=cards.ID_KINDS, required=False)
    id_number = number_of_document("身份证号填写后自动得出性别和出生日期。")
    sex = asked_by_rules(CodeField(label="性别", codes=Sex.choices, digits=True, required=False))
    birth_on = asked_by_rules(DateField(label="出生日期", required=False))
    nationality = PlainField(label="国籍", max_length=30, required=False)
    ethnicity = CodeField(label="民族", codes=[(n, n) for n in ETHNICITIES], required=False)
    age = number_field("年龄（岁）", required=False)
    residence_code = PlaceField(label="现住地", required=False)
    residence_address = PlainField(label="现住详址", required=False)
    phone = PhoneField(label="联系电话", required=False)
    admitted_on = DateField(label="入院日期", required=False)
    discharged_on = DateField(label="出院日期", required=False)
    past_admissions = number_field("既往住院次数", required=False)
    diagnosis = CodeField(label="出院诊断", codes=DiagnosisCode.choices, required=False)
    icd10 = PlainField(label="ICD-10", max_length=60, required=False)
    diagnosed_on = DateField(label="确诊日期", required=False)
    past_acts = asked_by_rules(TicksField(label="既往危险行为", codes=cards.ACTS, required=False))
    past_danger = CodeField(label="既往危险性", codes=LEVELS, required=False)
    effect = CodeField(label="住院疗效", codes=discharges.EFFECTS, digits=True, required=False)
    rehab = TicksField(label="康复措施", codes=discharges.REHAB, required=False)
    rehab_other = asked_when(
        "rehab", [discharges.OTHER_REHAB], PlainField(label="康复措施其他", max_length=60, required=False), needed=True
    )
    attention = PlainField(label="其他注意事项", required=False)
    no_drug = CodeField(label="住院用药：勿需用药", codes=cards.YES_NO, digits=True, required=False)
    no_advice = CodeField(label="用药指导：勿需用药", codes=cards.YES_NO, digits=True, required=False)
    doctor = NameField(label="经治医师", required=False)
    doctor_phone = PhoneField(label="电话", required=False)
    filled_on = DateField(label="填表日期", required=False)
