"""A running newsroom that the tests of this folder share; faults and counts are cleared after each."""

import pytest
import urllib3

from workers.newsroom import Newsroom, NewsroomServer

HOST = "site-2.newsroom.test"


@pytest.fixture(scope="package")
def running():
    with NewsroomServer(Newsroom(sites=2, articles=20)) as server:
        pool = urllib3.HTTPConnectionPool(server.host, server.port, maxsize=1, retries=False, timeout=10)
        yield server, pool
        pool.close()


@pytest.fixture
def server(running):
    yield running[0]
    running[0].faults.clear()
    running[0].record.clear()


@pytest.fixture
def ask(running):
    def ask(path, host=HOST, method="GET", **more):
        headers = {"Host": host, **more.pop("headers", {})}
        return running[1].request(method, path, headers=headers, redirect=False, **more)

    return ask
