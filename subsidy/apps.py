from django.apps import AppConfig


class SubsidyConfig(AppConfig):
    name = "subsidy"
    verbose_name = "监护补助"

    def ready(self) -> None:
        from subsidy import receivers

        receivers.connect()
