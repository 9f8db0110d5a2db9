"""The program listens before it is ready, says so, and then is the site; what goes wrong meanwhile is told."""

import socket
import threading
import time
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from assistant.errors import SettingsError
from assistant.web.opening import Opening, launch
from tests.commands import free_port


@contextmanager
def served(opening):
    """Over real HTTP; gives a client."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(opening, port=port, lifespan="on", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def noted():
    return []


@pytest.fixture
def site(noted):
    """One that notes its life and keeps something in it."""

    @asynccontextmanager
    async def living(_):
        noted.append("up")
        yield {"kept": "something"}
        noted.append("down")

    made = FastAPI(lifespan=living)

    @made.get("/")
    def read(request: Request) -> str:
        return request.state.kept

    return made


def test_a_page_comes_at_once_and_the_site_when_it_is_there(site, noted):
    may = threading.Event()

    def make():
        may.wait(30)
        return site

    with served(Opening(make)) as client:
        page = client.get("/?school=oakfield")
        assert page.status_code == 503
        assert "The program is starting." in page.text
        assert 'http-equiv="refresh"' in page.text
        assert page.headers["retry-after"] == "2"
        assert [client.get(path).json() for path in ("/health", "/alive")] == [{"status": "starting"}] * 2
        assert client.post("/gradio_api/queue/join").status_code == 503
        assert noted == []
        may.set()
        until(lambda: client.get("/").status_code == 200)
        assert client.get("/").json() == "something"
        assert noted == ["up"]
    assert noted == ["up", "down"]


def test_it_stops_while_the_site_is_being_made(site, noted):
    never = threading.Event()
    with served(Opening(lambda: never.wait(20) and site)) as client:
        assert client.get("/").status_code == 503
    never.set()
    assert noted == []


def test_a_site_that_can_t_be_made_ends_the_program_with_its_error():
    def make():
        raise SettingsError("The index is of another model. Ingest again.")

    with pytest.raises(SettingsError, match="Ingest again"):
        launch(make, "127.0.0.1", free_port())


def test_a_port_that_is_taken_is_a_mistake_that_says_what_to_do(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port}: another program has it\. .*--port"):
            launch(lambda: site, "127.0.0.1", port)
