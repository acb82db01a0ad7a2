"""A whole installation, as `make run` starts it, and a browser in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from core.settings import ROOT

START_S = 240


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it answers and where its data lies."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    supervisor: int

    def run(self, *words: str) -> str:
        """A command of ours against this installation."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")  # Else its processes would run beside all later tests.
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engines, web, workers, relay and cron under the supervisor, with a short demo history."""
    data_dir = tmp_path_factory.mktemp("installation")
    for parent in (data_dir, *data_dir.parents):
        if parent == Path("/tmp"):
            break
        parent.chmod(0o755)
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TZ")},
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DEMO_DAYS": "14",
    }
    log = (data_dir / "run.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", "run"],
        env=environment,
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    end = time.monotonic() + START_S
    text = ""
    while "is ready" not in text:
        text = (data_dir / "run.log").read_text(errors="replace")
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            pytest.fail(f"the installation did not start:\n{text[-3000:]}")
        time.sleep(0.2)
    yield Installation(f"http://127.0.0.1:{port}", data_dir, environment, process.pid)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        log.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.skip("no Chromium on this machine: `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@dataclass(slots=True)
class People:
    """A browser context for each persona, in one language and width."""

    browser: Browser
    installation: Installation
    language: str
    width: int

    def sign_in(self, persona: str) -> BrowserContext:
        """A context signed in with one click on the start page."""
        context = self.browser.new_context(
            base_url=self.installation.url,
            locale={"pl": "pl-PL", "en": "en-GB"}[self.language],
            viewport={"width": self.width, "height": 844 if self.width < 600 else 768},
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto("/")
        page.locator(f'form[action$="/{persona}"] button').first.click()
        page.wait_for_url(lambda url: url.rstrip("/") != self.installation.url)
        if page.locator("html").get_attribute("lang") != self.language:
            # A persona keeps its language. On desktops the switch lies in a menu that need not be
            # open for this.
            switch = f'[data-preferences] button[name="locale"][value="{self.language}"]'
            page.locator(switch).first.evaluate("button => button.click()")
            expect(page.locator("html")).to_have_attribute("lang", self.language)
        return context
