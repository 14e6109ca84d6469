"""Learn the weights anew: ``python -m infra.models.second_ear``, a minute. The same wordings give the same weights."""

import json

from infra.models.second_ear.learn import learned
from infra.models.second_ear.wordings import examples
from shared.conversation.understanding.second_ear import SURE, WEIGHTS

if __name__ == "__main__":
    told = {act.value: learned(examples(), act) for act in SURE}
    WEIGHTS.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")
