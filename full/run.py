#!/usr/bin/env python3
"""Runs long forms of the tests at full size, and writes one line for each into full/record.tsv.

Usage: full/run.py [FORM...] [--finding ID]    without a form: all forms of full/forms.tsv, one after the other
       full/run.py FORM --finding ID --record-only

A failed run is recorded too. --finding names the open finding (full/findings.tsv) that a failure shows.
With --record-only nothing runs: the last line of FORM is a failure, and is written again with its finding.
Needs a tree without changes; only what earlier forms wrote (figures, the record) may differ from HEAD.
Exit codes: 0 all passed, 1 one failed or could not be recorded, 2 wrong input, 130 or 143 interrupted.
"""
import argparse
import contextlib
import datetime
import os
import pathlib
import signal
import subprocess
import sys
import time

import output
import tables
from history import GitFailed, History

ROOT = pathlib.Path(__file__).resolve().parent.parent
WITHOUT_CLUSTER = ("simulate", "slow")
# what forms write: their changes do not make the tree another one
RESULTS = ("full/record.tsv", "full/figures", "docs/failures.md", "docs/proof.md", "docs/measurements", "proof/*.tsv",
           "benchmarks/results")
GRACE_SECONDS = 60


class Refused(Exception):
    """What was asked for cannot be done; the message says what to do."""


class Interrupted(Exception):
    def __init__(self, number):
        self.number = number


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(prog="full/run.py", description=__doc__.split("\n")[0])
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--finding", metavar="ID", help="the open finding that a failure shows")
    parser.add_argument("--record-only", action="store_true", help="name the finding of the last failure; run nothing")
    options = parser.parse_args(arguments)
    try:
        chosen = choose(root, options)
        if options.record_only:
            return record_again(root, chosen, options.finding)
        need_cluster(chosen)
        verdicts = {}
        for form in chosen:
            verdicts[form.name] = run(root, form, options.finding)
    except (Refused, tables.Malformed, GitFailed) as e:
        print(e, file=sys.stderr)
        return 2
    except Interrupted as e:
        print(f"\nInterrupted: this run is not recorded, it has no verdict. Again: make full FORM={form.name}",
              file=sys.stderr)
        return 128 + e.number
    print("\n".join(f"{name}: {verdict}" for name, verdict in verdicts.items()))
    print("Commit full/record.tsv and full/figures: the record is what the check reads.")
    return 0 if set(verdicts.values()) == {"passed"} else 1


def choose(root, options):
    known = tables.forms(root)
    tables.record(root)
    unknown = [name for name in options.forms if name not in known]
    if unknown:
        raise Refused(f"There is no form '{unknown[0]}'. The forms are: {', '.join(known)}.")
    open_findings = sorted({finding.id for finding in tables.findings(root)})
    if options.finding and options.finding not in open_findings:
        raise Refused(f"'{options.finding}' is no open finding: add it to full/findings.tsv first. "
                      f"Open are: {', '.join(open_findings) or 'none'}.")
    return [known[name] for name in dict.fromkeys(options.forms or known)]


def need_cluster(chosen):
    needy = [form.name for form in chosen if form.name not in WITHOUT_CLUSTER]
    kubeconfig = os.environ.get("WINDLASS_TEST_KUBECONFIG")
    if needy and not kubeconfig:
        raise Refused(f"{', '.join(needy)}: a cluster is needed. Set WINDLASS_TEST_KUBECONFIG to its kubeconfig; "
                      "docs/testing.md has all variables.")
    if needy and not os.path.isfile(kubeconfig):
        raise Refused(f"WINDLASS_TEST_KUBECONFIG names '{kubeconfig}', which is no file.")


