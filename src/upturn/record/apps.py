from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "upturn.record"
    label = "record"
