"""Vocabulary of what other agencies send: kinds of lists, how a row compares, what a township finds out."""

from django.db.models import TextChoices


class InboundKind(TextChoices):
    """Kind of a list that comes in. Source: issue 4, Build 6; practice notes B3."""

    POLICE_REGISTER = "police_register", "公安严重精神障碍患者名册"
    CERTIFICATES = "certificates", "残联精神残疾人证名册"
    DIBAO = "dibao", "民政低保对象名册"
    DEATHS = "deaths", "民政死亡人员名册"
    INSURANCE = "insurance", "医保门诊慢特病（精神类）名册"
    CORRECTION = "correction", "司法社区矫正对象名册"
    COMPULSORY = "compulsory", "强制医疗人员名册"
    FLOW = "flow", "外地流动告知"
    NATIONAL = "national", "国家严重精神障碍信息系统导出"
    HEALTH_RECORDS = "health_records", "居民健康档案（数据元接口）"
    HOSPITAL_SYSTEM = "hospital_system", "医院信息系统（数据元接口）"
    PROVINCIAL = "provincial", "省级平台（数据元接口）"


# What a platform is called where a row of its export is spoken of: we handed the export in ourselves.
SYSTEMS = {
    InboundKind.NATIONAL: "国家严重精神障碍信息系统",
    InboundKind.HEALTH_RECORDS: "居民健康档案系统",
    InboundKind.HOSPITAL_SYSTEM: "医院信息系统",
    InboundKind.PROVINCIAL: "省级平台",
}


class InboundItem(TextChoices):
    """Every column a list may have; the label is the header of the column. Nothing else can be taken in."""

    NAME = "name", "姓名"
    ID_NUMBER = "id_number", "身份证号"
    SEX = "sex", "性别"
    BIRTH_ON = "birth_on", "出生日期"
    PHONE = "phone", "联系电话"
    TOWNSHIP = "township", "所属乡镇"
    ADDRESS = "address", "现住地址"
    HOUSEHOLD_ADDRESS = "household_address", "户籍地址"
    GUARDIAN_NAME = "guardian_name", "监护人姓名"
    GUARDIAN_PHONE = "guardian_phone", "监护人电话"
    LEVEL = "level", "危险性等级"
    STATUS = "status", "状态"
    DIED_ON = "died_on", "死亡日期"
    DISABILITY = "disability", "精神残疾人证"
    CERTIFICATE_NUMBER = "certificate_number", "残疾人证号"
    CERTIFICATE_GRADE = "certificate_grade", "残疾等级"
    DIBAO = "dibao", "低保"
    CHRONIC = "chronic", "门诊慢特病"
    CAME_ON = "came_on", "到达日期"
    CAME_FROM = "came_from", "从哪里来"
    RELEASED_ON = "released_on", "解除日期"
    REMARK = "remark", "备注"


class RowClass(TextChoices):
    """Where a row of a list ends up: exactly one of these. Source: practice notes B3."""

    SAME = "same", "一致"
    DIFFERS = "differs", "字段不一致"
    ONLY_THEIRS = "only_theirs", "仅对方有"
    ONLY_OURS = "only_ours", "仅我方有"
    ENDED_HERE = "ended_here", "我方已注销"
    UNSURE = "unsure", "待人工核对"
    REFUSED = "refused", "不能识别"


class Ours(TextChoices):
    """Which of our people an agency's list should hold; only they can be 仅我方有."""

    NOBODY = "", "不比"
    HIGH_RISK = "high_risk", "危险性三级及以上"
    CERTIFIED = "certified", "登记有精神残疾人证"
    DIBAO = "dibao", "登记为低保"
    CHRONIC = "chronic", "登记有门诊慢特病"
    REGISTERED = "registered", "全部在册"


class Via(TextChoices):
    """How a list came."""

    AGENCY = "agency", "对方账号报送"
    CLERK = "clerk", "信息交换员代收"


class InboundState(TextChoices):
    """State of a list that came in."""

    DRAFT = "draft", "待确认"
    SENT = "sent", "待比对"
    COMPARED = "compared", "核实中"
    ANSWERED = "answered", "已复函"


class DifferenceState(TextChoices):
    """State of one difference."""

    OPEN = "open", "待核实"
    ANSWERED = "answered", "待审核"
    ACCEPTED = "accepted", "已审核"
    LAPSED = "lapsed", "已一致"


class Conclusion(TextChoices):
    """结论: what the township found out about one difference. Source: practice notes B3."""

    OURS_MENDED = "ours_mended", "我方有误，已更正"
    THEIRS_WRONG = "theirs_wrong", "对方有误，请对方更正"
    CANNOT = "cannot", "暂时无法核实"
    DEATH = "death", "确认死亡，已结案"
    ALIVE = "alive", "本人健在"
    SUSPECT = "suspect", "疑似，按线索继续核实"
    NOBODY = "nobody", "查无此人"
    MOVED = "moved", "已迁往外地"
    DEAD = "dead", "已死亡"
    NOT_SIX = "not_six", "不是在册病种"
    ON_FILE = "on_file", "已在册或已建档"
    THEIRS_LACKS = "theirs_lacks", "应列入，请对方补录"
    NOT_THEIRS = "not_theirs", "不在对方管理范围"
    OURS_ENDED = "ours_ended", "应由我方注销，已办理"
    ENDED_RIGHT = "ended_right", "我方注销无误，请对方更新"
    REOPENED = "reopened", "注销有误，已恢复管理"


class Evidence(TextChoices):
    """证据: how the township knows."""

    HOME = "home", "上门核实"
    PHONE = "phone", "电话核实"
    PAPERS = "papers", "查看本人证件"
    FILE = "file", "查阅档案"
    CERTIFICATE = "certificate", "死亡、户口等证明"
    OTHER = "other", "其他"
