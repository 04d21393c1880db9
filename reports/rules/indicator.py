"""What an indicator is, and the requirements that several of them share."""

from dataclasses import dataclass

from reports.rules import reasons
from reports.rules.conditions import AnyOf, Condition, Field, Is, Requirement, Words
from reports.rules.detail import Detail
from reports.rules.period import PatientPeriod
from reports.terms import Mend, Unit

LONGEST_GAP_MONTHS = 3
# A definition that asks for these has to say what a month or a complete record is.
MONTHS: frozenset[Field] = frozenset({"max_gap", "months_since_last", "months_before_first"})
RECORDS: frozenset[Field] = MONTHS | frozenset[Field]({
    "complete_n", "last_level", "last_class", "last_adherence", "last_hospital", "any_taken", "face_n", "quarters_missed",
    "high_n", "high_unanswered",
})  # fmt: skip
SCHIZOPHRENIA = "01"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One computed figure. The denominator is the registered persons for whom every part of `within` holds."""

    code: str
    name: str
    unit: Unit
    numerator: str
    denominator: str
    counted: Words
    needs: tuple[Requirement, ...] = ()
    within: tuple[Condition, ...] = ()
    sensitive: bool = False  # a small number of it could point at a person: hidden outside the health roles
    is_good: bool = True  # being counted is what is wanted, so the list opens with those who are not

    def includes(self, person: PatientPeriod) -> bool:
        return all(condition.holds(person) for condition in self.within)

    def counts(self, person: PatientPeriod) -> bool:
        return self.includes(person) and all(need.holds(person) for need in self.needs)

    def failing(self, person: PatientPeriod) -> Requirement | None:
        """The first requirement that keeps the person out; None for one who counts."""
        return next((need for need in self.needs if not need.holds(person)), None)

    def why(self, person: PatientPeriod, detail: Detail) -> str:
        need = self.failing(person)
        return need.because(person, detail) if need else self.counted(person, detail)

    @property
    def is_count(self) -> bool:
        return self.unit is Unit.COUNT

    @property
    def fields(self) -> frozenset[Field]:
        """What it asks of a person."""
        asked = (*self.within, *(need.condition for need in self.needs))
        return frozenset(field for condition in asked for field in condition.fields)

    @property
    def speaks_of_months(self) -> bool:
        return bool(self.fields & MONTHS)

    @property
    def speaks_of_records(self) -> bool:
        return bool(self.fields & RECORDS)


NO_RECORD = "年内没有完整随访记录"
HAS_RECORD = Requirement(Is("complete_n", ">=", 1), NO_RECORD, reasons.no_record, Mend.ONE_VISIT)
HAS_RECORD_FIRST = Requirement(Is("complete_n", ">=", 1), NO_RECORD, reasons.no_record, Mend.VISIT_FIRST)
NO_LONG_GAP = Requirement(
    Is("max_gap", "<=", LONGEST_GAP_MONTHS), "两次随访隔了 4 个月或更久", reasons.long_gap, Mend.NOT_THIS_YEAR
)
SEEN_LATELY = Requirement(
    Is("months_since_last", "<=", LONGEST_GAP_MONTHS), "最近一次随访到截止日隔了 4 个月或更久", reasons.stale,
    Mend.NOT_THIS_YEAR,
)  # fmt: skip
FIRST_IN_TIME = Requirement(
    Is("months_before_first", "<=", LONGEST_GAP_MONTHS), "年内第一次随访与上一次隔了 4 个月或更久", reasons.late_first,
    Mend.NOT_THIS_YEAR,
)  # fmt: skip
MET_IN_PERSON = Requirement(Is("face_n", ">=", 1), "没有当面见到本人", reasons.not_face_to_face, Mend.ONE_VISIT)
IN_HOSPITAL = Is("last_hospital", "=", True)
TAKES_SOME = Requirement(
    AnyOf((Is("last_adherence", "=", 1), Is("last_adherence", "=", 2), IN_HOSPITAL)),
    "最近一次不用药或没有用药情况", reasons.last_not_medicated, Mend.CARE,
)  # fmt: skip
TAKES_REGULARLY_NOW = Requirement(
    AnyOf((Is("last_adherence", "=", 1), IN_HOSPITAL)), "最近一次没有规律用药", reasons.last_not_medicated, Mend.CARE
)
NEVER_MISSED = Requirement(
    Is("any_not_taken", "=", False), "有间断用药或不用药的记录", reasons.not_taken, Mend.NOT_THIS_YEAR
)
TAKEN = Requirement(Is("any_taken", "=", True), "没有规律用药的记录", reasons.never_taken, Mend.CARE)
VISITED_LATELY = Requirement(
    Is("months_since_last", "<=", LONGEST_GAP_MONTHS), "最近一次随访到截止日隔了 4 个月或更久", reasons.stale,
    Mend.VISIT_FIRST,
)  # fmt: skip
STABLE = Requirement(Is("last_class", "=", 3), "最近一次分类不是稳定", reasons.not_stable, Mend.CARE)
EVERY_QUARTER = Requirement(
    Is("quarters_missed", "<=", 0), "有季度没有危险性评估", reasons.quarters_without_level, Mend.NOT_THIS_YEAR
)

IS_SCHIZOPHRENIA = Is("diagnosis", "=", SCHIZOPHRENIA)
IS_MANAGED = Is("complete_n", ">=", 1)
NOT_IN_HOSPITAL = Is("last_hospital", "=", False)

REGISTERED_WORDS = "截止日在册的全部患者，含失访、拒访、住院、外出和未签知情同意的；临时档案不算。"
