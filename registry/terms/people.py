"""Vocabulary of consent, of the people around a patient and of the teams of a place."""

from django.db.models import TextChoices


class ConsentPath(TextChoices):
    """How the person comes to be served: 表1-5, and 精神卫生法 art. 30 ¶2 (2), where informing is enough."""

    AGREED = "agreed", "同意参加管理"
    REFUSED = "refused", "不同意参加管理"
    WITHDRAWN = "withdrawn", "撤回同意"
    INFORMED = "informed", "已告知，依法纳入管理"


SERVED = frozenset({ConsentPath.AGREED, ConsentPath.INFORMED})  # to whom visits are offered


class SheetForm(TextChoices):
    """Forms whose answers have no column of their own."""

    BASICS = "basics", "个人基本信息表"
    SUPPLEMENT = "supplement", "个人信息补充表"


class GuardianshipState(TextChoices):
    """监护状态. Source: 本系统 (practice differs by county)."""

    EFFECTIVE = "effective", "有效监护"
    WEAK = "weak", "弱监护"
    NONE = "none", "无监护"
    AWAY = "away", "监护人外出"
    COMMITTEE = "committee", "村居临时监护"
    INSTITUTION = "institution", "机构监护"


class CompanionRole(TextChoices):
    """协助监护人 and the five named helpers (四帮一、五帮一). Source: 邹城 二(七), county practice."""

    ASSISTANT = "assistant", "协助监护人"
    CADRE = "cadre", "村（居）干部"
    POLICE = "police", "社区民警"
    DOCTOR = "doctor", "精防医生"
    GRID = "grid", "网格员"
    CIVIL = "civil", "民政或残联人员"


HELPERS = tuple(role for role in CompanionRole if role is not CompanionRole.ASSISTANT)


class SocialKind(TextChoices):
    """社会救助和身份. Source: 个人信息补充表, 邹城 二(六), 酉阳 十五."""

    POOR = "poor", "贫困（当地贫困线以下）"
    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困供养"
    TARGETED = "targeted", "脱贫户或监测户"
    DISABILITY = "disability", "残疾人证"
    INSURED = "insured", "参加基本医疗保险"
    CHRONIC = "chronic", "门诊慢特病"
    FAMILY_DOCTOR = "family_doctor", "家庭医生签约"
    SUBSIDY = "subsidy", "监护补助对象"
    CARE_GROUP = "care_group", "关爱帮扶小组服务对象"
    REHAB = "rehab", "参加社区康复"
    VETERAN = "veteran", "退役军人"
    VAGRANT = "vagrant", "流浪乞讨救助对象"


class GroupKind(TextChoices):
    """Teams around the patients of a place. Source: 邹城 二(三)–(五), 滕州 三(五), 中原 二(一)."""

    TOWNSHIP = "township", "精神卫生综合管理小组"
    VILLAGE = "village", "患者关爱帮扶小组"
    TREATMENT = "treatment", "收治小组"


class Assessment(TextChoices):
    """年度考核."""

    EXCELLENT = "excellent", "优秀"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"
