"""What people paste."""

from __future__ import annotations

import json

import pytest

from navaar_ytmusic_gateway.pasted import NoHeaders, headers_from

COOKIE = "SID=g.a000; __Secure-3PAPISID=abc/def; PREF=f6=40000000"

FIREFOX = f"""POST /youtubei/v1/browse?prettyPrint=false HTTP/2
Host: music.youtube.com
User-Agent: Mozilla/5.0
Accept-Encoding: gzip, deflate, br
Content-Length: 1234
Authorization: SAPISIDHASH 1_2
X-Goog-AuthUser: 1
X-Origin: https://music.youtube.com
Cookie: {COOKIE}
"""

CHROME = f""":authority:
music.youtube.com
:method:
POST
cookie:
{COOKIE}
user-agent:
Mozilla/5.0
x-goog-authuser:
1
x-origin:
https://music.youtube.com
"""

CURL = f"""curl 'https://music.youtube.com/youtubei/v1/browse?prettyPrint=false' \\
  -X POST \\
  -H 'user-agent: Mozilla/5.0' \\
  -H 'x-goog-authuser: 1' \\
  -H 'x-origin: https://music.youtube.com' \\
  -b '{COOKIE}' \\
  --data-raw '{{"context":{{}}}}'
"""

JSON = json.dumps(
    {"Cookie": COOKIE, "User-Agent": "Mozilla/5.0", "X-Goog-AuthUser": "1", "X-Origin": "https://music.youtube.com"}
)


@pytest.mark.parametrize("text", [FIREFOX, CHROME, CURL, JSON, FIREFOX.replace("\n", "\r\n")])
def test_every_way_to_copy_gives_the_same_headers(text: str) -> None:
    found = headers_from(text)
    assert found["cookie"] == COOKIE
    assert (found["user-agent"], found["x-goog-authuser"]) == ("Mozilla/5.0", "1")
    assert found["origin"] == "https://music.youtube.com"
    assert not {"host", "content-length", "accept-encoding", "authorization"} & set(found)


@pytest.mark.parametrize("text", ["", "hello", "{", "curl 'unfinished", "Host: music.youtube.com", '{"a": 1}'])
def test_anything_else_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(NoHeaders) as caught:
        headers_from(text)
    assert "unfinished" not in str(caught.value)
