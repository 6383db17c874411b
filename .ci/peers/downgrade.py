"""Converts a folder of OpenAPI 3.1 descriptions with openapi-downgrade:
downgrade.py SCHEMA SOURCES OUTPUT
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import jsonschema
from openapi_downgrade.converter import transformer

schema, sources, output = map(Path, sys.argv[1:])
validator = jsonschema.Draft4Validator(json.loads(schema.read_text()))


def validate(document):
    """The same check as the program's own, which downloads the schema for each document."""
    error = next(validator.iter_errors(document), None)
    return error is None, error and error.message


transformer.validate_openapi_3 = validate

shutil.rmtree(output, ignore_errors=True)
output.mkdir(parents=True)
paths = {source: source.resolve() for source in sorted(sources.glob("*.json"))}
output = output.resolve()
# The program writes its warnings to the current folder.
with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    warnings = Path("warnings.txt")
    for source, path in paths.items():
        warnings.unlink(missing_ok=True)
        try:
            converted = transformer.convert_spec(json.loads(path.read_text()))
        except Exception as error:  # Whatever it is, the program prints it.
            (output / f"{source.stem}.error").write_text(f"{type(error).__name__}: {error}"[:500])
            continue
        (output / f"{source.stem}.json").write_text(json.dumps(converted))
        if warnings.exists():
            shutil.copy(warnings, output / f"{source.stem}.notes")
