"""Why a record is refused: a sentence for each field, all at once."""

from collections.abc import Sequence

from accounts.refusals import Refused
from followup.rules.choice import Problem


class VisitRefused(Refused):
    """`problems` name every field; the message is the first of them."""

    code = "visit_refused"
    problems: Sequence[Problem]

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems[0].message, field=problems[0].field)


class FormUsed(Refused):
    """The form's number stands under another patient."""

    code = "form_used"
    status = 409
    message = "这张表已经用于另一位患者。请从该患者的档案重新打开随访表。"


class FormSaved(Refused):
    """The form was saved before, and what it says now is something else: nothing is overwritten, nothing is pretended."""

    code = "form_saved"
    status = 409
    message = "这张表已经保存过，这次改的内容没有保存。请回到“用药”页，用更正、停用或作废来改。"
