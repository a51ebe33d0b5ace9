#!/usr/bin/env python3
"""Finds out how often a test fails, and runs those that are known to be flaky once more.

Usage: full/flaky.py NAME [--times 50]     runs one test many times; NAME is CLASS or CLASS#METHOD
       full/flaky.py --again REPORT_DIR... runs each failed test of these reports once more that full/flaky.tsv lists

The first form writes a line into full/flaky.tsv for each test method that failed, and removes the line of each that
never did. Exit codes: 0 no run failed, 1 one did, 2 wrong input.

The second form is for .ci/run after a red test run. A test that is not listed is never run again. Exit codes: 0 each
failed test is listed and passed at the second time; 1 otherwise, also where the reports have no failed test, since the
run then failed for another reason; 2 wrong input. It knows only what the reports say: the caller must have run all
modules in spite of the failure (-fae leaves out those that depend on the failed one).
"""
import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

import reports
import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = ("surefire-reports", "failsafe-reports")
# what --again saw pass: the report of a whole run does not count these as failed
PASSED_AGAIN = "target/passed-again"


class Refused(Exception):
    """What was asked for cannot be done; the message says what to do."""


class Target:
    """A test class, or one method of it, in its module."""

    def __init__(self, root, module, suite, method):
        self.root, self.module, self.suite, self.method = pathlib.Path(root), module, suite, method

    def runs(self):
        """Runs it once with Maven: its exit code and its cases. The reports that were there before stay."""
        with self.reports_aside() as folders:
            log = self.root / "target" / "flaky" / f"{self.suite.rpartition('.')[2]}.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("w") as output:
                code = subprocess.run(self.command(), cwd=self.root, stdout=output, stderr=subprocess.STDOUT).returncode
            cases = [case for folder in folders if folder.is_dir() for case in reports.read([folder])]
            mine = [case for case in cases
                    if case.suite == self.suite and self.method in ("", case.method) and case.outcome != "skipped"]
            if code and not any(case.is_bad() for case in mine):
                raise Refused(f"Maven failed, but not by a test of {self.suite}. Its output: {log}")
            if not mine:
                raise Refused(f"No test {self.suite}{'#' + self.method if self.method else ''} ran: it was skipped, or "
                              f"there is no such method. Maven's output: {log}")
            return mine

    def command(self):
        name = f"{self.suite}#{self.method}" if self.method else self.suite
        start = ["./mvnw", "-o", "-B", "-q"]
        if self.is_integration_test():
            # the whole project: what is deployed and started is not in the dependencies of the module
            return [*start, "verify", f"-Dit.test={name}", "-Dtest=NONE", "-Dsurefire.failIfNoSpecifiedTests=false",
                    "-Dfailsafe.failIfNoSpecifiedTests=false"]
        return [*start, "test", "-pl", self.module, "-am", f"-Dtest={name}",
                "-Dsurefire.failIfNoSpecifiedTests=false"]

    def is_integration_test(self):
        return self.suite.partition("$")[0].endswith("IT")

    @contextlib.contextmanager
    def reports_aside(self):
        folders = [self.root / self.module / "target" / kind for kind in KINDS]
        saved = [folder.with_name(f"{folder.name}-before") for folder in folders]
        for folder, safe in zip(folders, saved):
            if folder.is_dir() and not safe.exists():
                folder.rename(safe)
        try:
            yield folders
        finally:
            for folder, safe in zip(folders, saved):
                shutil.rmtree(folder, ignore_errors=True)
                if safe.is_dir():
                    safe.rename(folder)


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(prog="full/flaky.py", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="+", metavar="NAME", help="CLASS or CLASS#METHOD; with --again folders")
    parser.add_argument("--times", type=int, default=50, help="how often the test runs (50)")
    parser.add_argument("--again", action="store_true", help="run listed tests of these report folders once more")
    options = parser.parse_args(arguments)
    try:
        listed = tables.flaky(root)
        if options.again:
            return again(root, listed, reports.read(options.names))
        if len(options.names) != 1 or options.times < 1:
            raise Refused("Name one test, and a number of times above 0.")
        return many_times(root, listed, find(root, options.names[0]), options.times)
    except tables.Malformed as e:
        print(e, file=sys.stderr)
        return 1
    except (Refused, FileNotFoundError, ValueError) as e:
        print(e, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted: full/flaky.tsv is as it was.", file=sys.stderr)
        return 130


def find(root, name):
    """The test of that name; the class with or without its package, and with #METHOD or without."""
    suite, _, method = name.partition("#")
    outer, nested, inner = suite.partition("$")
    simple = outer.rpartition(".")[2]
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", f"*src/test/java/*{simple}.java"],
                           cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()
    found = []
    for file in files:
        module, _, path = file.rpartition("src/test/java/")
        qualified = path.removesuffix(".java").replace("/", ".")
        if outer in (qualified, qualified.rpartition(".")[2]) and os.path.isfile(os.path.join(root, file)):
            found.append(Target(root, module.rstrip("/") or ".", qualified + nested + inner, method))
    if not found:
        raise Refused(f"There is no test class '{suite}' in any src/test/java.")
    if len(found) > 1:
        raise Refused(f"'{suite}' stands in several packages. Name one: "
                      + ", ".join(target.suite for target in found))
    return found[0]


def need_cluster(target):
    if target.is_integration_test() and not os.environ.get("WINDLASS_TEST_KUBECONFIG"):
        raise Refused(f"{target.suite} needs a cluster. Set WINDLASS_TEST_KUBECONFIG; docs/testing.md has all "
                      "variables.")


def many_times(root, listed, target, times):
    need_cluster(target)
    runs, failures = {}, {}
    for number in range(1, times + 1):
        cases = target.runs()
        bad = {case.test for case in cases if case.is_bad()}
        for test in {case.test for case in cases}:
            runs[test] = runs.get(test, 0) + 1
            failures[test] = failures.get(test, 0) + (test in bad)
        print(f"run {number} of {times}: {'failed: ' + ', '.join(sorted(bad)) if bad else 'passed'}", flush=True)
    return write(root, listed, runs, failures)


def write(root, listed, runs, failures):
    """Writes the lines of the tests that ran; the cause of a line that was there stays."""
    def is_of(line, test):
        suite, _, method = test.partition("#")
        return line.test in (test, f"{suite.rpartition('.')[2]}#{method}")

    kept = [line for line in listed if not any(is_of(line, test) for test in runs)]
    for test in sorted(runs):
        before = next((line for line in listed if is_of(line, test)), None)
        if failures[test]:
            kept.append(tables.Flaky(test, failures[test], runs[test], before.cause if before else "-"))
            print(f"{test} failed {failures[test]} times of {runs[test]}; its line is in full/flaky.tsv. "
                  "Write its cause there once it is known.")
        elif before:
            print(f"{test} never failed in {runs[test]} runs; its line was removed from full/flaky.tsv.")
        else:
            print(f"{test} never failed in {runs[test]} runs; it has no line.")
    if kept != listed:
        tables.write_flaky(root, kept)
    if len(kept) > tables.FLAKY_LIMIT:
        print(f"full/flaky.tsv lists {len(kept)} tests, {tables.FLAKY_LIMIT} is the most: full/check.py fails until "
              "one is mended.")
    return 1 if any(failures.values()) else 0


def again(root, listed, cases):
    failed = {}
    for case in cases:
        if case.is_bad():
            failed.setdefault(case.test, case)
    if not failed:
        print("These reports have no failed test: the run failed for another reason.")
        return 1
    passed = [case.test for case in failed.values() if second_time(root, listed, case)]
    file = pathlib.Path(root) / PASSED_AGAIN
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{test}\n" for test in passed))
    return 0 if len(passed) == len(failed) else 1


def second_time(root, listed, case):
    """True if the test is listed and passes now."""
    line = next((line for line in listed if case.is_named(*line.test.split("#"))), None)
    if not line:
        print(f"{case.test}: {case.outcome}, and is not run again: full/flaky.tsv does not list it.", flush=True)
        return False
    print(f"{case.test}: {case.outcome} at first ({case.message}). It is listed: {line.failures} failures of "
          f"{line.runs} runs, cause: {line.cause}. Running it once more.", flush=True)
    target = find(root, case.test)
    need_cluster(target)
    try:
        bad = [other for other in target.runs() if other.is_bad()]
    except Refused as e:
        print(f"{case.test}: no second result. {e}")
        return False
    verdict = f"failed again ({bad[0].message})" if bad else "passed"
    print(f"{case.test}: {verdict} at the second time.", flush=True)
    return not bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
