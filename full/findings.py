#!/usr/bin/env python3
"""The open findings: known defects, each shown by a test with @Tag("finding") that fails until the defect is mended.

Usage: full/findings.py check REPORT_DIR...   judges the reports of a run of these tests and of nothing else
       full/findings.py modules               the modules of the listed tests, for -pl
       full/findings.py tests                 the listed tests, for -Dtest

Exit codes of check: 0 each listed test failed by its assertion, and no other test is in the reports; 1 otherwise;
2 wrong input. modules and tests print nothing where no test is listed: then there is nothing to run.
"""
import argparse
import pathlib
import sys

import reports
import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(prog="full/findings.py", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="judges the reports").add_argument("folders", nargs="+", metavar="REPORT_DIR")
    commands.add_parser("modules", help="prints the modules of the listed tests")
    commands.add_parser("tests", help="prints the listed tests")
    options = parser.parse_args(arguments)
    try:
        listed = tables.findings(root)
        if options.command == "check":
            return check(listed, reports.read(options.folders))
    except tables.Malformed as e:
        print(e, file=sys.stderr)
        return 1
    except (FileNotFoundError, ValueError) as e:
        print(e, file=sys.stderr)
        return 2
    print(",".join(modules(listed) if options.command == "modules" else patterns(listed)))
    return 0


def modules(listed):
    return list(dict.fromkeys(finding.module for finding in listed if finding.module))


def patterns(listed):
    methods = {}
    for finding in listed:
        if finding.suite:
            methods.setdefault(finding.suite, {})[finding.method] = True
    return [f"{suite}#{'+'.join(names)}" for suite, names in methods.items()]


def check(listed, cases):
    shown_by_tests = [finding for finding in listed if finding.suite]
    problems = [f"{finding.id}: {finding.describe()} {wrong}"
                for finding in shown_by_tests if (wrong := judge(runs_of(finding, cases)))]
    known = {id(case) for finding in shown_by_tests for case in runs_of(finding, cases)}
    strangers = dict.fromkeys(f"{case.module} {case.test}".strip() for case in cases if id(case) not in known)
    problems += [f"{test} ran with the findings, but full/findings.tsv does not list it. Add its line, or remove "
                 '@Tag("finding").' for test in strangers]
    for problem in problems:
        print(f"finding: {problem}")
    count = len({finding.id for finding in listed})
    state = "" if problems else " Each of these tests fails by its assertion, as it must."
    print(f"Open findings: {count}, shown by {len(shown_by_tests)} tests.{state if shown_by_tests else ''}")
    return 1 if problems else 0


def runs_of(finding, cases):
    return [case for case in cases
            if case.is_named(finding.suite, finding.method)
            and (not case.module or f"/{case.module}".endswith(f"/{finding.module}"))]


def judge(runs):
    """What is wrong with the runs of a test that must fail by its assertion; empty if it does."""
    broken = [run for run in runs if run.outcome == "error"]
    if broken:
        return f"must fail by its assertion, but broke: {broken[0].message}. Mend the test."
    if any(run.outcome == "failed" for run in runs):
        return ""
    if any(run.outcome == "passed" for run in runs):
        return 'passed: the defect is mended. Remove @Tag("finding") and its line in full/findings.tsv.'
    return "was skipped: it shows nothing." if runs else "did not run: it is not in these reports."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
