"""What a county may set: each key with its words, kind and bounds, and what holds where it has set nothing."""

from dataclasses import dataclass


class ValueRefused(ValueError):
    """Carries the Chinese sentence."""


@dataclass(frozen=True)
class PolicyKey:
    label: str
    unit: str
    low: int = 0
    high: int = 365
    is_flag: bool = False

    def read(self, text: str) -> int | bool:
        """The typed value. Raises: ValueRefused."""
        if self.is_flag:
            if text not in ("是", "否"):
                raise ValueRefused("请填“是”或“否”。")
            return text == "是"
        if not (text.isascii() and text.isdigit()) or not self.low <= int(text) <= self.high:
            raise ValueRefused(f"请填 {self.low} 到 {self.high} 之间的整数（{self.unit}）。")
        return int(text)

    def say(self, value: object) -> str:
        if self.is_flag:
            return "是" if value else "否"
        return f"{value} {self.unit}"


# Follow-up's own rules are switched on a page that first shows whose date would move; not among the plain settings.
PLANNED = frozenset({
    "stable_months", "unstable_days", "fair_days", "fair_check_window_days", "fair_improving_months",
    "fair_still_months",
})  # fmt: skip
POLICY_KEYS: dict[str, PolicyKey] = {
    # Source: security, decided (1): below level 3 nobody outside the health side learns of a person.
    "alert_from_level": PolicyKey("从几级起通报公安、政法", "级", 3, 5),
    "alert_late_days": PolicyKey("补录超过几天的记录不再通报", "天", 1, 60),
    "alert_unstable_leaving": PolicyKey("病情不稳定的患者外出也通报（规范2018）", "", is_flag=True),
    "psychiatrist_confirms_days": PolicyKey("精神科医师确认等级的期限", "个工作日", 1, 30),
    "fall_needs_psychiatrist": PolicyKey("已确认的等级下降须由精神科医师确认", "", is_flag=True),
    "acknowledge_hours": PolicyKey("接收单位签收的期限", "小时", 1, 240),
    "answer_hours": PolicyKey("接收单位反馈的期限", "小时", 1, 720),
    "escalate_commission_hours": PolicyKey("多久未签收报县卫生健康委", "小时", 1, 480),
    "alert_hours_working_days": PolicyKey("非全天值守单位的期限只算工作日（本系统）", "", is_flag=True),
    "portal_step_up_people": PolicyKey("接收单位一人一小时内打开几个人后须重新验证（本系统）", "人", 1, 200),
    "portal_stop_people": PolicyKey("接收单位一人一小时内最多打开几个人（本系统）", "人", 2, 500),
    "notice_open_days": PolicyKey("单人告知发出后接收单位可以看多久（本系统）", "天", 1, 92),
    "urgent_notice_open_days": PolicyKey("单人紧急通报发出后接收单位可以看多久（本系统）", "天", 1, 30),
    "stable_months": PolicyKey("稳定：下次随访", "个月", 1, 3),
    "unstable_days": PolicyKey("不稳定：下次随访", "天", 1, 14),
    "fair_days": PolicyKey("基本稳定：复查", "天", 1, 14),
    "fair_check_window_days": PolicyKey("多少天内再来算复查", "天", 14, 60),
    "fair_improving_months": PolicyKey("复查仍基本稳定、疗效好转：下次随访", "个月", 1, 3),
    "fair_still_months": PolicyKey("复查仍基本稳定、未好转：下次随访", "个月", 1, 3),
    "worklist_days_ahead": PolicyKey("今日工作提前列出", "天", 0, 60),
    "clue_visit_days": PolicyKey("线索报告或分派后核实的期限（本系统）", "个工作日", 1, 60),
    "clue_forget_months": PolicyKey("排除的线索多久后删去个人信息（本系统）", "个月", 1, 24),
    "clue_idle_days": PolicyKey("线索确诊未建档、拒绝诊断未约再次核实，多少天后提醒（本系统）", "天", 7, 365),
    "card_enter_days": PolicyKey("确诊后录入报告卡的期限（发病报告管理办法）", "个工作日", 1, 30),
    "card_paper_days": PolicyKey("县级录入纸质报告卡的期限（发病报告管理办法）", "个工作日", 1, 30),
    "card_accept_days": PolicyKey("乡镇接收报告卡、出院信息单的期限（规范2018）", "个工作日", 1, 30),
    "card_address_days": PolicyKey("县级核对退回地址的期限（本系统）", "个工作日", 1, 30),
    "discharge_enter_days": PolicyKey("出院后录入出院信息单的期限（规范2018）", "个工作日", 1, 30),
    "first_visit_days": PolicyKey("接收后首次随访的期限（规范2018）", "个工作日", 1, 30),
    "draft_keeps_days": PolicyKey("没保存的随访草稿保留（本系统）", "天", 1, 30),
    "transfer_answer_days": PolicyKey("档案移交：接收方答复的期限（规范2018）", "个工作日", 1, 30),
    "away_file_days": PolicyKey("外出超过多少天建立临时档案（邹城 三）", "天", 7, 92),
    "away_take_days": PolicyKey("流入地建立临时档案的期限（本系统）", "天", 1, 31),
    "referral_receive_days": PolicyKey("转诊单多久未签收提醒转出单位（本系统）", "个工作日", 1, 10),
    "referral_follow_days": PolicyKey("转诊后随访转诊情况的期限（规范2018）", "天", 1, 14),
    "second_opinion_days": PolicyKey("要求再次诊断的期限（精神卫生法 第三十二条）", "天", 3, 3),
    "help_days": PolicyKey("协助入院、出院的办理期限（本系统）", "个工作日", 1, 30),
    "bed_days_with_discharge": PolicyKey("出院当天计入床日（本系统）", "", is_flag=True),
    "bed_days_same_day": PolicyKey("当天入院当天出院计几个床日（本系统）", "天", 0, 1),
    "difference_days": PolicyKey("外单位名册的差异由乡镇核实的期限（本系统）", "个工作日", 1, 60),
    "difference_commission_days": PolicyKey("名册差异逾期多久报县卫生健康委（本系统）", "个工作日", 0, 60),
    "carried_lists_signed": PolicyKey("代收的名册须有报送单位的签名（本系统）", "", is_flag=True),
    "inbound_forget_days": PolicyKey("名册复函后多久删去其中的个人信息（本系统）", "天", 1, 365),
    "platform_forget_days": PolicyKey("平台导出的差异审核或一致后多久删去其中的个人信息（本系统）", "天", 1, 365),
    "emergency_forget_days": PolicyKey("现场紧急查询的记录保存多久（本系统）", "天", 7, 365),
    "element_health_records": PolicyKey("与居民健康档案按数据元交换文件（本系统）", "", is_flag=True),
    "element_hospital_system": PolicyKey("与医院信息系统按数据元交换文件（本系统）", "", is_flag=True),
    "element_provincial": PolicyKey("与省级平台按数据元交换文件（本系统）", "", is_flag=True),
    "suppress_below": PolicyKey("统计表小于几的数不显示", "", 2, 20),
    "merge_confirm_hours": PolicyKey("合并档案的提议多久内须由另一人确认（本系统）", "小时", 1, 720),
    "merge_undo_days": PolicyKey("合并以后多久内可以撤销（本系统）", "天", 1, 30),
    "incident_alert_days": PolicyKey("补记多少天以前的事件不再通报（本系统）", "天", 1, 365),
    "incident_tells_minor": PolicyKey("只有轻度滋事、等级未达标准的事件也通报（本系统）", "", is_flag=True),
    "incident_prompt_days": PolicyKey("随访记了危险行为而没有登记事件的，提醒几天，0 不提醒（本系统）", "天", 0, 90),
    "incident_holds_subsidy": PolicyKey("事件了结前监护补贴标为核实中（本系统）", "", is_flag=True),
    "emergency_checks": PolicyKey("应急处置后定时复查（来自培训材料，规范原文未见）", "", is_flag=True),
    "emergency_check_hours": PolicyKey("应急处置后每隔多久复查（本系统）", "小时", 1, 24),
    "case_management_for_all": PolicyKey("所有在册患者都要有个案管理（中原区规划 二(一)）", "", is_flag=True),
    "colour_county_approves": PolicyKey("分色降级由县级批准，不由镇街负责人批准（本系统）", "", is_flag=True),
    "colour_psychiatrist_assesses": PolicyKey("分色降级须由精神科医师评估（本系统）", "", is_flag=True),
    "emergency_checks_stable": PolicyKey("连续几次平稳后停止复查（本系统）", "次", 1, 6),
    "lai_early_days": PolicyKey("长效针剂可以比间隔提前几天（本系统）", "天", 0, 14),
    "lai_missed_days": PolicyKey("长效针剂过期几天算漏打（本系统）", "天", 0, 60),
    "lai_ahead_days": PolicyKey("今日工作提前几天列出该打的长效针剂（本系统）", "天", 0, 30),
    "supply_ahead_days": PolicyKey("今日工作提前几天列出该领的免费药（本系统）", "天", 0, 30),
    "papers_whole": PolicyKey("必备表格按表1-6、表1-7全部必填项核对（本系统）", "", is_flag=True),
    "patients_per_staff": PolicyKey("每名专职精防人员负责的患者（酉阳 十）", "人", 20, 300),
    "assistants_from_level": PolicyKey("从几级起要有协助监护人（邹城 二(七)）", "级", 1, 5),
    "reported_due_days": PolicyKey("各部门填报的期限：年底后几天（本系统）", "天", 1, 90),
    "reported_remind_days": PolicyKey("填报到期前几天提醒（本系统）", "天", 1, 90),
    "finding_days": PolicyKey("督导问题整改的期限，记录时可以改（本系统）", "天", 1, 365),
    "circular_days": PolicyKey("通报、约谈后再整改的期限，记录时可以改（本系统）", "天", 1, 365),
    "listing_days": PolicyKey("挂牌督办的期限，记录时可以改（本系统）", "天", 1, 365),
    "finding_remind_days": PolicyKey("督导问题到期前几天提醒（本系统）", "天", 1, 90),
    "assistants_wanted": PolicyKey("协助监护人至少（邹城 二(七)）", "人", 0, 5),
}

