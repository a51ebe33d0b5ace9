#!/usr/bin/env python3
"""Switches guards off, one at a time, and sees whether a test turns red. Writes the tables in docs/proof.md.

Usage: proof/run.py [--all | --only-missing | --list] [NAME-PART...]

  (nothing)       the rows whose guarded file, entry or tests have changed since they were proved (proof/hashes.tsv)
  --all           all rows; one that was interrupted goes on where it was, as long as HEAD is the same commit
  --only-missing  the rows that were never proved
  --list          says of each row whether it is up to date; runs nothing
  NAME-PART...    only rows with one of these in their names; without an option they run even if nothing changed

Works in clones of HEAD, two rows at a time; needs what ./mvnw verify needs, and a filled Maven repository.
Exit code: 0 each row that ran turned red, or no row had to run; 1 another result; 2 called wrongly, or a text is not found.
"""
import argparse
import concurrent.futures
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from guards import GUARDS  # noqa: E402
from mutations import BROKEN_ON_PURPOSE  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
LANES = 2
TIME_LIMIT = 45 * 60  # seconds for one row: a guard that is off may let a test wait for ever
UP_TO_DATE, TO_RUN, NOT_FOUND = "up to date", "to run", "not found"
RED, GREEN = "red", "GREEN"
NOT_COMPILED, NOT_RUN, BROKEN = "does not compile", "tests left out", "Maven failed, no test did"


@dataclasses.dataclass(frozen=True)
class Outcome:
    result: str
    reds: tuple[str, ...] = ()
    output: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    mark: str
    head: tuple[str, str]
    guards: list


class Page:
    """The tables of docs/proof.md, and the hashes of the rows that are proved."""

    TABLES = (Table("guards", ("guard", "without it"), GUARDS),
              Table("mutations", ("broken on purpose", "finding"), BROKEN_ON_PURPOSE))

    def __init__(self, page, hashes, tables=TABLES):
        self.page, self.file, self.tables = page, hashes, tables
        self.hashes = {}
        if hashes.exists():
            self.hashes = dict(line.rsplit("\t", 1) for line in hashes.read_text().splitlines())

    def rows(self):
        return {line.split(" | ")[0].removeprefix("| "): line
                for table in self.tables for line in self._parts(table)[1].splitlines() if line.startswith("| ")}

    def _parts(self, table):
        begin, end = f"<!-- {table.mark}: made by proof/run.py -->", f"<!-- end of {table.mark} -->"
        head, rest = self.page.read_text().split(begin)
        rows, tail = rest.split(end)
        return head + begin, rows, end + tail

    def write(self, guard, line, digest):
        """One row anew; all others stay as the run before had them. Without a digest the row runs again next time."""
        for table in self.tables:
            head, _, tail = self._parts(table)
            known = self.rows() | {guard.name: line}
            lines = [known[g.name] for g in table.guards if g.name in known]
            heads = [f"| {table.head[0]} | {table.head[1]} | what turned red | at |", "| --- | --- | --- | --- |"]
            self.page.write_text("\n".join([head, "", *heads, *lines, "", tail]))
        self.hashes[guard.name] = digest
        names = [g.name for table in self.tables for g in table.guards]
        self.file.write_text("".join(f"{n}\t{self.hashes[n]}\n" for n in names if self.hashes.get(n)))


def sources_of_tests(root, guard):
    """The files of the test classes, and of those that they extend; of the simulator, all."""
    if guard.module == "simulator":
        return sorted(p for p in (root / "simulator/src").rglob("*") if p.is_file())
    folder = root / guard.module / "src/test/java"
    wanted, found = list(guard.tests), set()
    while wanted:
        files = set(folder.rglob(wanted.pop() + ".java")) - found
        found |= files
        wanted += [base for file in files for base in re.findall(r"\bclass \w+ extends (\w+)", file.read_text())]
    return sorted(found)


def digest_of(root, guard):
    """Of everything that a row rests on: the guarded file, the entry of the guard, and its tests."""
    digest = hashlib.sha256()

    def add(data):
        digest.update(b"%d:" % len(data) + data)

    add((root / guard.file).read_bytes())
    for text in (guard.file, guard.text, guard.without, *guard.where, guard.form):
        add(text.encode())
    for source in sources_of_tests(root, guard):
        add(str(source.relative_to(root)).encode())
        add(source.read_bytes())
    return digest.hexdigest()[:16]


