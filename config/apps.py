from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "系统设置"

    def ready(self) -> None:
        from config import checks, sentences

        checks.register()
        sentences.speak()
