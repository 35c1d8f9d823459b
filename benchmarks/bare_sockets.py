"""What hints to open pages are compared with: a consumer as Channels' manual shows it, and nothing around it.

The same channel layer, server and garbage collector's settings as the hub's; it asks nobody who they are.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")
django.setup(set_prefix=False)

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402

GROUP = "bench"


class BareConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def bench_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": BareConsumer.as_asgi()})
gc.collect()
gc.freeze()
gc.set_threshold(2_500, 400, 50)
sys.setswitchinterval(0.001)