def missing(root, guard):
    """What of a guard is not there; None if all is."""
    file = root / guard.file
    if not file.is_file() or guard.text not in file.read_text():
        return f"its text is not in {guard.file}"
    if not sources_of_tests(root, guard):
        return f"no test {','.join(guard.tests)} in {guard.module}"
    if any(test.endswith("IT") for test in guard.tests) and not guard.needs_cluster:
        return "one run cannot have unit tests and ITs"
    return None


def state(root, guard, page):
    if missing(root, guard):
        return NOT_FOUND
    proved = guard.name in page.rows() and page.hashes.get(guard.name) == digest_of(root, guard)
    return UP_TO_DATE if proved else TO_RUN


def proved_at(commit, root, guard, page):
    return page.rows().get(guard.name, "").endswith(f"| `{commit}` |") and state(root, guard, page) == UP_TO_DATE


def chosen(guards, root, page, options, commit):
    named = [g for g in guards if not options.names or any(part in g.name for part in options.names)]
    if options.all:
        return [g for g in named if not proved_at(commit, root, g, page)]
    if options.only_missing:
        return [g for g in named if g.name not in page.hashes]
    if options.names:
        return named
    return [g for g in named if state(root, g, page) != UP_TO_DATE]


def maven(clone, guard):
    """Its tests, and what they need, without the checks that are not about them."""
    tests = ",".join(guard.tests)
    which = ["verify", f"-Dit.test={tests}", "-Dtest=NONE"] if guard.needs_cluster else ["test", f"-Dtest={tests}"]
    command = ["./mvnw", "-o", "-B", "-ntp", *which, "-pl", guard.module, "-am",
               "-Dsurefire.failIfNoSpecifiedTests=false", "-Dfailsafe.failIfNoSpecifiedTests=false", "-Djib.skip=true",
               "-Dspotless.check.skip", "-Dwindlass.errorprone=-Xdiags:compact", "-Dwindlass.werror=-Xdiags:compact"]
    environment = dict(os.environ, WINDLASS_TEST_SIZE="full" if guard.form else "short")
    try:
        done = subprocess.run(command, cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=TIME_LIMIT)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or ""
        return 1, (said.decode(errors="replace") if isinstance(said, bytes) else said) + f"\nno end after {TIME_LIMIT} s"


def red(output):
    """The tests that failed, by name, of surefire and of failsafe; a class whose set-up failed has no method."""
    found = re.findall(r"^\[ERROR\] io\.windlass\.(?:[a-z]\w*\.)*(?:\w+\$)*([A-Z]\w*)(?:\.(\w+))?.* -- Time elapsed: .*<<< ", output, re.M)
    return tuple(sorted({f"`{test or 'set-up'}` in {suite}" for suite, test in found}))


def tests_run(output):
    """How many ran and were not skipped; by the last line of each module."""
    totals = re.findall(r"^\[\w+\] Tests run: (\d+), Failures: \d+, Errors: \d+, Skipped: (\d+)$", output, re.M)
    return sum(int(run) - int(skipped) for run, skipped in totals)


def judge(code, output):
    """A mutation that does not compile proves nothing, nor does a test that did not run."""
    if "COMPILATION ERROR" in output:
        return Outcome(NOT_COMPILED, output=output)
    reds = red(output)
    if code and reds:
        return Outcome(RED, reds)
    if code:
        return Outcome(BROKEN, output=output)
    return Outcome(GREEN if tests_run(output) else NOT_RUN)


def switched_off(clone, guard, run):
    path = clone / guard.file
    original = path.read_bytes()
    path.write_bytes(original.replace(guard.text.encode(), guard.without.encode(), 1))
    try:
        return judge(*run(clone, guard))
    finally:
        path.write_bytes(original)


def prove(guards, clones, run, report):
    """Each clone takes a row as soon as it is free; only one at a time uses the cluster, which is the same for all."""
    # neighbours share modules, so that little is compiled anew
    waiting = sorted(guards, key=lambda g: (not g.needs_cluster, g.module, g.file))
    free, cluster = threading.Condition(), []

    def next_row():
        with free:
            while waiting:
                row = next((g for g in waiting if not (g.needs_cluster and cluster)), None)
                if row:
                    waiting.remove(row)
                    cluster.extend([row] if row.needs_cluster else [])
                    return row
                free.wait()
            return None

    def work(clone):
        while row := next_row():
            outcome = switched_off(clone, row, run)
            with free:
                report(row, outcome)
                if row in cluster:
                    cluster.remove(row)
                free.notify_all()

    with concurrent.futures.ThreadPoolExecutor(len(clones)) as lanes:
        try:
            running = [lanes.submit(work, clone) for clone in clones]
            for lane in concurrent.futures.as_completed(running):
                lane.result()
        except BaseException:
            with free:
                waiting.clear()
                free.notify_all()
            raise


