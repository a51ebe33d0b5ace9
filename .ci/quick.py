#!/usr/bin/env python3
"""The inner loop: the quick unit tests.

Usage: .ci/quick.py [MODULE|changed] [TEST]

Without a module: all of them, but for the architecture's, which `make check` runs. With one: its tests, and those of the
modules that name it in their pom. `changed`: the same for the modules that Git shows as changed.
"""
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as tree

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARCHITECTURE = "architecture-tests"
POM = "{http://maven.apache.org/POM/4.0.0}"


class Wrong(Exception):
    """What was asked for does not exist; the text says what does."""


def modules(root):
    """Folder of each module -> the folders of the modules that it needs directly."""
    poms = {pom.parent.relative_to(root).as_posix(): tree.parse(pom).getroot()
            for pom in sorted(root.rglob("pom.xml")) if "target" not in pom.relative_to(root).parts}
    poms.pop(".", None)
    folder_of = {pom.findtext(POM + "artifactId"): folder for folder, pom in poms.items()}
    return {folder: {folder_of[d.findtext(POM + "artifactId")] for d in pom.iter(POM + "dependency")
                     if d.findtext(POM + "groupId") == "io.windlass"} for folder, pom in poms.items()}


def with_dependents(chosen, needs):
    """The chosen modules and those that use them; who uses those in turn knows only them, and is left to the whole run."""
    return chosen | {m for m, direct in needs.items() if direct & chosen and m != ARCHITECTURE}


def module_of(file, needs):
    """The module that a file belongs to; None for a file of the whole project."""
    for folder in pathlib.PurePosixPath(file).parents:
        if folder.as_posix() in needs:
            return folder.as_posix()
    return None


def changed(root, needs):
    """The modules that differ from the last commit; all of them where a pom above them does."""
    def git(*arguments):
        return subprocess.check_output(["git", *arguments], cwd=root, text=True).splitlines()

    files = git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
    if "pom.xml" in files or "common/pom.xml" in files:
        return set(needs)
    return {m for m in (module_of(f, needs) for f in files) if m}


def test_classes(root, chosen):
    """The unit tests of these modules, as patterns for -Dtest."""
    return [file.relative_to(root / m / "src/test/java").with_suffix("").as_posix()
            for m in sorted(chosen) for file in sorted((root / m / "src/test/java").rglob("*Test.java"))]


def arguments(root, module, test):
    """What Maven is told; None if there is nothing to do."""
    needs = modules(root)
    if test and not any(root.rglob(f"src/test/**/{test}.java")):
        raise Wrong(f"There is no test '{test}'.")
    everything = set(needs) - {ARCHITECTURE}
    if not module:
        chosen = everything
    elif module == "changed":
        chosen = with_dependents(changed(root, needs), needs)
        if not chosen:
            return None
    elif module.rstrip("/") in needs:
        chosen = with_dependents({module.rstrip("/")}, needs)
    else:
        raise Wrong(f"There is no module '{module}'. The modules:\n  " + "\n  ".join(sorted(needs)))
    if test:
        return ["-pl", ",".join(sorted(chosen)), "-am", f"-Dtest={test}"]
    if chosen >= everything:
        return ["-pl", f"!{ARCHITECTURE}"] if chosen == everything and ARCHITECTURE in needs else []
    # those that only have to be compiled are named by -am, and no test of theirs is
    return ["-pl", ",".join(sorted(chosen)), "-am", "-Dtest=" + ",".join(test_classes(root, chosen))]


def main(module="", test=""):
    try:
        more = arguments(ROOT, module, test)
    except Wrong as e:
        print(e, file=sys.stderr)
        return 2
    if more is None:
        print("No module has changed.")
        return 0
    return subprocess.call(["./mvnw", "-q", "-T", "2", "test", "-Pquick", "-Dsurefire.failIfNoSpecifiedTests=false", *more],
                           cwd=ROOT, env=dict(os.environ))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
