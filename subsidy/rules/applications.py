"""An application's way: village, township with the opinions of three offices, county, notice board, decision.

Renewal (每年) and change (变更: another guardian, another account) are new applications that name the one before; what was
decided is never rewritten. Source: practice.md A1 (北京, 石泉, 肥西, 顺德), A2; 邹城 二(七).
"""

from collections.abc import Collection, Mapping
from datetime import date

from accounts.refusals import Refused
from accounts.rules.calendar import WorkCalendar, add_working_days
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from subsidy.terms import ApplicationState, OpinionOffice

S, P = ApplicationState, Permission
_RETURN = "subsidy.application.returned"
_REFUSE = "subsidy.application.refused"
_WITHDRAW = "subsidy.application.withdrawn"
ON_THE_WAY = (S.TAKEN_IN, S.FIRST_PASSED, S.TOWNSHIP_PASSED, S.COUNTY_PASSED)


def _steps() -> tuple[Step[ApplicationState], ...]:
    reviewer = {S.TAKEN_IN: P.REVIEW_SUBSIDY, S.FIRST_PASSED: P.REVIEW_SUBSIDY, S.TOWNSHIP_PASSED: P.DECIDE_SUBSIDY,
                S.COUNTY_PASSED: P.DECIDE_SUBSIDY}  # fmt: skip
    forward = (
        Step(S.DRAFT, S.TAKEN_IN, "受理", P.APPLY_SUBSIDY, "subsidy.application.taken_in"),
        Step(S.TAKEN_IN, S.FIRST_PASSED, "初审通过", P.REVIEW_SUBSIDY, "subsidy.application.first_passed"),
        Step(S.FIRST_PASSED, S.TOWNSHIP_PASSED, "复审通过", P.REVIEW_SUBSIDY, "subsidy.application.township_passed"),
        Step(S.TOWNSHIP_PASSED, S.COUNTY_PASSED, "联审通过", P.DECIDE_SUBSIDY, "subsidy.application.county_passed"),
        Step(S.COUNTY_PASSED, S.PUBLISHED, "公示", P.DECIDE_SUBSIDY, "subsidy.application.published"),
        Step(S.PUBLISHED, S.APPROVED, "批准", P.DECIDE_SUBSIDY, "subsidy.application.approved"),
        Step(S.PUBLISHED, S.TOWNSHIP_PASSED, "重新联审", P.DECIDE_SUBSIDY, "subsidy.application.reopened", needs_reason=True),
        Step(S.PUBLISHED, S.REFUSED, "不予批准", P.DECIDE_SUBSIDY, _REFUSE, needs_reason=True),
        Step(S.RETURNED, S.TAKEN_IN, "补正后受理", P.APPLY_SUBSIDY, "subsidy.application.taken_in"),
        Step(S.APPROVED, S.ENDED, "终止", P.DECIDE_SUBSIDY, "subsidy.application.ended", needs_reason=True),
    )  # fmt: skip
    back = [Step(state, S.RETURNED, "退回补正", reviewer[state], _RETURN, needs_reason=True) for state in ON_THE_WAY]
    no = [Step(state, S.REFUSED, "不予批准", reviewer[state], _REFUSE, needs_reason=True) for state in ON_THE_WAY]
    away = [Step(state, S.WITHDRAWN, "撤回", P.APPLY_SUBSIDY, _WITHDRAW, needs_reason=True)
            for state in (S.DRAFT, *ON_THE_WAY, S.PUBLISHED, S.RETURNED)]  # fmt: skip
    return (*forward, *back, *no, *away)


APPLICATION = Machine(
    "subsidy_application",
    "补助申请",
    "practice.md A1, A2 (草稿、受理、初审、复审、联审、公示、批准)",
    tuple(S),
    frozenset({S.DRAFT}),
    frozenset({S.REFUSED, S.WITHDRAWN, S.ENDED}),
    _steps(),
)


def demand_opinions(opinions: Mapping[OpinionOffice, bool]) -> None:
    """The township's review passes with an opinion of all three offices, none against.

    Source: practice.md A2 (民政、派出所、卫生院 each an opinion). Raises: Refused, naming the office.
    """
    missing = [office.label for office in OpinionOffice if office not in opinions]
    if missing:
        raise Refused(f"还缺{'、'.join(missing)}的意见，齐了才能通过复审。", field="opinions")
    against = [office.label for office in OpinionOffice if not opinions[office]]
    if against:
        raise Refused(f"{'、'.join(against)}不同意。可以退回补正，或写明理由不予批准。", field="opinions")


def publicity_ends(published_on: date, working_days: int, calendar: WorkCalendar) -> date:
    """The last day on the notice board; the day of putting up does not count.

    Source: practice.md A3 (7 working days), 康乐 (5). Units: working days.
    """
    return add_working_days(published_on, working_days, calendar)


def demand_publicity(published_on: date, ends_on: date, today: date, open_objections: Collection[str]) -> None:
    """Nothing is approved while the notice hangs or an objection waits for its answer.

    Source: issue 6, Build 6. Raises: Refused, in words.
    """
    if today <= ends_on:
        raise Refused(f"公示自 {published_on} 至 {ends_on}，期满后才能批准。", field="published_on")
    if open_objections:
        raise Refused(f"还有异议没有答复：{'、'.join(open_objections)}。答复后再批准。", field="objections")
