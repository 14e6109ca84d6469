"""``python -m infra.simulator.ollama`` says where it listens, and how it can be called."""

import asyncio
import sys

import httpx


async def test_it_prints_its_address_and_answers_there() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "infra.simulator.ollama", "--port", "0", "--model", "tiny:1b",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=url) as http:
        models = [each["name"] for each in (await http.get("/api/tags")).json()["models"]]
    process.terminate()
    await process.wait()

    assert models[0] == "tiny:1b"
    assert "hostile:latest" in models


async def test_it_says_what_manners_there_are() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "infra.simulator.ollama", "--help", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert b"Hallucinating: adds prices" in b" ".join(said.split())
