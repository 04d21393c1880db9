"""Named points where a test makes the process die, to prove that every order of steps can be cut anywhere.

`FAILPOINT=name` dies there every time; `FAILPOINT=@/path` dies once, at the point that the file names: the file is
taken away first, so that the process that comes back goes on. Off unless settings.FAILPOINTS_ENABLED says so.
"""

import os
from pathlib import Path

from django.conf import settings

SAVING = (  # in the process that saves the visit
    "case_opened",  # the office has a case that says nothing yet
    "entry_written",  # the entry stands, the ledger does not
    "ledger_written",  # the outbox does not know
    "outbox_written",  # everything is written, nothing is committed
    "committed",  # nobody has been woken
    "woken",  # the worker has been woken, the person has no answer yet
)
DELIVERING = (  # in the worker
    "received",  # the task has begun
    "row_chosen",  # a due row is locked, the claim not yet written
    "claim_written",  # the claim stands, not yet committed
    "claimed",  # the claim is committed
    "row_locked",  # the row is locked again for the delivery
    "receipt_written",  # it lies in the inbox, the outbox does not know
    "notices_queued",  # the office's addresses are to be told
    "delivery_marked",  # both say so, not yet committed
    "delivered",  # committed; the broker has not heard that the task is done
    "finished",  # everything due was delivered, the task is about to end
)
NOTICING = (  # in the worker that sends notices
    "notice_claim_written",  # the claim stands, not yet committed
    "notice_claimed",  # the claim is committed, nothing has gone out
    "notice_sent",  # the other side has it, our row does not know
    "notice_marked",  # the row says so, not yet committed
)
ESCALATING = (  # in the clock's worker
    "silence_noted",  # the entry says that the county was told, not yet committed
    "escalation_told",  # the county's body has its entry, not yet committed
    "silence_committed",  # one entry is done, the next ones wait
)
CORRECTING = (  # in the clock's worker
    "correction_opened",  # the correction is begun, nothing is compared
)
PREPARING = (  # in the worker that prepares packages
    "package_claimed",  # the package is locked, no row is written
    "package_batch",  # some rows are sealed, others are not
    "package_rows_written",  # every row is sealed, nothing is counted
    "package_prepared",  # it says that it is prepared, not yet committed
)
RELEASING = (  # in the process of the second signature
    "letter_kept",  # the letter is kept, the archive has no digest
    "archive_hashed",  # the digest is known, the ledger does not know
    "package_in_ledger",  # the ledger has a line for each person, the package says nothing
    "package_released",  # released and offered, not yet committed
)
COMPARING = (  # in the worker that lays a list beside the register
    "list_held",  # the list is locked, nothing is read
    "list_counted",  # it says that it is compared, its rows still lie there
    "list_emptied",  # the rows are dropped, no difference stands
    "differences_made",  # differences, clues and holds stand, the trail does not
    "list_compared",  # everything is written, not yet committed
    "list_committed",  # one list is done, the next ones wait
)
REMINDING = (  # in the clock's worker
    "lateness_noted",  # differences say that the county was told, the trail does not
    "late_committed",  # one county is done, the next ones wait
)
ANSWERING = (  # in the worker that prints the answer letter
    "answer_dated",  # the list says that it is answered, the letter does not exist
    "answer_kept",  # the letter is kept, not yet committed
)
FETCHING = (  # in the process that hands out a file
    "fetch_begun",  # counted and in the ledger, not yet encrypted
    "fetch_encrypted",  # the file is ready, nothing is committed
    "file_sent",  # the last byte has gone, the package does not know
)
PERSON_NOTICING = (  # in the process that sends or signs a notice about one person
    "notice_written",  # the copies stand, the ledger does not know
    "notice_in_ledger",  # the ledger knows, addresses outside do not
    "notice_released",  # everything is written, nothing is committed
    "copies_ended",  # the copies have ended, their notice says nothing
)
POINTS = (
    SAVING
    + DELIVERING
    + NOTICING
    + ESCALATING
    + CORRECTING
    + PREPARING
    + RELEASING
    + COMPARING
    + REMINDING
    + ANSWERING
    + FETCHING
    + PERSON_NOTICING
)
EXIT_CODE = 70


def reached(name: str) -> None:
    """Die here when the environment asks for this point."""
    wanted = os.environ.get("FAILPOINT", "")
    if not wanted or not getattr(settings, "FAILPOINTS_ENABLED", False):
        return
    if name == (_take(Path(wanted[1:]), name) if wanted.startswith("@") else wanted):
        os._exit(EXIT_CODE)  # no cleanup, no rollback by us: as a kill -9 would leave it


def _take(armed: Path, name: str) -> str:
    """The point that the file names, taken away when it is this one; whoever renames it first dies."""
    try:
        if armed.read_text().strip() != name:
            return ""
        armed.rename(armed.with_suffix(".fired"))
    except OSError:
        return ""
    return name
