from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = "信息交换"

    def ready(self) -> None:
        from exchange import receivers
        from exchange.services import sweeping

        receivers.connect()
        sweeping.connect()
