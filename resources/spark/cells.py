"""Databricks' source format: a Python file whose comments say where a cell begins and which are not Python."""

import re
from dataclasses import dataclass

HEAD = "# Databricks notebook source"
BORDER = re.compile(r"^# COMMAND -{10}$", re.M)
MAGIC = "# MAGIC"


@dataclass(frozen=True)
class Cell:
    kind: str  # "md", "python", "sql" or "run"
    text: str
    line: int  # of the file, where its first line stands


def cells_of(source):
    """The cells of a notebook, in order; empty ones are left out."""
    if not source.startswith(HEAD):
        raise ValueError(f"This is no notebook in Databricks' source format: it must begin with '{HEAD}'.")
    found, at = [], len(HEAD)
    for border in [*BORDER.finditer(source), None]:
        end = len(source) if border is None else border.start()
        text = source[at:end]
        line = source.count("\n", 0, at + len(text) - len(text.lstrip("\n"))) + 1
        if text.strip():
            found.append(cell_of(text.strip("\n"), line))
        at = end if border is None else border.end()
    return found


def cell_of(text, line):
    lines = text.split("\n")
    # A comment may stand before the magic.
    first = next((each for each in lines if each.startswith(MAGIC)), None)
    if first is None:
        return Cell("python", text.rstrip(), line)
    bare = [each[len(MAGIC) :].removeprefix(" ") for each in lines if each.startswith(MAGIC)]
    word, _, rest = bare[0].partition(" ")
    kind = {"%md": "md", "%sql": "sql", "%run": "run"}.get(word)
    if kind is None:
        raise ValueError(f"Line {line}: a cell of this kind is not run here: {word}")
    return Cell(kind, "\n".join([rest, *bare[1:]]).strip(), line)


def statements_of(sql):
    """Each statement of a SQL cell: semicolons in texts, names and comments are none."""
    parts, begin = [], 0
    token = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|;", re.S)
    for match in token.finditer(sql):
        if match.group() == ";":
            parts.append(sql[begin : match.start()])
            begin = match.end()
    parts.append(sql[begin:])
    return [part.strip() for part in parts if part.strip()]
