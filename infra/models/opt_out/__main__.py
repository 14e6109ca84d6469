"""Learn the weights anew: ``python -m infra.models.opt_out``. The same wordings give the same weights."""

from infra.models.opt_out.learn import learned
from infra.models.opt_out.wordings import examples
from shared.conversation.understanding.second_ear import FILE

if __name__ == "__main__":
    FILE.write_text(learned(examples()), encoding="utf-8")