def run(root, form, finding):
    """The verdict of one run, which is then in the record, or 'not recorded'."""
    history = History(root)
    refuse_changes(history)
    commit, tree = identity(history)
    began = datetime.datetime.now(datetime.timezone.utc)
    print(f"== {form.name} at {commit[:7]}, {began:%H:%M} UTC: {form.command}", flush=True)
    start = time.monotonic()
    collected = output.Collected(root, output.named_tests(form.command))
    log = pathlib.Path(root) / "target" / "full" / f"{form.name}.log"
    code = execute(root, form, collected, log)
    minutes = f"{(time.monotonic() - start) / 60:.1f}"
    why = f"exit code {code}" if code else collected.is_red()
    verdict = "failed" if why else "passed"
    print(f"== {form.name} {verdict} after {minutes} minutes" + (f": {why}" if why else "")
          + f". The whole output: {log}", flush=True)
    changed = changes(history)
    if identity(history) != (commit, tree) or changed:
        print("The tree changed during this run, so it says nothing about one commit and is not recorded. "
              f"Changed: {', '.join(changed) or 'HEAD'}", file=sys.stderr)
        return f"{verdict}, not recorded"
    line = tables.Run(form.name, commit, tree, f"{began:%Y-%m-%dT%H:%M:%SZ}", machine(), minutes, verdict,
                      finding or "-" if why else "-", f"full/figures/{form.name}.md")
    write_figures(root, line, why, collected)
    append(root, line)
    if why and not finding:
        print("The check fails until this form passes, or until its failure is an open finding: add a line to "
              f"full/findings.tsv, then: full/run.py {form.name} --finding ID --record-only", flush=True)
    return verdict


def execute(root, form, collected, log):
    """The exit code of the form's command. Its output goes to the terminal, to the log, and to the figures."""
    environment = dict(os.environ, WINDLASS_TEST_SIZE="full", PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1")
    log.parent.mkdir(parents=True, exist_ok=True)
    process = None
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # a session of its own, so that all processes that it starts can be ended together
        process = subprocess.Popen(["bash", "-c", form.command], cwd=root, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        with log.open("w") as kept:
            for line in process.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                kept.write(line)
                collected.take(line)
        return process.wait()
    except Interrupted as e:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        if process:
            end(process, e.number)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt(number, _):
    raise Interrupted(number)


def end(process, number):
    """Ends the command and all that it started. Tests get time to remove what they made on the cluster."""
    print(f"\nEnding the run; its tests get {GRACE_SECONDS} seconds to clean up.", file=sys.stderr, flush=True)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    try:
        # the output must be read, or the writer waits
        process.communicate(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def refuse_changes(history):
    changed = changes(history)
    if changed:
        raise Refused("The tree has changes, so a run would say nothing about a commit. Commit them or move them "
                      f"away: {', '.join(changed[:10])}{' …' if len(changed) > 10 else ''}")


def changes(history):
    """What differs from HEAD, untracked files too, without what forms write."""
    status = history.git("status", "--porcelain", "--untracked-files=all", "--no-renames", "--", ".",
                         *(f":(exclude){result}" for result in RESULTS))
    return [line[3:] for line in status.splitlines()]


def identity(history):
    return tuple(history.git("rev-parse", "HEAD", "HEAD^{tree}").split())


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{os.cpu_count()} cores, {memory // 2 ** 30} GiB"


def write_figures(root, line, why, collected):
    page = pathlib.Path(root) / line.figures
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"# Last run of {line.form}\n\nMade by `full/run.py`: {line.verdict}"
                    f"{f' ({why})' if why else ''}, commit `{line.commit[:7]}`, {line.date}, {line.machine}, "
                    f"{line.minutes} minutes.\n\n{collected.text()}")


def append(root, line):
    with tables.path(root, "record.tsv").open("a") as record:
        record.write(line.line())


def record_again(root, chosen, finding):
    if len(chosen) != 1 or not finding:
        raise Refused("--record-only needs one form and --finding ID.")
    lines = [line for line in tables.record(root) if line.form == chosen[0].name]
    if not lines or lines[-1].verdict != "failed":
        raise Refused(f"The last run of {chosen[0].name} did not fail: there is nothing to name a finding for.")
    last = lines[-1]
    append(root, tables.Run(last.form, last.commit, last.tree, last.date, last.machine, last.minutes, last.verdict,
                            finding, last.figures))
    print(f"{last.form}: its last run, at {last.commit[:7]}, failed because of {finding}. Commit full/record.tsv.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
