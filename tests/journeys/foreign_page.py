"""The page of somebody else the widget stands on: its policy, its scripts, our levers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from tests.journeys.stage import Stage

from polyphony.app import web as role

FORMER = """
<script nonce=n0nce>
  window.chatwootSettings = {"position":"left","type":"standard","launcherTitle":"Talk to us"};
  (function(d,t) {
    var BASE_URL="https://app.chatwoot.example";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.chatwootSDK.run({ websiteToken: 'OldWebsiteToken', baseUrl: BASE_URL })
    }
  })(document,"script");
</script>
<script nonce=n0nce>
  window.heard = [];
  ["ready","opened","closed","on-message"].forEach(function(name) {
    window.addEventListener("chatwoot:" + name, function(event) {
      window.heard.push(name);
      if (name === "ready") {
        window.$chatwoot.setUser("4711", { name: "Eva", email: "eva@example.org" });
        window.$chatwoot.setCustomAttributes({ plan: "gold" });
        window.$chatwoot.setLocale("cs");
      }
    });
  });
</script>
"""
"""The snippet of Chatwoot as a site has it; only the address of the script is another."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@asynccontextmanager
async def serving(app: object, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off"
    )
    server = role.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
        assert not task.done()
    yield
    server.should_exit = server.force_exit = True
    await task


def host(stage: Stage) -> Starlette:
    """The page of somebody else: strict policy, the one line of script, and our levers."""
    levers = stage.levers()

    async def page(request: Request) -> Response:
        asked = request.query_params
        language = asked.get("lang", "en")
        socket_ = stage.base.replace("http", "ws", 1)
        framed = asked.get("mode") == "iframe"
        nonce = "'nonce-n0nce'" if "former" in asked else ""
        policy = (
            f"default-src 'none'; script-src {stage.base} {nonce};"
            f" connect-src {stage.base} {socket_}; base-uri 'none'; form-action 'none'"
        )
        if framed:
            policy = f"default-src 'none'; script-src {stage.base}; frame-src {stage.base}"
        if "before" in asked:
            policy = policy.replace("script-src", f"script-src {stage.page}")
        body = (
            f"<!doctype html><html lang={language}><meta charset=utf-8>"
            "<meta name=viewport content='width=device-width,initial-scale=1'>"
            f"<title>Shop</title><main><h1>Shop</h1><p>{'Lorem ipsum ' * 200}</p></main>"
            f"{scripts(stage, asked)}</html>"
        )
        return HTMLResponse(body, headers={"Content-Security-Policy": policy})

    async def before(request: Request) -> Response:
        return Response(request.query_params["js"], media_type="text/javascript")

    async def pull(request: Request) -> Response:
        given = await request.json()
        return JSONResponse(await levers[request.path_params["lever"]](given))

    return Starlette(
        routes=[
            Route("/", page),
            Route("/before.js", before),
            Route("/pull/{lever}", pull, methods=["POST"]),
        ]
    )


def scripts(stage: Stage, asked: Mapping[str, str]) -> str:
    """The scripts of the page: ours, nothing, or a former product's snippet as it was."""
    if "blank" in asked:
        return ""
    if "former" in asked:
        return FORMER.replace("https://app.chatwoot.example", stage.base)
    before = ""
    if "before" in asked:
        before = f'<script src="/before.js?{urlencode({"js": asked["before"]})}"></script>'
    mode = f' data-mode="{asked["mode"]}"' if "mode" in asked else ""
    ours = f'src="{stage.base}/w.js" data-key="{stage.shop.key}"{mode}'
    return f"{before}<script async {ours}></script>"
