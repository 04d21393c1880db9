"""Text of the login pages to plain values. Whether they are right is the services' business."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from accounts.services.accounts import clean_username
from accounts.services.login import SAME_ANSWER

_LONG = {"max_length": SAME_ANSWER, "null_characters_not_allowed": SAME_ANSWER}
_NAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "class": "input code-input",
    "maxlength": "12",
    "autofocus": True,
}


class _FreshInput(forms.TextInput):
    """A code is spent or wrong once sent: the field comes back empty."""

    def get_context(self, name: str, value: object, attrs: object) -> dict[str, object]:
        return super().get_context(name, None, attrs)


class _Passwords(forms.Form):
    def secret(self, name: str) -> str:
        return str(self.cleaned_data[name])


class PasswordStepForm(_Passwords):
    username = forms.CharField(
        label="用户名", max_length=40, error_messages=_LONG, widget=forms.TextInput(attrs={**_NAME, "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        error_messages=_LONG,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label="6 位数字",
        max_length=20,
        help_text="打开手机上的身份验证器，找到“精神卫生个案管理”。",
        widget=_FreshInput(attrs=_CODE),
        error_messages={"required": "请输入验证码。"},
    )

    def clean_code(self) -> str:
        folded = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        digits = "".join(folded.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            raise ValidationError("验证码是 6 位数字。请照手机上的输入。", code="shape")
        return digits


class BackupCodeForm(forms.Form):
    code = forms.CharField(
        label="备用码",
        max_length=40,
        help_text="形如 K7QM-3XTA-9BWD，每个只能用一次。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )


class OneTimeCodeForm(forms.Form):
    username = forms.CharField(
        label="用户名", max_length=40, error_messages=_LONG, widget=forms.TextInput(attrs={**_NAME, "autofocus": True})
    )
    code = forms.CharField(
        label="一次性登录码",
        max_length=40,
        help_text="管理员给您的 12 位码，24 小时内有效，只能用一次。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class NewPasswordForm(_Passwords):
    new_password = forms.CharField(
        label="新密码", max_length=256, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="再输一次",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        first, second = found.get("new_password"), found.get("again")
        if first and second and first != second:
            self.add_error("again", "两次输入的密码不一样，请重新输入。")
        return found


class ChangePasswordForm(NewPasswordForm):
    old_password = forms.CharField(
        label="现在的密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old_password", "new_password", "again")


class StepUpForm(_Passwords, CodeForm):
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("password", "code")
