"""What a merge of two files does with every table that names a patient. A new table is written down here, knowingly.

TIMELINE  one of the two is taken whole (the kept file's, unless the page asks and the other was chosen)
MOVES     every row goes along
ONCE      every row goes along; what both say in the same words stands once, as the kept file has it
OPEN      every row goes along; when both have one that is not finished the merge is refused
"""

TIMELINE, MOVES, ONCE, OPEN = "timeline", "moves", "once", "open"
FATES = {
    "exchange_alert": OPEN,
    "exchange_alertentry": MOVES,
    "exchange_delivery": MOVES,
    "exchange_difference": MOVES,
    "exchange_feedback": MOVES,
    "exchange_jointmember": MOVES,
    "exchange_jointvisit": MOVES,
    "exchange_packagerefusal": MOVES,
    "exchange_personnotice": OPEN,
    "exchange_personnoticecopy": MOVES,
    "exchange_receipt": MOVES,
    "followup_attempt": MOVES,
    "followup_caseteam": TIMELINE,
    "followup_checkup": MOVES,
    "followup_colourchange": MOVES,
    "followup_colourfall": OPEN,
    "followup_dispensing": MOVES,
    "followup_draft": ONCE,
    "followup_emergency": MOVES,
    "followup_emergencycheck": MOVES,
    "followup_incident": MOVES,
    "followup_injection": MOVES,
    "followup_offlist": ONCE,
    "followup_patientcolour": ONCE,
    "followup_patientyear": ONCE,  # and drawn anew by settings.MERGE_FOLLOWERS
    "followup_plan": OPEN,
    "followup_planversion": MOVES,
    "followup_prescription": MOVES,
    "followup_visit": MOVES,
    "followup_visitroot": MOVES,
    "followup_window": ONCE,  # and drawn anew
    "registry_address": TIMELINE,  # the kept file's, like its duty; what was chosen is written as a new row
    "registry_admission": OPEN,
    "registry_admissionhelp": OPEN,
    "registry_clue": MOVES,
    "registry_companion": ONCE,
    "registry_consent": TIMELINE,
    "registry_deathreport": OPEN,
    "registry_diagnosis": TIMELINE,
    "registry_dischargenotice": MOVES,
    "registry_dutyperiod": TIMELINE,
    "registry_economicstatus": TIMELINE,
    "registry_formsheet": ONCE,
    "registry_greenchannel": MOVES,
    "registry_guardian": TIMELINE,
    "registry_guardianship": TIMELINE,
    "registry_guardiantraining": ONCE,
    "registry_identitystep": ONCE,  # confirmed once
    "registry_mergeproposal": MOVES,
    "registry_notice": MOVES,
    "registry_objection": MOVES,
    "registry_parkedchange": ONCE,
    "registry_patientgrant": MOVES,
    "registry_patientstatus": TIMELINE,
    "registry_referral": OPEN,
    "registry_reportcard": MOVES,
    "registry_scan": ONCE,
    "registry_sharingconsent": ONCE,
    "registry_socialfact": ONCE,
    "registry_temporaryfile": OPEN,
    "registry_transfer": OPEN,
    "subsidy_agreement": OPEN,  # days of both that overlap: one of them is ended first
    "subsidy_agreementassistant": MOVES,
    "subsidy_dutyrecord": MOVES,
}
