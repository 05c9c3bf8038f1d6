"""Health: alive, ready, started, version, figures for a monitor."""

import ipaddress
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Checks = Callable[[], Awaitable[Mapping[str, bool]]]
Figures = Callable[[], Mapping[str, float]]


@dataclass
class Meter:
    """Counts answers by method and status; seconds are summed."""

    answers: Tally[tuple[str, int]] = field(default_factory=Tally)
    seconds: float = 0.0

    def count(self, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self.answers[(method, status)] += 1
        self.seconds += seconds


def routes(
    checks: Checks, figures: Figures, meter: Meter, version: Mapping[str, str]
) -> list[Route]:
    """Return the routes of a monitor; ``checks`` name what must be true to take requests."""

    async def livez(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readyz(_: Request) -> Response:
        found = dict(await checks())
        good = all(found.values())
        headers = {} if good else {"Retry-After": "1"}
        return JSONResponse({"ready": good, "checks": found}, 200 if good else 503, headers)

    async def told(_: Request) -> Response:
        return JSONResponse(dict(version))

    async def metrics(request: Request) -> Response:
        if not _near(request):
            raise HTTPException(404)
        return PlainTextResponse(_exposed(figures(), meter), media_type="text/plain; version=0.0.4")

    return [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/startupz", readyz),
        Route("/version", told),
        Route("/metrics", metrics),
    ]


def _near(request: Request) -> bool:
    """Figures are told on this machine only."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _exposed(figures: Mapping[str, float], meter: Meter) -> str:
    lines = [f"polyphony_{name} {value}" for name, value in figures.items()]
    lines += [
        f'polyphony_http_requests_total{{method="{method}",status="{status}"}} {count}'
        for (method, status), count in sorted(meter.answers.items())
    ]
    lines.append(f"polyphony_http_request_seconds_sum {meter.seconds}")
    lines.append(f"polyphony_http_request_seconds_count {meter.answers.total()}")
    return "\n".join(lines) + "\n"
