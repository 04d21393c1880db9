"""A refusal is an exception that carries the sentence shown to the person."""

from collections.abc import Sequence
from typing import Any, Protocol


class Problem(Protocol):
    """One thing that is wrong, and the field that it is about."""

    @property
    def field(self) -> str: ...

    @property
    def message(self) -> str: ...


class Refused(Exception):
    """The system says no, in words. `field` names the form field or column when there is one.

    `problems`: where several things are wrong at once, each with its own field and sentence.
    """

    status = 400
    code = "refused"
    message = "这一步不能办理。"
    problems: Sequence[Problem] = ()

    def __init__(self, message: str = "", *, field: str = "") -> None:
        self.message = message or self.message
        self.field = field
        super().__init__(self.message)

    def stand_beside(self, form: Any) -> None:
        """Every sentence at its field of the form, and over the form what is about none of them."""
        for problem in self.problems or (self,):
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)


class Denied(Refused):
    """Known place, missing right."""

    status = 403
    code = "denied"
    message = "您的账号没有办理这件事的权限。如果工作需要，请找本单位管理员。"


class StepUpNeeded(Refused):
    """The person shows anew who it is: a page leads there and back, a token cannot."""

    status = 403
    code = "step_up"
    message = "请重新输入密码和动态验证码。接口不能办理，请登录网页。"


class NotHere(Refused):
    """Unknown and not yours look the same."""

    status = 404
    code = "not_found"
    message = "没有找到。可能是地址有误，也可能不归您办理。"


class Conflict(Refused):
    """Someone saved first. `theirs` and `mine` hold both texts, so that nothing typed is lost."""

    status = 409
    code = "conflict"
    message = "您打开以后，别人先保存了。两份内容都在下面，请核对后再保存。"

    def __init__(self, message: str = "", *, theirs: object = None, mine: object = None) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.mine = mine
