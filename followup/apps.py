from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = "随访管理"

    def ready(self) -> None:
        from followup import receivers

        receivers.connect()
