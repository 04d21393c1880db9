"""Why something about the subsidy is refused: a sentence for each field, all at once."""

from collections.abc import Sequence

from accounts.refusals import Refused
from followup.rules.choice import Problem


class PaperRefused(Refused):
    """What an agreement or a word on duty says cannot stand. The message is the first of the sentences."""

    code = "paper_refused"
    problems: Sequence[Problem]

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems[0].message, field=problems[0].field)
