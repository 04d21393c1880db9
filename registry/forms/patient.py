"""The registration form in the order of 个人基本信息表 and 个人信息补充表, and the edit form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_parts import WholeNumberField
from registry.forms.fields import CodeField, DateField, IdField, NameField, PhoneField, PlaceField, PlainField
from registry.rules.id_number import IdNumber
from registry.rules.person import LABELS, PersonFacts
from registry.terms import (
    ETHNICITIES,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
    Sex,
    Signer,
)

SECTIONS = (
    ("本人", ("name", "id_number", "no_id_reason", "sex", "birth_on", "phone", "ethnicity")),
    ("住址", ("residence_code", "residence_address", "household_code", "household_address", "household_kind")),
    ("社会情况", ("education", "marital", "employment", "poor", "disability_number")),
    ("监护人", ("guardian_name", "guardian_relation", "guardian_phone", "guardian_id_number")),
    ("诊断", ("onset_on", "diagnosis", "icd10", "diagnosed_on", "diagnosing_hospital")),
    ("既往", ("past_danger", "past_locked", "past_admissions")),
    ("建档与知情同意", ("opened_on", "consent", "consent_on", "consent_signer")),
)
COMPARED = ("name", "sex", "birth_on", "phone", "residence_code", "residence_address", "guardian_name")
KEEPS = "留空表示不改动。"


class PatientForm(forms.Form):
    """Text to PersonFacts. It never saves; what cannot be true is said by the service, under the same names."""

    name = NameField(label=LABELS["name"])
    id_number = IdField(label=LABELS["id_number"], required=False, help_text="填写后自动得出性别和出生日期。")
    no_id_reason = PlainField(
        label=LABELS["no_id_reason"], max_length=100, required=False, help_text="确实没有证件的填写，系统给出临时编号。"
    )
    sex = CodeField(label="性别", codes=Sex.choices, digits=True, required=False)
    birth_on = DateField(label="出生日期", required=False)
    phone = PhoneField(label=LABELS["phone"], required=False)
    ethnicity = CodeField(label=LABELS["ethnicity"], codes=[(n, n) for n in ETHNICITIES], required=False)
    residence_code = PlaceField(label="现住地")
    residence_address = PlainField(label=LABELS["residence_address"], required=False)
    household_code = PlainField(
        label=LABELS["household_code"], max_length=12, required=False, help_text="6、9 或 12 位代码。"
    )
    household_address = PlainField(label=LABELS["household_address"], required=False)
    household_kind = CodeField(label=LABELS["household_kind"], codes=HouseholdKind.choices, digits=True, required=False)
    education = CodeField(label=LABELS["education"], codes=Education.choices, coded=True, required=False)
    marital = CodeField(label=LABELS["marital"], codes=Marital.choices, coded=True, required=False)
    employment = CodeField(label=LABELS["employment"], codes=Employment.choices, coded=True, required=False)
    poor = CodeField(label=LABELS["poor"], codes=[("1", "贫困"), ("2", "非贫困")], digits=True, required=False)
    disability_number = PlainField(label=LABELS["disability_number"], max_length=40, required=False)
    guardian_name = NameField(label=LABELS["guardian_name"], required=False)
    guardian_relation = CodeField(label=LABELS["guardian_relation"], codes=Relation.choices, coded=True, required=False)
    guardian_phone = PhoneField(label=LABELS["guardian_phone"], required=False)
    guardian_id_number = IdField(label=LABELS["guardian_id_number"], required=False)
    onset_on = DateField(label=LABELS["onset_on"], required=False)
    diagnosis = CodeField(label="目前诊断", codes=DiagnosisCode.choices, coded=True)
    icd10 = PlainField(label="ICD-10 编码或名称", max_length=60, required=False)
    diagnosed_on = DateField(label=LABELS["diagnosed_on"])
    diagnosing_hospital = PlainField(label=LABELS["diagnosing_hospital"], max_length=100, required=False)
    past_danger = CodeField(label=LABELS["past_danger"], codes=[(n, f"{n} 级") for n in range(6)], required=False)
    past_locked = CodeField(label=LABELS["past_locked"], codes=Locked.choices, digits=True, required=False)
    past_admissions = WholeNumberField(
        label=LABELS["past_admissions"], lowest=0, highest=999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
    )  # fmt: skip
    opened_on = DateField(label=LABELS["opened_on"])
    consent = CodeField(label="是否同意参加管理", codes=[("1", "同意"), ("0", "不同意")], digits=True, required=False)
    consent_on = DateField(label="签字日期", required=False)
    consent_signer = CodeField(label="签字人", codes=[c for c in Signer.choices if c[0]], required=False)
    not_same = forms.BooleanField(label="已核对，和列出的人不是同一个人", required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["residence_code"].offer(places)  # type: ignore[attr-defined]
        self._ask_for_number()

    def _ask_for_number(self) -> None:
        """Required, unless a reason for having none is given: then birth date and sex are."""
        without = bool((self.data.get("no_id_reason") or "").strip())
        self.fields["id_number"].required = not without
        self.fields["id_number"].error_messages["required"] = "请填写身份证号；确实没有证件的，请在下一项写明原因。"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        nameless = said.get("id_number") is None and "id_number" not in self.errors and not self._has_number()
        if nameless and not (said.get("sex") and said.get("birth_on")):
            self.add_error("birth_on", "没有证件的，请填写性别和出生日期（不详时填估计的日期）。")
        return said

    def _has_number(self) -> bool:
        return False

    def clean_household_code(self) -> str | None:
        code = self.cleaned_data["household_code"]
        if code and not (code.isascii() and code.isdecimal() and len(code) in (2, 4, 6, 9, 12)):
            raise ValidationError("区划代码应为 6、9 或 12 位数字。请核对代码。")
        return code

    def facts(self) -> PersonFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name in LABELS}
        number: IdNumber | None = said.pop("id_number", None)
        guardian: IdNumber | None = said.pop("guardian_id_number", None)
        if number is not None:
            said |= {"id_number": number.number, "sex": number.sex, "birth_on": number.birth_on}
        said["guardian_id_number"] = guardian.number if guardian else None
        said["poor"] = None if said.get("poor") is None else said["poor"] == "1"
        said["consent"] = None if said.get("consent") is None else said["consent"] == "1"
        for name in ("past_danger", "past_locked"):
            said[name] = None if said.get(name) is None else int(said[name])
        return PersonFacts(**said)

    def partial(self) -> PersonFacts:
        """What could be read of a form still being filled, as far as people are compared by it."""
        said = {name: self._alone(name) for name in COMPARED}
        number: IdNumber | None = self._alone("id_number")
        if number is not None:
            said |= {"id_number": number.number, "sex": number.sex, "birth_on": number.birth_on}
        return PersonFacts(**said)

    def _alone(self, name: str) -> Any:
        """One field by itself; None while it cannot be read."""
        try:
            return self.fields[name].clean(self.data.get(name, ""))
        except ValidationError:
            return None

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]


class PatientEditForm(PatientForm):
    """The sealed numbers are never put into the page: an empty answer keeps them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    KEPT = ("id_number", "phone", "guardian_phone", "guardian_id_number", "disability_number")
    # An empty answer empties these; dated facts end by a new fact, never by an empty field.
    CLEARABLE = frozenset({
        "no_id_reason", "ethnicity", "household_code", "household_kind", "education", "marital", "employment",
        "residence_address", "household_address", "onset_on", "diagnosing_hospital", "icd10", "past_danger",
        "past_locked", "past_admissions",
    })  # fmt: skip

    def __init__(self, *args: Any, has_number: bool, **kwargs: Any) -> None:
        self._number_known = has_number
        super().__init__(*args, **kwargs)
        for name in self.KEPT:
            self.fields[name].help_text = KEEPS
        self.fields["version"].label = ""
        if has_number:
            for name in ("sex", "birth_on", "no_id_reason"):
                del self.fields[name]

    def _has_number(self) -> bool:
        return self._number_known

    def _ask_for_number(self) -> None:
        """What is on file stays when nothing is typed."""

    @property
    def clearable(self) -> frozenset[str]:
        return self.CLEARABLE & set(self.fields)

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in SECTIONS]


def initial_of(facts: PersonFacts, version: int) -> dict[str, Any]:
    """What the edit form shows at first."""
    shown: dict[str, Any] = {}
    for name in PatientForm.base_fields:
        value = getattr(facts, name, None)
        if name in PatientEditForm.KEPT or value is None:
            continue
        if name == "poor":
            value = "1" if value else "2"
        elif name == "consent":
            value = "1" if value else "0"
        shown[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return {**shown, "version": version}