def line_of(guard, outcome, commit):
    shown = "; ".join(outcome.reds[:2]) + (f" and {len(outcome.reds) - 2} more" if len(outcome.reds) > 2 else "")
    if guard.form and shown:
        shown += f" (only `make full FORM={guard.form}`)"
    return f"| {guard.name} | {guard.against} | {shown or '**nothing**'} | `{commit}` |"


class Report:
    """What came of each row: on the terminal at once, and in the page."""

    def __init__(self, page, count, commit, digests, clock=time.monotonic):
        self.page, self.count, self.commit, self.digests, self.clock = page, count, commit, digests, clock
        self.begun = clock()
        self.results = []

    def __call__(self, guard, outcome):
        self.results.append((guard, outcome))
        done, elapsed = len(self.results), self.clock() - self.begun
        rest = elapsed / done * (self.count - done)
        print(f"{done} of {self.count}, {minutes(elapsed)} elapsed, about {minutes(rest)} left: "
              f"{outcome.result}  {guard.name}: {', '.join(outcome.reds[:3])}", flush=True)
        if outcome.result in (RED, GREEN):
            digest = self.digests[guard.name] if outcome.result == RED else None
            self.page.write(guard, line_of(guard, outcome, self.commit), digest)

    def end(self):
        for result in (NOT_COMPILED, BROKEN):
            for guard, outcome in self.results:
                if outcome.result == result:
                    errors = [line for line in outcome.output.splitlines() if line.startswith("[ERROR]")]
                    print(f"\n{result}: {guard.name}\n  " + "\n  ".join(errors[:8] or outcome.output.splitlines()[-8:]))
        for result in (NOT_RUN, GREEN):
            for guard, outcome in self.results:
                if outcome.result == result:
                    print(f"\n{result}: {guard.name} ({','.join(guard.tests)} in {guard.module})")
        proved = sum(outcome.result == RED for _, outcome in self.results)
        print(f"\n{proved} of {len(self.results)} guards are proven, in {minutes(self.clock() - self.begun)}")
        return 0 if proved == len(self.results) else 1


def minutes(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def git(*args, cwd=ROOT):
    return subprocess.check_output(["git", *args], cwd=cwd, text=True).strip()


def options_of(args):
    parser = argparse.ArgumentParser(prog="proof/run.py", usage=__doc__, add_help=False)
    which = parser.add_mutually_exclusive_group()
    for option in ("--all", "--only-missing", "--list", "--help"):
        which.add_argument(option, action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args(args)


def within(folder, options, page):
    """All of a run but the making of its folder."""
    guards = [g for table in page.tables for g in table.guards]
    first = folder / "1"
    git("clone", "-q", str(ROOT), str(first))
    if options.list:
        for guard in guards:
            if not options.names or any(part in guard.name for part in options.names):
                print(f"{state(first, guard, page):10}  {guard.name}")
        return 0
    if git("status", "--porcelain", "--", ".", ":!docs/proof.md", ":!proof"):
        print("What is not committed is not part of this run: it works on HEAD.")
    commit = git("rev-parse", "--short", "HEAD", cwd=first)
    rows = chosen(guards, first, page, options, commit)
    if options.all and not options.names and len(rows) < len(guards):
        print(f"{len(guards) - len(rows)} of {len(guards)} rows are proved at {commit} already")
    if options.names and not rows and not options.only_missing:
        print(f"No guard has a name with {' or '.join(options.names)}; see proof/run.py --list", file=sys.stderr)
        return 2
    gone = [(g, missing(first, g)) for g in (rows if options.names else guards) if missing(first, g)]
    for guard, why in gone:
        print(f"not found: {guard.name}: {why}", file=sys.stderr)
    if gone:
        return 2
    if not rows:
        print("no row to run")
        return 0
    clones = [first]
    for lane in range(2, min(LANES, len(rows)) + 1):
        clones.append(folder / str(lane))
        git("clone", "-q", str(first), str(clones[-1]))
    report = Report(page, len(rows), commit, {g.name: digest_of(first, g) for g in rows})
    prove(rows, clones, maven, report)
    return report.end()


def main(args):
    options = options_of(args)
    if options.help:
        print(__doc__)
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="windlass-proof-"))
    try:
        return within(folder, options, Page(ROOT / "docs/proof.md", ROOT / "proof/hashes.tsv"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
