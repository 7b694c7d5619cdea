"""mockpbx has all that it ships, however it was installed: worlds, pages, documents, a server."""

import sys
import urllib.request

from mockpbx import MockPBX, create_app
from mockpbx.worlds import names

assert names() == ["documented", "empty", "office"], names()
for name in names():
    create_app(name)
client = create_app().test_client()
page = "/oauth/authorize?response_type=code&client_id=web-app"
assert client.get(f"{page}&redirect_uri=https://crm.example.com/back").status_code == 200
assert client.get("/openapi.json").status_code == 200
with MockPBX() as pbx:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert direct.open(f"{pbx.url}/_mockpbx/health", timeout=10).status == 200
sys.stdout.write("all there\n")
