"""Small repositories for the tests of this folder."""
import contextlib
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

FOLDER = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(FOLDER))
sys.dont_write_bytecode = True

import tables  # noqa: E402

FORMS = "form\tcommand\tpaths\tcommits\n"
DATE = "2026-11-26T04:30:00Z"
MACHINE = "2 cores, 23 GiB"


class ToyTest(unittest.TestCase):
    """A test with a repository of its own: two forms, an empty record, one commit."""

    template = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "toy"
        # neither the user's settings nor the repository around a hook may reach the toy
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
                             "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "maintenance.auto",
                             "GIT_CONFIG_VALUE_0": "false"}
        for name in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{name}_NAME": "toy", f"GIT_{name}_EMAIL": "toy@example.org"}
        self.enterContext(unittest.mock.patch.dict(os.environ, self.environment, clear=True))
        if ToyTest.template:
            shutil.copytree(ToyTest.template.name, self.root)
            return
        self.root.mkdir()
        self.git("init", "-q", "-b", "main", "--template=")
        self.write(".gitignore", "target/\n__pycache__/\n")
        self.forms("first", "true", "src/**", 2)
        self.write("full/record.tsv", tables.header(tables.Run))
        self.write("full/findings.tsv", tables.header(tables.Finding))
        self.write("full/flaky.tsv", tables.header(tables.Flaky))
        self.write("src/A.java", "package a;\n\nclass A {}\n")
        self.commit("begin")
        ToyTest.template = tempfile.TemporaryDirectory()
        shutil.copytree(self.root, ToyTest.template.name, dirs_exist_ok=True)

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout.strip()

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def append(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as file:
            file.write(text)

    def read(self, name):
        return (self.root / name).read_text()

    def commit(self, message="more"):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def identity(self, commit="HEAD"):
        """The ids of this commit and of its tree."""
        return self.git("rev-parse", commit, f"{commit}^{{tree}}").split()

    def changes(self, count, file="src/A.java"):
        for number in range(count):
            self.append(file, f"// {number}\n")
            self.commit()

    def forms(self, *values):
        """The forms, four values for each."""
        lines = ["\t".join(map(str, values[i:i + 4])) for i in range(0, len(values), 4)]
        self.write("full/forms.tsv", FORMS + "".join(f"{line}\n" for line in lines))

    def record(self, form="first", commit=None, tree=None, verdict="passed", finding="-"):
        """Appends a line for a run of this commit; HEAD if none is given."""
        if not commit:
            commit, tree = self.identity()
        self.append("full/record.tsv", tables.Run(form, commit, tree, DATE, MACHINE, "1.5", verdict, finding,
                                                  "full/figures/first.md").line())

    def finding(self, name, test="web-server ATest#shouldDo"):
        self.append("full/findings.tsv", f"{name}\t{test}\tdocs/known.md\n")

    def call(self, main, *arguments, root=None):
        """The exit code of a tool, and all that it printed."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                code = main(list(arguments), root or self.root)
            except SystemExit as e:
                code = e.code
        return code, out.getvalue()
