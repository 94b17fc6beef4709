#!/usr/bin/env python3
"""Makes the C++ of the contract.

usage: contract_gen.py [--list] [API_FOLDER OUT_FOLDER]

Writes OUT_FOLDER/api/*.{hpp,cpp}; files whose content stays the same keep their time, so nothing is rebuilt for them.
With --list prints the names of the files instead of writing them. Without folders: api to build/generated/contract, and
the TypeScript client to web/src/lib/api.
"""
import pathlib
import sys

import contract_headers as headers
import contract_sources as sources
from contract_cpp import pascal
from contract_model import Contract, ContractError, load_or_exit
from contract_ts import write_client


def check_names(contract: Contract) -> None:
    taken = set(contract.schemas)
    for operation in contract.operations:
        name = pascal(operation.id)
        if name in taken:
            raise ContractError(f"{operation.file}.yaml: {operation.id}: {name} exists already")
        taken.add(name)


def generate(contract: Contract) -> dict[str, str]:
    """File name → content."""
    check_names(contract)
    files = sorted({schema.file for schema in contract.schemas.values()} | set(contract.tags))
    headers.check_include_cycles(contract, files)
    out = {"enums.hpp": headers.enums_header(contract), "enums.cpp": headers.enums_source(contract),
           "scalars.hpp": sources.scalar_header(contract), "scalars.cpp": sources.scalar_source(contract),
           "routes.cpp": headers.routes_source(contract), "websocket_events.hpp": headers.events_header(contract)}
    with_operations = {operation.file for operation in contract.operations}
    for file in files:
        types = headers.types_header(contract, file)
        if types:
            out[f"{file}_types.hpp"] = types
        if file in with_operations:
            out[f"{file}_api.hpp"] = headers.operations_header(contract, file)
        out[f"{file}_contract.cpp"] = sources.file_source(contract, file)
    return out


def main() -> int:
    arguments = [one for one in sys.argv[1:] if one != "--list"]
    if len(arguments) not in (0, 2) or any(one.startswith("-") for one in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(__file__).resolve().parents[2]
    contract = load_or_exit(arguments[0] if arguments else str(root / "api"))
    if not arguments:
        arguments = [str(root / "api"), str(root / "build" / "generated" / "contract")]
        write_client(contract, root / "web" / "src" / "lib" / "api")
    try:
        out = generate(contract)
    except ContractError as error:
        print(f"contract: {error}", file=sys.stderr)
        return 1
    folder = pathlib.Path(arguments[1]) / "api"
    if "--list" in sys.argv:
        print(";".join(str(folder / name) for name in sorted(out)))
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in out.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
