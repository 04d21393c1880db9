"""Why the register says no. Each carries the sentence shown to the person."""

from collections.abc import Iterable, Sequence

from accounts.refusals import Refused
from registry.rules.person import LABELS, Problem


class IdKnown(Refused):
    """The same words whether the number is on file here, elsewhere, or only looks so: nothing is told (security T8)."""

    code = "id_known"
    message = "该身份证号已在册，或需县级核对。"

    def __init__(self) -> None:
        super().__init__(field="id_number")


class TooManyQuestions(Refused):
    status = 429
    code = "too_many_questions"
    message = "一小时内核对的身份证号太多，已暂停。请一小时后再试；批量登记请用导入。"


class OutsideArea(Refused):
    code = "outside_area"
    message = "现住地不在您的管辖范围内。请核对区划代码，或请所在乡镇建档。"

    def __init__(self) -> None:
        super().__init__(field="residence_code")


class FactsRefused(Refused):
    """What was said about a person cannot stand; `problems` names every field."""

    problems: Sequence[Problem]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__(f"{LABELS.get(first.field, '')}{first.message}", field=first.field)

    @classmethod
    def one(cls, field: str, message: str) -> "FactsRefused":
        return cls([Problem(field, message)])


class DayRefused(Refused):
    """A date that cannot be, in `field`."""
