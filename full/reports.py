"""Reads the JUnit XML reports that Surefire and Failsafe write."""
import pathlib
import re
import xml.etree.ElementTree as tree
from dataclasses import dataclass

ASSERTION = re.compile(r"(AssertionError|AssertionFailedError|MultipleFailuresError)$")


@dataclass(frozen=True)
class Case:
    """One run of one test. The outcome is passed, failed (by an assertion), error or skipped."""

    module: str
    suite: str
    method: str
    outcome: str
    message: str
    seconds: float = 0.0

    @property
    def test(self):
        return f"{self.suite}#{self.method}"

    def is_named(self, suite, method):
        """True if this is a run of that test; the class may be given with or without its package."""
        return self.method == method and suite in (self.suite, self.suite.rpartition(".")[2])

    def is_bad(self):
        return self.outcome in ("failed", "error")


def read(folders):
    """All cases of the reports in these folders and below. A folder that does not exist raises FileNotFoundError."""
    found = []
    for folder in map(pathlib.Path, folders):
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is no folder: name folders with reports, like "
                                    "web-server/target/surefire-reports")
        for report in sorted(folder.rglob("TEST-*.xml")):
            found += cases(report)
    return found


def cases(report):
    try:
        suite = tree.parse(report).getroot()
    except tree.ParseError as e:
        raise ValueError(f"{report} is no whole report ({e}): the test run was cut off")
    return [case(module_of(report), element) for element in suite.iter("testcase")]


def case(module, element):
    # a test with parameters is named method(int)[1]
    method = re.split(r"[(\[{]", element.get("name", ""), maxsplit=1)[0]
    outcome, message = "passed", ""
    for tag in ("error", "failure", "skipped"):
        bad = element.find(tag)
        if bad is not None:
            outcome = tag
            message = f"{bad.get('type', '')}: {bad.get('message') or ''}".strip(": ").split("\n")[0][:300]
            if tag == "failure":
                outcome = "failed" if ASSERTION.search(bad.get("type", "")) else "error"
            break
    seconds = float(element.get("time", "0").replace(",", ""))
    return Case(module, element.get("classname", ""), method, outcome, message, seconds)


def module_of(report):
    """The module's folder as written in the path of the report; empty if the path does not say."""
    parts = report.parts
    return "/".join(parts[:parts.index("target")]) if "target" in parts else ""
