"""The page in a real Chromium, whose fake microphone speaks: what a person sees and does."""

import asyncio
import shutil
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Page, async_playwright, expect

from functions.api.app import build_app
from functions.api.talk import TalkBody, make_link
from shared.calls.ports import Lease
from shared.campaigns import Opening
from shared.campaigns.opening import opening_text
from tests.functions.desk import Desk, StoppedClock
from tests.shared.calls.world import SELLER, World, make_campaign
from tests.voice_node.browser.conftest import Rehearsing
from tests.voice_node.conftest import SECRET
from tests.voice_node.doubles import NOON, tone
from tests.voice_node.media_client import until
from voice_node.speech.mulaw import from_mulaw, to_mulaw

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")
QUIET_SECONDS = 4
PATIENCE_MS = 30_000

Spoken = Callable[[str], bytes]


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The address of an application on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def chromium(microphone: Path | None) -> AsyncIterator[Page]:
    """A page of a browser whose microphone plays a file again and again, or that lends none to anybody."""
    flags = ["--no-proxy-server", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
    if microphone is not None:
        flags += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield await browser.new_page(viewport={"width": 900, "height": 1000})
        finally:
            await browser.close()


def record(file: Path, mulaw: bytes) -> Path:
    """A file for the microphone: some quiet, then the words."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(QUIET_SECONDS * 16_000) + from_mulaw(mulaw))
    return file


@pytest.fixture
async def link(rehearsing: Rehearsing) -> AsyncIterator[str]:
    """A link to the page, of a control plane that knows the worker."""
    url = f"ws://127.0.0.1:{rehearsing.node.port}"
    lease = Lease(worker="w1", epoch="e1", url=url, slots=2, live=0, ready=True)
    desk = Desk(world=World(lease=lease), clock=StoppedClock(NOON))
    services = replace(desk.services, call_token_secret=SECRET)
    campaign, words = make_campaign(), opening_text(SELLER)
    hum = Opening(
        campaign_id=campaign.id, voice=campaign.voice, text=words, audio=to_mulaw(tone(0.6)), rendered_at=NOON
    )
    services.campaigns.save_opening(hum)
    made = make_link(TalkBody(campaign_id=campaign.id), services)
    async with served(build_app(services)) as address:
        yield f"{address}/v1/talk#{made.pass_text}"


async def lines(page: Page) -> list[str]:
    """The conversation as the page shows it."""
    return await page.locator("#words li").all_inner_texts()


async def moves(page: Page, meter: str) -> None:
    """Wait until a level meter shows sound."""
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        while await page.locator(meter).evaluate("bar => parseFloat(bar.style.width || 0)") < 10:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_one_talks_with_the_agent_by_microphone_and_loudspeaker(
    rehearsing: Rehearsing, link: str, spoken: Spoken, tmp_path: Path
) -> None:
    rehearsing.node.recognises += ["yes", "bye"]
    microphone = record(tmp_path / "microphone.wav", spoken("Yes this is Bob."))

    async with chromium(microphone) as page:
        await page.goto(link)
        await page.get_by_role("button", name="Start talking").click()
        await expect(page.get_by_role("status")).to_have_text("You are talking", timeout=PATIENCE_MS)
        await expect(page.get_by_role("button", name="Hang up")).to_be_enabled()
        await moves(page, "#theirs")
        await moves(page, "#mine")
        await page.screenshot(path=tmp_path / "talking.png")
        await expect(page.get_by_role("status")).to_have_text("The conversation is over", timeout=PATIENCE_MS)
        shown, about = await lines(page), await page.locator("#about").inner_text()
        await page.screenshot(path=tmp_path / "over.png")

    assert shown == [opening_text(SELLER), "Is this Bob?", "yes", "You said yes.", "bye", "You said bye."]
    assert about.startswith("Spring, for Hill Country Homes LLC. You are Alex Morgan.")
    assert (rehearsing.node.cabinet.reports, rehearsing.node.live.items) == ([], [])
    await until(lambda: not rehearsing.node.admission.lease.live)


async def test_a_refused_microphone_is_explained_in_plain_words(rehearsing: Rehearsing, link: str) -> None:
    async with chromium(None) as page:
        await page.goto(link)
        await page.get_by_role("button", name="Start talking").click()
        await expect(page.get_by_role("alert")).to_contain_text("may not use the microphone")
        await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()

    assert not rehearsing.node.admission.lease.live


async def test_a_busy_agent_and_a_missing_link_are_explained(
    rehearsing: Rehearsing, link: str, spoken: Spoken, tmp_path: Path
) -> None:
    rehearsing.node.admission.lease.slots = 0

    async with chromium(record(tmp_path / "microphone.wav", b"")) as page:
        await page.goto(link.partition("#")[0])
        await expect(page.get_by_role("alert")).to_contain_text("reauto talk")
        await page.goto("about:blank")
        await page.goto(link)
        await page.get_by_role("button", name="Start talking").click()
        await expect(page.get_by_role("alert")).to_have_text("the agent is busy: try again in a moment")
