"""The short lane of needs that programs bring in: signed, sound, and on a floor with a shift."""

import json
import re

from django.utils import timezone

from upturn.floor.commands.programs import bring_in_plain, received
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.hooks.signing import HEADERS, Signed
from upturn.house.lane import sound_headers
from upturn.record.stream import Scope

_PATH = re.compile(r"/api/floor/([0-9a-f]{12})/needs")


class Needs:
    """Messages of tills, phones and queues; a storm of them shares a few transactions."""

    def takes(self, scope: Scope) -> bool:
        return _PATH.fullmatch(scope["path"]) is not None

    async def answer(self, scope: Scope, body: bytes) -> bytes | None:
        headers, found = sound_headers(scope), _PATH.fullmatch(scope["path"])
        if not headers or found is None:
            return None
        id_, moment, signatures = (headers.get(name, "") for name in HEADERS)
        try:
            signed = Signed(id_, moment, signatures, body)
            message = received(found[1], signed, now=timezone.now())
        except FloorError:
            return None
        brought = await bring_in_plain(message)
        return json.dumps(brought._asdict()).encode() if brought else None
