"""Compiles what the handlers import: Lambda may not write, and would compile it again at each cold start.

Run with nothing but the staged folder on the path: ``python -S compile_used.py FOLDER``. What is imported only later,
in the middle of a request, is left as it is; all of it compiled would be larger than it is worth.
"""

import importlib
import py_compile
import sys
from pathlib import Path

LATER = (
    "functions.bootstrap",
    "shared.adapters.aws.clients",
    "shared.adapters.aws.dead_letters",
    "shared.adapters.aws.s3",
    "shared.adapters.aws.secrets",
    "shared.adapters.aws.sns",
    "shared.adapters.aws.sqs",
    "aws_lambda_powertools.utilities.batch",
    "functions.messages",
    "functions.emf",
    "twilio.rest.api.v2010.account.call",
    "twilio.rest.lookups.v2.phone_number",
)


def main(folder: Path) -> None:
    """Import every door, then compile whatever of ``folder`` that has loaded."""
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    doors = [path.relative_to(folder).with_suffix("") for path in sorted((folder / "functions").rglob("*.py"))]
    for name in (*(".".join(door.parts).removesuffix(".__init__") for door in doors), *LATER):
        importlib.import_module(name)
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None)
        if source and source.endswith(".py") and Path(source).is_relative_to(folder):
            py_compile.compile(
                source,
                dfile=str(Path("/var/task") / Path(source).relative_to(folder)),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
