#!/usr/bin/env python3
"""Switches each guard off in turn and sees whether a test turns red. Writes the table in docs/proof.md.

Usage: proof/run.py [NAME-PART...]    works in a clone of HEAD; needs what ./mvnw verify needs.
With names, only these are switched off, and only their rows change.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from guards import GUARDS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- guards: made by proof/run.py -->", "<!-- end of guards -->"


def tests(clone, module, pattern):
    environment = dict(os.environ, WINDLASS_SIMULATION_SEEDS=os.environ.get("WINDLASS_SIMULATION_SEEDS", "6000"))
    command = ["./mvnw", "-B", "-ntp", "test", "-pl", module, "-am", f"-Dtest={pattern}",
               "-Dsurefire.failIfNoSpecifiedTests=false", "-Dspotless.check.skip", "-Dwindlass.werror=-Xdiags:compact"]
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout


def red(output):
    """The tests that failed, by name; a mutation that does not compile proves nothing."""
    if "COMPILATION ERROR" in output:
        raise SystemExit("a guard cannot be switched off like this:\n" + output[-3000:])
    found = re.findall(r"^\[ERROR\] io\.windlass\.\S*?(\w+)\.(\w+)(?:\([^)]*\))?(?:\[\d+\])? -- ", output, re.M)
    return sorted({f"`{test}` in {suite}" for suite, test in found})


def write(rows):
    """The table anew; what this run left out stays as the run before it had it."""
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    before, tail = rest.split(END)
    known = {line.split(" | ")[0].removeprefix("| "): line for line in before.splitlines() if line.startswith("| ")}
    lines = [(known | rows)[name] for name, *_ in GUARDS if name in known | rows]
    table = "\n".join(["| guard | without it | what turned red | at |", "| --- | --- | --- | --- |", *lines])
    PAGE.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}")


def main():
    wanted = sys.argv[1:]
    chosen = [g for g in GUARDS if not wanted or any(w in g[0] for w in wanted)]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="windlass-proof-"))
    clone = folder / "windlass"
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip()
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    rows, survived = {}, []
    for name, against, file, text, without, (module, pattern) in chosen:
        path = clone / file
        original = path.read_text()
        if text not in original:
            raise SystemExit(f"{name}: {file} has changed; its guard is not found")
        path.write_text(original.replace(text, without, 1))
        code, output = tests(clone, module, pattern)
        path.write_text(original)
        reds = red(output) if code else []
        print(f"{'red ' if reds else 'GREEN'} {name}: {', '.join(reds[:3])}", flush=True)
        if not reds:
            survived.append(name)
        shown = "; ".join(reds[:2]) + (f" and {len(reds) - 2} more" if len(reds) > 2 else "")
        rows[name] = f"| {name} | {against} | {shown or '**nothing**'} | `{commit}` |"
        write(rows)
    shutil.rmtree(folder)
    print(f"{len(rows) - len(survived)} of {len(rows)} guards are proven")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
