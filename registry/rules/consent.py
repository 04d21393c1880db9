"""Consent of 表1-5: the text that is signed, and which signatures can stand."""

from accounts.rules.text import TextRefused
from registry.terms import ConsentPath, Signer

UNSIGNED = "没有签字记录"
CHIPS = {
    ConsentPath.AGREED: "已同意参加管理", ConsentPath.REFUSED: "不同意参加管理",
    ConsentPath.WITHDRAWN: "已撤回同意", ConsentPath.INFORMED: "已告知，依法纳入管理",
}  # fmt: skip

FIRST_VERSION = "本系统-1"
# Source: 管理治疗工作规范 2018, 表1-5 in substance; the wording is this system's and each county may publish its own.
FIRST_TEXT = """您（或您的家人）被诊断患有严重精神障碍。本机构按照国家规定，为在册患者免费提供社区管理服务。
一、服务内容：定期随访和危险性评估，用药指导，康复指导，每年一次健康检查，病情变化时的应急医疗处置和转诊。
二、服务人员：乡镇卫生院（社区卫生服务中心）精防人员、村医，需要时由精神科医师参加。
三、个人信息：您的资料登记在信息系统中，由有权限的卫生健康人员查阅，查阅都有记录；只有法律规定的情形才告知其他部门，告知的内容以履行职责需要为限。
四、您可以不同意，也可以随时撤回同意；这不影响您看病，也不影响应当享受的救助。法律规定必须登记和报告的内容除外。
五、您有权查阅、复制、更正自己的资料，对处理有疑问的，可以向本机构或县级精神卫生防治机构提出。"""


class ConsentRefused(TextRefused):
    """The record cannot stand so; `field` is the answer that has to change."""

    def __init__(self, words: str, *, field: str) -> None:
        super().__init__(words)
        self.field = field


def chip_words(way: ConsentPath, *, is_unsigned: bool) -> str:
    """What the head of a person's pages says of consent: never a signature that is not there.

    Source: 患者报告卡 知情同意 (同意 is its default for 精神卫生法 art. 30 ¶2 (2), where nobody signs); 表1-5 for the signature.
    """
    if way is ConsentPath.AGREED and is_unsigned:
        return "登记写明同意，知情同意书未存"
    return CHIPS[way]


def check_consent(path: str, *, signer: str, relation: str, reason: str, holds: bool) -> None:
    """What a consent record needs, by its path. `holds`: an agreement is in force on that day.

    Source: 管理治疗工作规范 2018 表1-5; 精神卫生法 art. 30 ¶2 (2): informed and taken in without consent.
    Units: none. Raises: ConsentRefused.
    """
    if path == ConsentPath.INFORMED:
        if not reason:
            raise ConsentRefused("请写明告知了谁、告知的内容和依据的情形。", field="reason")
        return
    if not signer:
        raise ConsentRefused("请选择由谁签字。", field="signer")
    if signer in (Signer.GUARDIAN, Signer.BOTH) and not relation:
        raise ConsentRefused("监护人签字的，请选择与患者的关系。", field="relation")
    if path == ConsentPath.WITHDRAWN and not holds:
        raise ConsentRefused("这一天没有有效的同意，不能撤回。不同意参加的，请选“不同意参加管理”。", field="path")
    if path in (ConsentPath.REFUSED, ConsentPath.WITHDRAWN) and not reason:
        raise ConsentRefused("请简单写明原因，便于关爱帮扶小组以后解释政策。", field="reason")