# Units in the key's name.
POLICY_DEFAULTS: dict[str, object] = {
    "alert_from_level": 3,
    "alert_late_days": 7,  # a record entered later than this raises no alert
    "alert_unstable_leaving": True,
    "psychiatrist_confirms_days": 3,  # working days
    "fall_needs_psychiatrist": True,
    "acknowledge_hours": 24,
    "answer_hours": 72,
    "escalate_commission_hours": 48,
    "alert_hours_working_days": True,
    # what one officer of a receiving office may open within an hour: then step-up, then stopped
    "portal_step_up_people": 20,
    "portal_stop_people": 60,
    # how long an office reads what it was told of one person
    "notice_open_days": 30,
    "urgent_notice_open_days": 3,
    "stable_months": 3,
    "unstable_days": 14,
    "fair_days": 14,
    "fair_check_window_days": 21,
    "fair_improving_months": 3,
    "fair_still_months": 1,
    "worklist_days_ahead": 7,
    "draft_keeps_days": 7,
    "suppress_below": 5,
    "papers_whole": True,
    # medication
    "lai_early_days": 3,
    "lai_missed_days": 7,
    "lai_ahead_days": 3,
    "supply_ahead_days": 3,
    "patients_per_staff": 80,
    "assistants_from_level": 3,
    "assistants_wanted": 2,
    "reported_due_days": 15,
    "reported_remind_days": 30,
    # supervision: no text names a number of days; a county sets its own
    "finding_days": 30,
    "circular_days": 30,
    "listing_days": 90,
    "finding_remind_days": 7,
    # transfers and temporary files
    "transfer_answer_days": 5,  # working days
    "away_file_days": 30,
    "away_take_days": 7,
    # clues, report cards, discharge notices
    "clue_visit_days": 10,  # working days
    "clue_forget_months": 6,
    "clue_idle_days": 60,
    "card_enter_days": 10,  # working days, 发病报告管理办法
    "card_paper_days": 5,  # working days
    "card_accept_days": 5,  # working days
    "card_address_days": 5,  # working days
    "discharge_enter_days": 10,  # working days
    "first_visit_days": 10,  # working days
    "merge_confirm_hours": 72,
    "merge_undo_days": 30,
    # lists of other agencies
    "difference_days": 10,  # working days
    "difference_commission_days": 5,  # working days after the deadline
    "carried_lists_signed": True,
    "inbound_forget_days": 30,
    "platform_forget_days": 30,
    "emergency_forget_days": 90,
    "element_health_records": False,
    "element_hospital_system": False,
    "element_provincial": False,
    # incidents and emergency disposals
    "incident_alert_days": 30,  # a confirmed incident of longer ago is history
    "incident_tells_minor": False,
    "incident_prompt_days": 14,
    "incident_holds_subsidy": True,
    "emergency_checks": False,
    "emergency_check_hours": 4,
    "emergency_checks_stable": 2,
    "case_management_for_all": False,  # 中原 asks for it
    "colour_county_approves": True,
    "colour_psychiatrist_assesses": False,
    # referrals, stays in hospital
    "referral_receive_days": 1,  # working days
    "referral_follow_days": 14,  # calendar days, 规范2018
    "second_opinion_days": 3,  # calendar days, 精神卫生法 第三十二条
    "help_days": 3,  # working days
    "bed_days_with_discharge": False,
    "bed_days_same_day": 1,
}
