"""The part of `dbutils` that our notebooks use, on this computer."""

from contextlib import contextmanager


class NotebookExit(Exception):
    """What `dbutils.notebook.exit` ends a notebook with."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class Widgets:
    def __init__(self, given):
        self._given = dict(given)
        self._values = {}

    def _add(self, name, default):
        self._values[name] = self._given.get(name, default)

    @contextmanager
    def of_a_notebook_within(self):
        """As Databricks documents it: a notebook that `%run` runs has its own widgets, with their defaults."""
        given, values = self._given, self._values
        self._given, self._values = {}, {}
        try:
            yield
        finally:
            self._given, self._values = given, values

    def text(self, name, defaultValue="", label=""):
        self._add(name, defaultValue)

    def dropdown(self, name, defaultValue, choices, label=""):
        self._add(name, defaultValue)
        if self._values[name] not in choices:
            raise ValueError(f"{name} is none of {', '.join(choices)}: {self._values[name]}")

    def get(self, name):
        if name not in self._values:
            raise KeyError(f"There is no widget of this name: {name}")
        return self._values[name]


class Secrets:
    """There is no scope here: the lake and the streams of this computer need no keys."""

    def get(self, scope, key):
        raise ValueError(f"There is no secret scope on this computer: {scope}. Its lake and streams need no keys.")


class Files:
    def mounts(self):
        return []

    def mount(self, source, mount_point):
        raise ValueError(f"Nothing is mounted on this computer: {mount_point}. Give the lake's own folder.")


class Notebook:
    def exit(self, value):
        raise NotebookExit(value)


class Utils:
    def __init__(self, widgets):
        self.widgets = Widgets(widgets)
        self.secrets = Secrets()
        self.fs = Files()
        self.notebook = Notebook()
