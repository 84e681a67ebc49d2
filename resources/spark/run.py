"""Runs a notebook cell by cell and tells each step as one line of JSON.

usage: run.py   one line of JSON on its input: {"notebook", "widgets", "folder", "ivy", "delta"}; it ends when its input does.
"""

import datetime
import decimal
import io
import json
import os
import sys
import threading
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from cells import cells_of, statements_of
from utils import NotebookExit, Utils

MOST_ROWS = 1_000

events = os.fdopen(os.dup(1), "w", buffering=1)


def tell(kind, **more):
    events.write(json.dumps({"type": kind, **more}) + "\n")


def plain(value):
    """As JSON has it."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return value


class Lines(io.TextIOBase):
    """What a cell prints, as it prints it."""

    def __init__(self, cell):
        self.cell = cell

    def writable(self):
        return True

    def write(self, text):
        if text:
            tell("text", cell=self.cell, text=text)
        return len(text)


class Run:
    def __init__(self, notebook, widgets, spark):
        self.path = Path(notebook)
        self.spark = spark
        self.at = -1
        self.names = {
            "__name__": "__main__",
            "spark": spark,
            "dbutils": Utils(widgets),
            "display": self.display,
        }

    def display(self, table):
        rows = table.limit(MOST_ROWS + 1).collect()
        tell(
            "table",
            cell=self.at,
            columns=[{"name": name, "type": kind} for name, kind in table.dtypes],
            rows=[[plain(value) for value in row] for row in rows[:MOST_ROWS]],
            truncated=len(rows) > MOST_ROWS,
        )

    def whole(self):
        cells = cells_of(self.path.read_text("utf8"))
        tell("cells", cells=[{"kind": cell.kind, "text": cell.text, "line": cell.line} for cell in cells])
        for self.at, cell in enumerate(cells):
            began = time.monotonic()
            tell("began", cell=self.at)
            try:
                with redirect_stdout(Lines(self.at)), redirect_stderr(Lines(self.at)):
                    self.one(cell, self.path)
            except NotebookExit as ended:
                tell("done", cell=self.at, ms=since(began))
                tell("exit", value=str(ended.value))
                return True
            except BaseException as thrown:
                tell("failed", cell=self.at, ms=since(began), **told(thrown))
                return False
            tell("done", cell=self.at, ms=since(began))
        return True

    def one(self, cell, path):
        if cell.kind == "python":
            # Blank lines before it keep the numbers of its lines.
            code = compile("\n" * (cell.line - 1) + cell.text, str(path), "exec")
            exec(code, self.names)
        elif cell.kind == "sql":
            for statement in statements_of(cell.text):
                self.names["_sqldf"] = self.spark.sql(statement)
            self.display(self.names["_sqldf"])
        elif cell.kind == "run":
            other = (path.parent / cell.text.strip("\"'")).with_suffix(".py")
            if not other.is_file():
                raise FileNotFoundError(f"There is no notebook to run here: {other.name}")
            with self.names["dbutils"].widgets.of_a_notebook_within():
                for inner in cells_of(other.read_text("utf8")):
                    self.one(inner, other)


def since(began):
    return round((time.monotonic() - began) * 1_000)


def told(thrown):
    """Its name, its first words, and where in a notebook it was thrown."""
    place = next(
        (frame for frame in reversed(traceback.extract_tb(thrown.__traceback__)) if frame.filename.endswith(".py") and "notebooks" in Path(frame.filename).parts),
        None,
    )
    message = getattr(thrown, "getMessage", lambda: None)() or str(thrown)
    # With the statement itself, and where in it.
    if type(thrown).__name__ == "ParseException":
        message = str(thrown)
    # An exception of Java that PySpark has no name for: its own words, without the calls that led there.
    java = getattr(thrown, "java_exception", None)
    if java is not None:
        message = java.toString()
    return {
        "error": type(thrown).__name__,
        "message": message.split("JVM stacktrace")[0].strip()[:4_000],
        "where": None if place is None else {"notebook": Path(place.filename).name, "line": place.lineno},
    }


def main():
    asked = json.loads(sys.stdin.readline())
    # Whoever started this holds its input open: with him it ends, and Java with it.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(130)), daemon=True).start()
    began = time.monotonic()
    try:
        from session import open_session

        spark = open_session(asked["folder"], asked["ivy"], asked["delta"])
    except BaseException as thrown:
        tell("end", ok=False, **told(thrown))
        return 1
    tell("session", version=spark.version, ms=since(began))
    ok = Run(asked["notebook"], asked["widgets"], spark).whole()
    spark.stop()
    tell("end", ok=ok, error=None, message=None, where=None)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
