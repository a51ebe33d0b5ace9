#!/usr/bin/env python3
"""Measures the blocks of a test run: minutes, CPU time, memory; and prints the tables at its end.

  blocks.py begin                     forgets the run before
  blocks.py run BLOCK COMMAND...      runs a command as one block
  blocks.py maven COMMAND...          runs Maven; what each plugin does goes to its block
  blocks.py report                    prints the tables, and the line that counts the tests

The table of the last run stays in target/blocks.tsv. CPU time is that of the whole machine, the cluster included.
"""
import glob
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "full"))
import reports  # noqa: E402

TABLE = ROOT / "target" / "blocks.tsv"
LOG = ROOT / "target" / "ci.log"
PASSED_AGAIN = ROOT / "target" / "passed-again"
SLOWEST = 40
LIMIT_MINUTES, WARN_MINUTES = 25, 22

MOJO = re.compile(r"--- ([\w-]+):\S+:([\w-]+) \(([\w-]+)\) @ ([\w.-]+) ---")
BLOCK_OF_PLUGIN = {"surefire": "unit", "compiler": "compile", "resources": "compile", "spotless": "format", "jib": "images"}


def cpu_seconds():
    """Busy seconds of all cores since the machine started; 0 where the system does not tell."""
    try:
        fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    except OSError:
        return 0.0
    return (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def memory_used():
    """MiB that are in use on the machine; 0 where the system does not tell."""
    try:
        known = dict(line.split(":", 1) for line in pathlib.Path("/proc/meminfo").read_text().splitlines())
        return (int(known["MemTotal"].split()[0]) - int(known["MemAvailable"].split()[0])) // 1024
    except OSError:
        return 0


class Blocks:
    """Time by block; time between two marks belongs to the block that the first one names."""

    def __init__(self):
        self.seconds, self.cpu, self.memory = {}, {}, {}
        self.name = None
        self.at, self.cpu_at = time.monotonic(), cpu_seconds()

    def mark(self, name):
        now, cpu = time.monotonic(), cpu_seconds()
        if self.name is not None:
            self.seconds[self.name] = self.seconds.get(self.name, 0.0) + now - self.at
            self.cpu[self.name] = self.cpu.get(self.name, 0.0) + cpu - self.cpu_at
        self.name, self.at, self.cpu_at = name, now, cpu

    def sample_memory(self):
        if self.name is not None:
            self.memory[self.name] = max(self.memory.get(self.name, 0), memory_used())

    def write(self, code):
        self.mark(None)
        TABLE.parent.mkdir(exist_ok=True)
        with TABLE.open("a") as table:
            for name in self.seconds:
                ended = "failed" if code and name == list(self.seconds)[-1] else "done"
                table.write(f"{name}\t{self.seconds[name]:.1f}\t{self.cpu[name]:.1f}\t{self.memory.get(name, 0)}\t{ended}\n")


def block_of(line):
    """The block that a line of Maven's output begins, or None."""
    found = MOJO.search(line)
    if not found:
        return None
    plugin, goal, execution, _ = found.groups()
    if plugin == "failsafe":
        return ("ports" if execution == "default" else execution) if goal == "integration-test" else "jars"
    return BLOCK_OF_PLUGIN.get(plugin, "jars")


def watched(blocks, command, line_of):
    """Runs a command, passes its output on, and hands each line to line_of."""
    stop = threading.Event()

    def sample():
        while not stop.wait(1):
            blocks.sample_memory()

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    except OSError as e:
        print(f"{command[0]}: {e}", file=sys.stderr)
        return 127
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        for line in process.stdout:
            line_of(line)
            sys.stdout.write(line)
            sys.stdout.flush()
            log.write(line)
    process.stdout.close()
    code = process.wait()
    stop.set()
    return code


def run(name, command):
    blocks = Blocks()
    blocks.mark(name)
    code = watched(blocks, command, lambda line: None)
    blocks.write(code)
    return code


def maven(command):
    blocks = Blocks()
    blocks.mark("compile")

    def line_of(line):
        name = block_of(line)
        if name:
            blocks.mark(name)

    code = watched(blocks, command, line_of)
    blocks.write(code)
    return code


def begin():
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(f"# {int(time.time())}\n")
    LOG.write_text("")
    PASSED_AGAIN.unlink(missing_ok=True)
    return 0


def cases_since(since):
    """The cases of this run's reports, but for those of open findings; a report that was cut off is one failure."""
    for name in glob.glob(str(ROOT / "**/target/*-reports/TEST-*.xml"), recursive=True):
        if "finding-reports" in name or os.path.getmtime(name) < since:
            continue
        try:
            yield from reports.cases(pathlib.Path(name))
        except ValueError as e:
            yield reports.Case("", pathlib.Path(name).stem.removeprefix("TEST-"), "", "error", str(e))


def report():
    lines = TABLE.read_text().splitlines()
    since = float(lines[0].removeprefix("# "))
    rows = [line.split("\t") for line in lines[1:]]
    merged = {}
    for name, seconds, cpu, memory, ended in rows:
        known = merged.setdefault(name, [0.0, 0.0, 0, "done"])
        known[0] += float(seconds)
        known[1] += float(cpu)
        known[2] = max(known[2], int(memory))
        known[3] = ended if ended == "failed" else known[3]
    cases = list(cases_since(since))
    again = set(PASSED_AGAIN.read_text().split()) if PASSED_AGAIN.exists() else set()
    passed_again = sum(case.is_bad() and case.test in again for case in cases)
    failed = sum(case.is_bad() for case in cases) - passed_again
    skipped = sum(case.outcome == "skipped" for case in cases)
    print(f"\nThe {SLOWEST} slowest tests\n\n| s | test |\n| ---: | --- |")
    for case in sorted(cases, key=lambda c: -c.seconds)[:SLOWEST]:
        print(f"| {case.seconds:.1f} | {case.suite.rpartition('.')[2]}.{case.method} |")
    total, cpu = sum(m[0] for m in merged.values()), sum(m[1] for m in merged.values())
    cores = os.cpu_count() or 1
    print(f"\n| block | min | CPU min | busy of {cores} cores | most memory, MiB |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (seconds, used, memory, ended) in merged.items():
        mark = " (failed)" if ended == "failed" else ""
        share = 100 * used / max(seconds * cores, 0.001)
        print(f"| {name}{mark} | {seconds / 60:.1f} | {used / 60:.1f} | {share:.0f} % | {memory} |")
    memory = max((m[2] for m in merged.values()), default=0)
    print(f"| all | {total / 60:.1f} | {cpu / 60:.1f} | {100 * cpu / max(total * cores, 0.001):.0f} % | {memory} |\n")
    if total > WARN_MINUTES * 60:
        longest = sorted(merged, key=lambda n: -merged[n][0])[:3]
        print(f"WARNING: this run took {total / 60:.1f} minutes of {LIMIT_MINUTES}; the longest blocks: {', '.join(longest)}. "
              "docs/testing.md says what a new test must bring.")
    if passed_again:
        print(f"{passed_again} failed at first and passed at the second time: full/flaky.tsv lists them.")
    print(f"{len(cases) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not cases else 0


def main(arguments):
    match arguments:
        case ["begin"]:
            return begin()
        case ["run", name, *command] if command:
            return run(name, command)
        case ["maven", *command] if command:
            return maven(command)
        case ["report"]:
            return report()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
