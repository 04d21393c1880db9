import pytest

from exchange.rules.cases import TRANSITIONS, CaseEvent, step
from exchange.terms import CaseStatus, EntryKind

NONE = None
PRELIMINARY, CONFIRMED, REVIEW, CLOSED = CaseStatus

# event -> (from nothing, preliminary, confirmed, under review, closed); "-" means it has no meaning there
TABLE = {
    CaseEvent.RISE: ("preliminary raised", "preliminary raised_again", "confirmed raised_again",
                     "confirmed raised_again", "-"),
    CaseEvent.RISE_CONFIRMED: ("confirmed raised", "confirmed raised_again", "confirmed raised_again",
                               "confirmed raised_again", "-"),
    CaseEvent.FALL_REPORTED: ("-", "closed closed", "under_review lowered", "under_review nothing", "-"),
    CaseEvent.FALL: ("-", "closed closed", "closed closed", "closed closed", "-"),
    CaseEvent.FALL_HELD: ("-", "under_review lowered", "under_review lowered", "under_review nothing", "-"),
    CaseEvent.INCIDENT: ("preliminary incident", "preliminary incident", "confirmed incident", "confirmed incident",
                         "-"),
    CaseEvent.LEFT: ("preliminary left", "preliminary left", "confirmed left", "under_review left", "-"),
    CaseEvent.LOST: ("preliminary lost", "preliminary lost", "confirmed lost", "under_review lost", "-"),
    CaseEvent.CONFIRM: ("-", "confirmed confirmed", "confirmed confirmed", "confirmed confirmed", "-"),
    CaseEvent.LEAVE: ("-", "closed closed", "closed closed", "closed closed", "-"),
    CaseEvent.END: ("-", "closed closed", "closed closed", "closed closed", "-"),
}  # fmt: skip
CASES = [
    pytest.param(status, event, said, id=f"{status or 'none'}-{event}")
    for event, row in TABLE.items()
    for status, said in zip((NONE, PRELIMINARY, CONFIRMED, REVIEW, CLOSED), row, strict=True)
]


@pytest.mark.parametrize(("status", "event", "said"), CASES)
def test_every_state_meets_every_event(status, event, said):
    found = step(status, event)
    assert (f"{found.after} {found.tells or 'nothing'}" if found else "-") == said


def test_the_table_is_whole():
    assert len(TRANSITIONS) == sum(said != "-" for row in TABLE.values() for said in row)
    told = {found.tells for found in TRANSITIONS.values()}
    assert told == {None, *EntryKind} - {EntryKind.WITHDRAWN, EntryKind.MOVED, EntryKind.FOUND, EntryKind.ESCALATED}
