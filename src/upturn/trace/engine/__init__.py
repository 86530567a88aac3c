"""Filled by the issue that builds this room."""

__all__: list[str] = []
