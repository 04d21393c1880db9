"""What may be done: the words of the access matrix."""

from enum import StrEnum


class Permission(StrEnum):
    """One right of one kind of work. Who has it stands in the table of roles beside this file."""

    # registry
    VIEW_PATIENT = "view_patient"
    VIEW_MASKED_LIST = "view_masked_list"
    REGISTER_PATIENT = "register_patient"
    EDIT_PATIENT = "edit_patient"
    REVEAL_IDENTITY = "reveal_identity"
    MOVE_PATIENT = "move_patient"
    CORRECT_DUTY = "correct_duty"
    CLOSE_PATIENT = "close_patient"
    IMPORT_REGISTER = "import_register"
    REPORT_CLUE = "report_clue"  # enter a clue and see what one's own office has entered
    HANDLE_CLUE = "handle_clue"
    VIEW_CARD = "view_card"  # report cards and discharge notices: one's own hospital's, or those of one's place
    REPORT_CARD = "report_card"
    RECEIVE_CARD = "receive_card"
    ADDRESS_CARD = "address_card"
    PROPOSE_MERGE = "propose_merge"
    CONFIRM_MERGE = "confirm_merge"
    SETTLE_ID_CHECK = "settle_id_check"
    EXPORT_ROSTER = "export_roster"
    ALLOW_EXPORT = "allow_export"
    SEE_EXPORTS = "see_exports"
    VIEW_REFERRAL = "view_referral"  # stays in hospital and referrals: of one's place, or addressed to one's hospital
    REFER_PATIENT = "refer_patient"
    ANSWER_REFERRAL = "answer_referral"
    VIEW_PATIENT_TRAIL = "view_patient_trail"
    VIEW_ASSISTANCE = "view_assistance"  # social facts, disability certificate
    VIEW_TEAMS = "view_teams"
    MANAGE_TEAMS = "manage_teams"
    READ_NOTICE = "read_notice"
    # followup
    VIEW_VISIT = "view_visit"
    RECORD_VISIT = "record_visit"
    CORRECT_VISIT = "correct_visit"
    VIEW_WORKLIST = "view_worklist"
    VIEW_TODAY = "view_today"  # the page 今日工作, whatever lines the rooms have for the person
    CONFIRM_RISK = "confirm_risk"
    RECORD_INCIDENT = "record_incident"
    CONFIRM_INCIDENT = "confirm_incident"
    MANAGE_PLAN = "manage_plan"
    RECORD_MEDICINE = "record_medicine"  # prescriptions, injections, free dispensing, laboratory and examinations
    APPROVE_COLOUR = "approve_colour"  # lowering a colour of 动态分色, after another's assessment
    ARRANGE_JOINT = "arrange_joint"
    JOIN_VISIT = "join_visit"
    # subsidy: of one batch, maker, checker and releaser are three people
    VIEW_SUBSIDY = "view_subsidy"  # agreement, words on duty, and which help somebody meets the terms of
    APPLY_SUBSIDY = "apply_subsidy"  # sign agreements and take in applications at the village or township
    REVIEW_SUBSIDY = "review_subsidy"  # first review and the township's, with the opinions of its offices
    ASSESS_DUTY = "assess_duty"  # say of a quarter whether the guardian did the duty
    DECIDE_SUBSIDY = "decide_subsidy"  # the county's joint review, publicity, approval
    MAKE_BATCH = "make_batch"
    CHECK_BATCH = "check_batch"
    RELEASE_BATCH = "release_batch"  # to the bank
    KEEP_PAYMENTS = "keep_payments"  # returns of the bank, corrections, overpayments
    # exchange
    RECEIVE_ALERT = "receive_alert"
    VIEW_ALERT_STATUS = "view_alert_status"
    SEND_NOTICE = "send_notice"  # 单人告知: tell single offices of one person at once
    RELEASE_NOTICE = "release_notice"  # the second signature under an urgent one
    RECEIVE_NOTICE = "receive_notice"  # what was told to one's own office about single persons
    VIEW_EXCHANGE = "view_exchange"  # templates and packages of the county
    PROPOSE_TEMPLATE = "propose_template"
    ACTIVATE_TEMPLATE = "activate_template"  # what another has proposed
    VIEW_OVERDUE = "view_overdue"  # offices that do not sign or answer, in the county
    KEEP_CHANNELS = "keep_channels"  # where offices are told that something waits, and what did not go out
    PREPARE_PACKAGE = "prepare_package"
    RELEASE_PACKAGE = "release_package"  # one of the two signatures
    COLLECT_PACKAGE = "collect_package"  # packages sent to one's own office, and the receipt for them
    ASK_EMERGENCY = "ask_emergency"  # at a scene: one exact ID number, to the county's psychiatrist
    ANSWER_EMERGENCY = "answer_emergency"
    WATCH_PORTAL = "watch_portal"  # who of the offices has opened too many people, and lifting it
    ANSWER_REFUSAL = "answer_refusal"  # facts of a row that an office has sent back
    SEND_LIST = "send_list"  # hand in an agency's own list (the exchange clerk: for any agency of the county)
    WORK_DIFFERENCE = "work_difference"  # say what was found out about somebody on such a list
    REVIEW_DIFFERENCE = "review_difference"  # accept or return what the township said, answer the agency
    # reports
    VIEW_INDICATORS = "view_indicators"
    LIST_INDICATOR_PEOPLE = "list_indicator_people"
    REPORT_VALUE = "report_value"
    CONFIRM_VALUE = "confirm_value"
    KEEP_OUTLINE = "keep_outline"  # the townships' shapes that the overview's map is drawn from
    MAKE_REPORT = "make_report"
    CLOSE_PERIOD = "close_period"  # freeze the figures of a quarter or an assessment of one's own area
    VIEW_TASKS = "view_tasks"  # ledger and meetings of one's area; for a department: where its kind has a part
    WORK_TASK = "work_task"  # say how a task goes, and that it is done
    KEEP_TASKS = "keep_tasks"  # give on, confirm, return, drop; call meetings and keep their minutes
    VIEW_SUPERVISION = "view_supervision"  # what was found in one's area; for a unit: what is about itself
    ANSWER_FINDING = "answer_finding"  # say what was done about a finding, and that it is put right
    KEEP_SUPERVISION = "keep_supervision"  # record findings, accept, send back, and the steps from 通报 up
    # accounts
    MANAGE_ACCOUNTS = "manage_accounts"
    GRANT_ROLE = "grant_role"
    EDIT_POLICY = "edit_policy"
    EDIT_CALENDAR = "edit_calendar"
    VIEW_AUDIT = "view_audit"
    VIEW_ACCESS_LOG = "view_access_log"
    USE_API = "use_api"
    SEE_OWN_PAGE = "see_own_page"
