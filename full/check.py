#!/usr/bin/env python3
"""Says which long forms of the tests have not run for too long, or failed when they ran last.

Usage: full/check.py [--strict]
       full/check.py --unchanged FORM    exit code 0 if no commit changed its paths since its last run, which passed

Warns of a form that has no run, whose last run is of a commit that is not in the history, or is older than the
form's number of commits on its paths. Commits that only rename files do not count.
Exit codes: 0 fine or only warnings; 1 where the last run of a form failed and names no open finding, where the files
of this folder are malformed, or where the record lost a line. With --strict, for releases, a warning fails too.
"""
import argparse
import pathlib
import sys

import tables
from history import GitFailed, History

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = "full/record.tsv"


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(prog="full/check.py", description=__doc__.split("\n")[0])
    parser.add_argument("--strict", action="store_true", help="a warning fails too; for releases")
    parser.add_argument("--unchanged", metavar="FORM", help="only say whether this form still stands for HEAD")
    options = parser.parse_args(arguments)
    try:
        forms, record = tables.forms(root), tables.record(root)
        open_findings = {finding.id for finding in tables.findings(root)}
        known_flaky = tables.flaky(root)
    except tables.Malformed as e:
        print(e, file=sys.stderr)
        return 1
    try:
        history = History(root)
    except GitFailed as e:
        print(f"The record can be checked in a Git repository only. {e}", file=sys.stderr)
        return 1
    if options.unchanged:
        return 0 if stands(history, forms.get(options.unchanged), record) else 1
    problems = lost_lines(root, history)
    if len(known_flaky) > tables.FLAKY_LIMIT:
        problems.append(f"full/flaky.tsv lists {len(known_flaky)} tests, {tables.FLAKY_LIMIT} is the most. "
                        "Mend one and remove its line.")
    warnings = []
    last = {run.form: run for run in record}
    for form in forms.values():
        run = last.get(form.name)
        warning = age(history, form, run)
        if warning:
            warnings.append(f"{form.name}: {warning} Run: make full FORM={form.name}")
        if run and run.verdict == "failed":
            failed = (f"{form.name}: its last run failed (commit {run.commit[:7]}, {run.date[:10]}, "
                      f"figures {run.figures})")
            if run.finding in open_findings:
                warnings.append(f"{failed}. Its open finding is {run.finding}. Run: make full FORM={form.name}")
            else:
                problems.append(f"{failed} and names {closed(run.finding)}. Mend it and run: make full "
                                f"FORM={form.name}; or open a finding: full/run.py {form.name} --finding ID "
                                "--record-only")
    show(forms, warnings, problems)
    return 1 if problems or options.strict and warnings else 0


def stands(history, form, record):
    """Whether the last run of a form passed, and no commit has changed its paths since."""
    runs = [run for run in record if form and run.form == form.name]
    if not runs or runs[-1].verdict != "passed":
        return False
    commit = history.find(runs[-1].commit, runs[-1].tree)
    return bool(commit) and history.commits_since(commit, form.paths, 1) == 0


def age(history, form, run):
    """Why the last run does not stand for what is in HEAD; empty if it does."""
    if not run:
        return "it has no line in the record."
    commit = history.find(run.commit, run.tree)
    if not commit:
        if history.is_shallow():
            return (f"its last run is of commit {run.commit[:7]}, which this shallow clone does not have. "
                    "Get the history first: git fetch --unshallow.")
        return (f"its last run is of commit {run.commit[:7]}, which is not in the history, and no commit there has "
                "the same tree.")
    count = history.commits_since(commit, form.paths, form.commits)
    if count <= form.commits:
        return ""
    return (f"{count} commits changed its paths since its last run (commit {commit[:7]}, {run.date[:10]}), "
            f"{form.commits} is the most.")


def closed(finding):
    return "no finding" if finding == "-" else f"{finding}, which is no open finding of full/findings.tsv"


def lost_lines(root, history):
    """The record only ever grows: what a commit added to it stays, and new lines stand at its end."""
    present = tables.path(root, "record.tsv").read_text()
    problems = []
    if not present.startswith(history.at_head(RECORD) or ""):
        problems.append(f"{RECORD} only ever grows, but the lines of HEAD are not its beginning. "
                        f"Put them back: git diff {RECORD}")
    lines = set(present.splitlines())
    for line in dict.fromkeys(history.lines_ever(RECORD)):
        if line not in lines:
            problems.append(f"{RECORD} only ever grows, but it lost this line of an earlier commit. Put it back: "
                            f"{line}")
    return problems


def show(forms, warnings, problems):
    print(f"Long forms of the tests: {len(forms)} forms, {len(warnings)} warnings, {len(problems)} errors")
    for warning in warnings:
        print(f"  warning: {warning}")
    for problem in problems:
        print(f"  ERROR: {problem}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
