"""What may be shown of a request."""

from __future__ import annotations

import pytest

from mockpbx.core import masking

TOKEN = "aB3dE6gH9" * 3 + "xyz"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:pass@crm.test/?token=abc&a=1", "https://u:***@crm.test/?token=***&a=1"),
        ("a=password&client_secret=s&password=p", "a=password&client_secret=***&password=***"),
        ("code[]=1&code%5B0%5D=2&mycode=3", "code[]=***&code%5B0%5D=***&mycode=3"),
        ('{"password": "p\\"q", "a": 1}', '{"password": "***", "a": 1}'),
        ('{"sip_password": "x"}', '{"sip_password": "***"}'),
        ('{"password": "p', '{"password": "***'),
        ('{"token_type": "Bearer"}', '{"token_type": "Bearer"}'),
        (
            '--x\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\ns3cret\r\n--x--',
            '--x\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n***\r\n--x--',
        ),
        (f"/api/ver1.0/no/such/{TOKEN}", "/api/ver1.0/no/such/***"),
        ("Authorization: Bearer abc", "Authorization: Bearer ***"),
        ("CallID=0123456789abcdef0123456789abcdef", "CallID=0123456789abcdef0123456789abcdef"),
        ("dial-in of phone 101 at 12:00:00", "dial-in of phone 101 at 12:00:00"),
    ],
)  # fmt: skip
def test_texts(text: str, shown: str) -> None:
    """Secrets of addresses, queries, forms, JSON and headers are masked, and nothing else."""
    assert masking.text(text) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", "Bearer abc", "Bearer ***"),
        ("Cookie", "abc", "***"),
        ("X-Own", "a", "a"),
        ("Referer", "https://a.example.com/?code=1", "https://a.example.com/?code=***"),
    ],
)
def test_headers(name: str, value: str, shown: str) -> None:
    """Of credentials only the scheme is shown."""
    assert masking.header(name, value) == shown


def test_values() -> None:
    """JSON is masked within, by the names of its keys and in its texts."""
    found = {"a": [{"secret": "x", "n": 1}], "url": "https://u:p@a.example.com/", "token": None}
    assert masking.value(found) == {
        "a": [{"secret": "***", "n": 1}],
        "url": "https://u:***@a.example.com/",
        "token": None,
    }
