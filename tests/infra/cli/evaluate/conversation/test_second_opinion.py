"""A model's opinion stands beside the rules; what is no opinion is none."""

import json

import httpx
import ollama
import pytest

from infra.cli.evaluate.conversation.run import play_all
from infra.cli.evaluate.conversation.second_opinion import opinions
from shared.kernel.errors import Unavailable
from tests.infra.cli.evaluate.conversation.calls import cast_of, make_scenario


def answering(content: str, status: int = 200) -> ollama.AsyncClient:
    def answer(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        assert asked["format"]["properties"]["naturalness"]
        return httpx.Response(status, json={"model": "m", "message": {"role": "assistant", "content": content}})

    return ollama.AsyncClient(host="http://judge.example", transport=httpx.MockTransport(answer))


async def test_an_opinion_is_read_and_nonsense_is_none() -> None:
    played = (await play_all([make_scenario()], cast_of())).played
    good = json.dumps({"naturalness": 4, "repeats_itself": False, "ignores_the_person": False, "why": "brief"})

    [opinion] = (await opinions(played, answering(good), model="m")).values()
    assert opinion is not None
    assert opinion.naturalness == 4
    assert list((await opinions(played, answering("I'd say 9!"), model="m")).values()) == [None]


async def test_a_judge_that_is_away_is_said_so() -> None:
    played = (await play_all([make_scenario()], cast_of())).played

    with pytest.raises(Unavailable, match="judge"):
        await opinions(played, answering("", status=500), model="m")
