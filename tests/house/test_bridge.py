"""Pages through the bridge: the same request and the same answer, whatever the phone does."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from tests.house.phone import Phone
from upturn.house.bridge import WHOLE, InThreads, environ_of

Start = Callable[[str, list[tuple[str, str]]], Any]
Pages = Callable[[dict[str, Any], Start], Iterable[bytes]]


def ask(pages: Pages, phone: Phone, **how: Any) -> Phone:
    async def run() -> None:
        bridge = InThreads(pages, **({"threads": 2, "body_bytes_max": 10_000_000} | how))
        await bridge(phone.scope, phone.receive, phone.send)
        await bridge.stop()

    asyncio.run(run())
    return phone


def echo(environ: dict[str, Any], start: Start) -> list[bytes]:
    start("201 Created", [("Content-Type", "text/plain"), ("X-Length", environ["CONTENT_LENGTH"])])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


@given(parts=st.lists(st.binary(max_size=50), max_size=8))
def test_a_body_arrives_whole_however_it_was_cut(parts: list[bytes]) -> None:
    phone = ask(echo, Phone(*parts))
    whole = b"".join(parts)
    assert (phone.status, phone.body) == (201, b"POST " + whole)
    assert phone.headers == {b"content-type": b"text/plain", b"x-length": b"%d" % len(whole)}


def test_a_large_body_arrives_too() -> None:
    parts = [bytes([n]) * 400_000 for n in range(7)]
    assert ask(echo, Phone(*parts)).body == b"POST " + b"".join(parts)


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_a_body_is_refused_before_any_thread_sees_it(announced: bool) -> None:
    headers = [(b"content-length", b"1001")] if announced else []
    phone = Phone(*[b"x" * 100] * 50, headers=headers)
    ask(echo, phone, body_bytes_max=1000)
    assert phone.status == 413
    assert b"Send it in smaller parts" in phone.body
    assert len(phone.to_send) == (51 if announced else 40)


def test_who_hangs_up_while_sending_is_not_worked_for() -> None:
    seen: list[str] = []
    phone = ask(lambda environ, start: seen.append("run") or [], Phone(b"half", hangs_up=True))
    assert (seen, phone.messages) == ([], [])


def test_phones_that_send_slowly_hold_no_thread() -> None:
    async def run() -> bytes:
        bridge = InThreads(echo, threads=1, body_bytes_max=1000)
        slow = [Phone() for _ in range(5)]
        for phone in slow:
            phone.receive = asyncio.Event().wait  # type: ignore[method-assign, assignment]
        waiting = [
            asyncio.create_task(bridge(phone.scope, phone.receive, phone.send)) for phone in slow
        ]
        quick = Phone(b"quick")
        await bridge(quick.scope, quick.receive, quick.send)
        for task in waiting:
            task.cancel()
        await bridge.stop()
        return quick.body

    assert asyncio.run(run()) == b"POST quick"


SIZES = st.lists(st.integers(0, WHOLE + 10), max_size=5)


@given(sizes=SIZES)
def test_an_answer_arrives_whole_however_it_is_made(sizes: list[int]) -> None:
    closed: list[bool] = []

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            return (bytes([number]) * size for number, size in enumerate(sizes))

        def close(self) -> None:
            closed.append(True)

    def pages(environ: dict[str, Any], start: Start) -> Parts:
        start("200 OK", [])
        return Parts()

    phone = ask(pages, Phone())
    assert phone.body == b"".join(Parts())
    assert [message["more_body"] for message in phone.messages[1:]][-1] is False
    assert closed == [True]
    if sum(sizes) < WHOLE:
        assert len(phone.messages) == 2


def test_an_answer_of_ordinary_size_gives_its_thread_back_before_it_is_read() -> None:
    async def run() -> bytes:
        bridge = InThreads(echo, threads=1, body_bytes_max=1000)
        slow, quick = Phone(b"slow"), Phone(b"quick")
        slow.reads.clear()
        reading = asyncio.create_task(bridge(slow.scope, slow.receive, slow.send))
        await bridge(quick.scope, quick.receive, quick.send)
        slow.reads.set()
        await reading
        await bridge.stop()
        return quick.body + slow.body

    assert asyncio.run(run()) == b"POST quickPOST slow"


def test_the_end_waits_for_the_request_that_runs_and_not_for_a_reader_that_is_stuck() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"] == "/endless":
            return iter([b"x" * WHOLE] * 9)
        begun.set()
        go_on.wait()
        ended.set()
        return iter([b"done"])

    async def run() -> Phone:
        bridge = InThreads(slow, threads=2, body_bytes_max=1000)
        stuck, working = Phone(path="/endless"), Phone()
        stuck.reads.clear()
        tasks = [
            asyncio.create_task(bridge(each.scope, each.receive, each.send))
            for each in (stuck, working)
        ]
        await asyncio.to_thread(begun.wait)
        while not bridge._sending:
            await asyncio.sleep(0)
        stopping = asyncio.create_task(bridge.stop())
        await asyncio.sleep(0)
        go_on.set()
        await stopping
        await asyncio.gather(*tasks, return_exceptions=True)
        return working

    assert asyncio.run(run()).body == b"done"
    assert ended.is_set()


def test_an_error_in_the_page_reaches_the_server() -> None:
    def broken(environ: dict[str, Any], start: Start) -> list[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(broken, Phone())


def test_a_request_is_translated_as_a_server_would() -> None:
    scope = Phone(
        path="/café/ü",
        query_string=b"a=1&b=%20",
        server=("example.org", 8000),
        client=("192.0.2.7", 999),
        headers=[
            (b"content-type", b"text/plain"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"x-forwarded-proto", b"https"),
            (b"x_forwarded_proto", b"forged"),
            (b"accept", b"text/html"),
            (b"accept", b"text/plain"),
        ],
    ).scope
    environ = environ_of(scope, None, 12)  # type: ignore[arg-type]
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/café/ü"
    expected = {
        "QUERY_STRING": "a=1&b=%20",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "12",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT": "text/html,text/plain",
        "HTTP_X_FORWARDED_PROTO": "https",
        "REMOTE_ADDR": "192.0.2.7",
        "SERVER_NAME": "example.org",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
    }
    assert {name: environ[name] for name in expected} == expected


def test_django_reads_forms_and_streams_files_through_it(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.MIDDLEWARE = []
    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"example.org")]
    phone = ask(get_wsgi_application(), Phone(b"words=so+", b"good", path="/form", headers=form))
    assert (phone.status, phone.body) == (200, b"so good")
    large = ask(get_wsgi_application(), Phone(path="/stream", headers=form))
    assert len(large.body) == 5 * WHOLE


def _form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["words"])


def _stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"x" * WHOLE for _ in range(5))


urlpatterns = [path("form", _form), path("stream", _stream)]
