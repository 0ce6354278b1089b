"""Run notebooks on an empty offline account and store the outputs that a static page can show.

    make refresh                                     all of them
    make refresh ARGS="notebooks/03_collect.ipynb"   one

What is stored is what a reader of the page should see: no widget views, no widget state, no timing, and of
an error its last line. Running it twice gives the same file: outputs that differ only in what is masked
(sanitize.cfg) keep their old ids and times.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import nbformat

from tests.notebooks.masking import VIEW, mask, texts
from tests.notebooks.offline import offline_environment
from tests.notebooks.running import name, notebooks, run

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def refresh(path: Path) -> bool:
    """Run one notebook and write it if its bytes have changed. The environment is the caller's."""
    before = path.read_text("utf-8")
    new = cleaned(run(path))
    keep_old_outputs(cleaned(nbformat.reads(before, as_version=4)), new)
    after = nbformat.writes(new) + "\n"
    if after != before:
        path.write_text(after, "utf-8")
    return after != before


def cleaned(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook without what a static page cannot show or what differs by machine."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = KERNELSPEC
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
            if output.output_type == "error":
                output["traceback"] = [f"{output.ename}: {output.evalue}"]
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell.outputs if output.get("data") != {}]
    return notebook


def keep_old_outputs(old: nbformat.NotebookNode, new: nbformat.NotebookNode) -> None:
    """Keep old outputs that mean the same, and use their ids and times in those that do not, so that one
    object has one id from the first cell to the last."""
    before = {cell.id: cell.get("outputs", []) for cell in old.cells if "id" in cell}
    names: dict[str, str] = {}
    changed = []
    for cell in new.cells:
        was, now = before.get(cell.get("id"), []), cell.get("outputs", [])
        masked_was = [(what, *mask(text)) for what, text in texts(was)]
        masked_now = [(what, *mask(text)) for what, text in texts(now)]
        if [entry[:2] for entry in masked_was] == [entry[:2] for entry in masked_now]:
            for (*_, old_names), (*_, new_names) in zip(masked_was, masked_now, strict=True):
                names.update(zip(new_names, old_names, strict=True))
            now[:] = was
            for output in now:
                if output.output_type == "execute_result":
                    output["execution_count"] = cell.execution_count
        else:
            changed.append(now)
    for now in changed:
        now[:] = renamed(now, names)


def renamed(outputs: list[nbformat.NotebookNode], names: dict[str, str]) -> list[nbformat.NotebookNode]:
    """The same outputs with every text that is a key of `names` replaced."""
    if not names:
        return outputs
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    text = pattern.sub(lambda match: names[match.group()], json.dumps(outputs, ensure_ascii=False))
    return [nbformat.from_dict(output) for output in json.loads(text)]


def main(arguments: list[str]) -> None:
    """Refresh the notebooks named, or all. Raises NotebookFailed and writes nothing for one that fails."""
    for path in [Path(argument).resolve() for argument in arguments] or notebooks():
        with (
            tempfile.TemporaryDirectory(prefix="irl-refresh-", ignore_cleanup_errors=True) as folder,
            patch.dict(os.environ, offline_environment(Path(folder))),
        ):
            print(name(path), "updated" if refresh(path) else "unchanged", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
