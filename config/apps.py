from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "系统设置"

    def ready(self) -> None:
        from django.forms import Field

        from config import checks

        checks.register()
        # Django's own sentence (该字段是必填项) speaks of fields, not to the person
        Field.default_error_messages["required"] = "请填写这一项。"
