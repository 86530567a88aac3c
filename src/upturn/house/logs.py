"""Log lines as JSON: what happened and where, without anybody's words, tokens or query strings."""

import json
import logging
import re
from typing import Final

_SECRET_PATHS: Final = re.compile(
    r"/(answer|asks|draw|helped|join|people|redeem|say|seat|sign|table|ticket)/[^/\"]+"
)
_QUIET: Final = (
    *("/answer/", "/asks/", "/draw/", "/redeem/", "/say/", "/sign/", "/ticket/"),
    *("/board/", "/helped/", "/seat/", "/table/"),
)


class QuietRoutes(logging.Filter):
    """Let refusals of customers, of ticket holders, of who answers or serves leave no line.

    A time beside an address would tie words to whoever sent them. What broke is still told.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line may be written."""
        request = getattr(record, "request", None)
        broke = record.name == "django.request" and record.levelno >= logging.ERROR
        return broke or request is None or not request.path.startswith(_QUIET)


class JsonLines(logging.Formatter):
    """One JSON object a record. Paths that carry a code lose it; a request's body is never read."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": _SECRET_PATHS.sub(r"/\1/…", record.getMessage().split("?", 1)[0]),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self._places(record)
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _places(record: logging.LogRecord) -> str:
        """File and line of each frame; values stay out, they may be somebody's words."""
        places = []
        frame = record.exc_info[2] if record.exc_info else None
        while frame is not None:
            code = frame.tb_frame.f_code
            places.append(f"{code.co_name}:{frame.tb_lineno}")
            frame = frame.tb_next
        return " > ".join(places)
