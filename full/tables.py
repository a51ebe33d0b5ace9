"""Reads the tab separated files of this folder. A malformed line is named by its file and number."""
import pathlib
import re
from dataclasses import dataclass

FOLDER = "full"
FLAKY_LIMIT = 5


class Malformed(Exception):
    """A file that cannot be read: the message names the file, the line, and what is wrong."""


@dataclass(frozen=True)
class Form:
    """One long run: its shell command, the Git pathspecs that it proves, and how old its last run may be."""

    COLUMNS = ("form", "command", "paths", "commits")
    name: str
    command: str
    paths: tuple
    commits: int


@dataclass(frozen=True)
class Run:
    """A line of the record."""

    COLUMNS = ("form", "commit", "tree", "date", "machine", "minutes", "verdict", "finding", "figures")
    form: str
    commit: str
    tree: str
    date: str
    machine: str
    minutes: str
    verdict: str
    finding: str
    figures: str

    def line(self):
        return "\t".join(getattr(self, column) for column in self.COLUMNS) + "\n"


@dataclass(frozen=True)
class Finding:
    """A known defect that is open: shown by one test that fails, or by a form."""

    COLUMNS = ("finding", "test", "page")
    id: str
    module: str
    suite: str
    method: str
    form: str
    page: str

    def describe(self):
        return f"form {self.form}" if self.form else f"{self.module} {self.suite}#{self.method}"


@dataclass(frozen=True)
class Flaky:
    """A test that sometimes fails: how often in how many runs, and why, if that is known."""

    COLUMNS = ("test", "failures", "runs", "cause")
    test: str
    failures: int
    runs: int
    cause: str

    def line(self):
        return f"{self.test}\t{self.failures}\t{self.runs}\t{self.cause}\n"


def header(kind):
    return "\t".join(kind.COLUMNS) + "\n"


def path(root, name):
    return pathlib.Path(root) / FOLDER / name


def forms(root):
    """The forms by name, in the order of the file."""
    found = {}
    for where, (name, command, paths, commits) in rows(path(root, "forms.tsv"), Form.COLUMNS):
        need(re.fullmatch(r"[a-z][a-z0-9-]*", name), where, f"'{name}' is no name of a form: use a-z, 0-9 and -")
        need(name not in found, where, f"the form '{name}' stands here twice")
        need(re.fullmatch(r"[1-9]\d*", commits), where, f"commits must be a number above 0, not '{commits}'")
        found[name] = Form(name, command, tuple(paths.split()), int(commits))
    return found


def record(root):
    """All runs, the oldest first."""
    return parse_record(path(root, "record.tsv"))


def parse_record(file):
    found = []
    for where, values in rows(file, Run.COLUMNS):
        run = Run(*values)
        for what in (run.commit, run.tree):
            need(re.fullmatch(r"[0-9a-f]{40}", what), where, f"'{what}' is no id of 40 hexadecimal digits")
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", run.date), where,
             f"the date must look like 2026-11-26T04:30:00Z, not '{run.date}'")
        need(re.fullmatch(r"\d+\.\d", run.minutes), where,
             f"minutes must have one decimal, like 20.5, not '{run.minutes}'")
        need(run.verdict in ("passed", "failed"), where,
             f"the verdict must be 'passed' or 'failed', not '{run.verdict}'")
        need(run.verdict == "failed" or run.finding == "-", where, "a run that passed names no finding: write -")
        found.append(run)
    return found


def findings(root):
    """The open findings. One finding may have several lines, one for each of its tests."""
    found = []
    for where, (name, test, page) in rows(path(root, "findings.tsv"), Finding.COLUMNS):
        need(re.fullmatch(r"[A-Za-z0-9][\w.-]*", name), where, f"'{name}' is no id of a finding")
        parts = re.fullmatch(r"form (?P<form>[\w-]+)|(?P<module>\S+) (?P<suite>[\w.$]+)#(?P<method>\w+)", test)
        need(parts, where, f"the test must be 'MODULE CLASS#METHOD' or 'form NAME', not '{test}'")
        found.append(Finding(name, parts["module"] or "", parts["suite"] or "", parts["method"] or "",
                             parts["form"] or "", page))
    return found


def flaky(root):
    """The tests that are known to be flaky."""
    found = []
    for where, (test, failures, runs, cause) in rows(path(root, "flaky.tsv"), Flaky.COLUMNS):
        need(re.fullmatch(r"[\w.$]+#\w+", test), where, f"the test must be CLASS#METHOD, not '{test}'")
        need(failures.isdecimal() and runs.isdecimal() and 0 < int(failures) <= int(runs), where,
             f"{failures} failures of {runs} runs is not possible: a flaky test failed at least once")
        found.append(Flaky(test, int(failures), int(runs), cause))
    return found


def write_flaky(root, lines):
    path(root, "flaky.tsv").write_text(header(Flaky) + "".join(one.line() for one in lines))


def rows(file, columns):
    """(place, values) of each line below the header; each value is at least one character long."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        raise Malformed(f"{shown(file)} is missing. Its first line must be: {' '.join(columns)} (tab separated).")
    except UnicodeDecodeError:
        raise Malformed(f"{shown(file)} is not UTF-8.")
    need(text.endswith("\n"), f"{shown(file)}:{text.count(chr(10)) + 1}", "the last line does not end, it may be cut")
    lines = text[:-1].split("\n")
    need(lines[0] == "\t".join(columns), f"{shown(file)}:1",
         f"the header must be: {' '.join(columns)} (tab separated)")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        where = f"{shown(file)}:{number}"
        values = line.split("\t")
        need(len(values) == len(columns), where,
             f"{len(columns)} columns are needed ({', '.join(columns)}), here are {len(values)}")
        for column, value in zip(columns, values):
            need(value, where, f"the column '{column}' is empty: write - if there is nothing")
            need(value == value.strip(), where, f"the column '{column}' begins or ends with a space")
        found.append((where, values))
    return found


def shown(file):
    return f"{FOLDER}/{file.name}"


def need(condition, where, message):
    if not condition:
        raise Malformed(f"{where}: {message}.")
