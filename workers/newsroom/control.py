"""Steering a newsroom that runs in another process, by JSON over HTTP.

POST /_control  {"do": "fault", "at": "/feed.xml" | slug, "fault": {"kind": "status", "status": 429, …}}
                {"do": "clear", "at"?: …}   {"do": "publish", "count": 3}
                    {"do": "warm"} (renders all pages)   {"do": "forget"} (counts and requests)
GET  /_control/hits      {"host/path": count}
GET  /_control/requests  [{"at", "host", "path", "status", "if_none_match", …}]
GET  /_control/truth     the expected articles
GET  /_control/faults    what is set
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from workers.errors import Misuse
from workers.newsroom.faults import Fault

if TYPE_CHECKING:
    from workers.newsroom.server import NewsroomServer


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """What a POST asks for."""

    do: str
    at: str | None = None
    fault: Fault | None = None
    count: int = 1


def control(server: NewsroomServer, body: bytes) -> tuple[int, bytes]:
    """Carry out an order; return status and JSON. A wrong order is a 400 that names what is wrong."""
    try:
        order = msgspec.json.decode(body, type=Order)
        result = _carry_out(server, order)
    except (msgspec.MsgspecError, Misuse, UnicodeDecodeError) as error:
        return 400, msgspec.json.encode({"error": str(error)})
    return 200, msgspec.json.encode(result)


def _carry_out(server: NewsroomServer, order: Order) -> Any:
    if order.do == "fault":
        if order.at is None or order.fault is None:
            raise Misuse("fault: needs at and fault")
        server.faults.set(order.at, order.fault)
        return {"set": order.at}
    if order.do == "clear":
        server.faults.clear(order.at)
        return {"cleared": order.at}
    if order.do == "publish":
        return server.newsroom.publish(order.count)
    if order.do == "forget":
        server.record.clear()
        return {"forgotten": True}
    if order.do == "warm":
        return {"pages": server.desk.warm()}
    raise Misuse(f"do {order.do!r}: must be fault, clear, publish, warm or forget")


def control_status(server: NewsroomServer, path: str) -> tuple[int, bytes]:
    """Return status and JSON of what is asked under `/_control/`."""
    base = server.url if len(server.newsroom.sites) == 1 else ""
    if path == "/_control/hits":
        return 200, msgspec.json.encode(server.hits.by_address())
    if path == "/_control/requests":
        return 200, msgspec.json.encode([asdict(request) for request in server.record.requests()])
    if path == "/_control/truth":
        return 200, msgspec.json.encode(server.newsroom.truth(base))
    if path == "/_control/faults":
        return 200, msgspec.json.encode(server.faults.listed())
    return 404, b'{"error": "ask for /_control/hits, requests, truth or faults"}'
