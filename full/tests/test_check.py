import subprocess
import sys
import unittest

import toys

import check
import tables

FOREIGN = "0123456789abcdef0123456789abcdef01234567"


class CheckTest(toys.ToyTest):
    def check(self, *arguments, root=None):
        return self.call(check.main, *arguments, root=root)

    def assert_quiet(self):
        code, said = self.check("--strict")
        self.assertEqual((0, "Long forms of the tests: 1 forms, 0 warnings, 0 errors\n"), (code, said))

    def assert_warns(self, *texts, root=None):
        code, said = self.check(root=root)
        self.assertEqual(0, code, said)
        for text in ("1 warnings", "warning: first: ", "make full FORM=first", *texts):
            self.assertIn(text, said)
        code, said = self.check("--strict", root=root)
        self.assertEqual(1, code, said)

    def assert_fails(self, *texts):
        code, said = self.check()
        self.assertEqual(1, code, said)
        for text in texts:
            self.assertIn(text, said)

    def test_should_be_quiet_when_no_form_is_stale(self):
        self.record()
        self.changes(2)
        self.assert_quiet()

    def test_should_warn_when_too_many_commits_changed_the_paths(self):
        self.record()
        self.changes(3)
        self.assert_warns("3 commits changed its paths", "2 is the most")

    def test_should_ignore_commits_on_other_paths(self):
        self.record()
        self.changes(3, "docs/page.md")
        self.assert_quiet()

    def test_should_use_the_last_line_of_a_form(self):
        self.record()
        self.changes(3)
        self.record()
        self.assert_quiet()

    def unchanged(self, form="first"):
        return self.check("--unchanged", form)[0] == 0

    def test_should_tell_whether_a_form_that_passed_stands_for_what_is_there(self):
        self.assertFalse(self.unchanged(), "it never ran")
        self.record()
        self.assertTrue(self.unchanged())
        self.changes(2, "docs/page.md")
        self.assertTrue(self.unchanged(), "its paths did not change")
        self.changes(1)
        self.assertFalse(self.unchanged())
        self.record(verdict="failed")
        self.assertFalse(self.unchanged(), "it failed")
        self.assertFalse(self.unchanged("nothing"))

    def test_should_warn_when_a_form_has_no_line(self):
        self.assert_warns("it has no line in the record")

    def test_should_warn_when_the_commit_is_not_in_the_history(self):
        self.record(commit=FOREIGN, tree=FOREIGN)
        self.assert_warns(FOREIGN[:7], "not in the history, and no commit there has the same tree")

    def test_should_warn_when_the_commit_is_on_another_branch(self):
        self.git("checkout", "-q", "-b", "other")
        self.changes(1)
        self.record()
        lines = self.read("full/record.tsv")
        self.git("checkout", "-q", "-f", "main")
        self.write("full/record.tsv", lines)
        self.assert_warns("not in the history")

    def test_should_use_a_rewritten_commit_with_the_same_tree(self):
        self.changes(1)
        self.record()
        tree = self.git("rev-parse", "HEAD^{tree}")
        self.git("commit", "-q", "--amend", "-m", "rewritten")
        self.assertEqual(tree, self.git("rev-parse", "HEAD^{tree}"))
        self.changes(2)
        self.assert_quiet()
        self.changes(1)
        self.assert_warns("3 commits")

    def test_should_say_that_a_clone_is_shallow(self):
        self.record()
        self.commit("record")
        self.changes(2)
        clone = self.root.parent / "clone"
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{self.root}", str(clone)], check=True)
        self.assert_warns("this shallow clone does not have", "git fetch --unshallow", root=clone)

    def test_should_fail_when_the_last_line_failed_and_names_no_finding(self):
        self.record()
        self.record(verdict="failed")
        self.assert_fails("ERROR: first: its last run failed", "names no finding", "make full FORM=first")

    def test_should_fail_when_the_finding_is_not_open(self):
        self.finding("F2")
        self.record(verdict="failed", finding="F1")
        self.assert_fails("F1, which is no open finding")

    def test_should_only_warn_when_the_finding_is_open(self):
        self.finding("F1")
        self.record(verdict="failed", finding="F1")
        self.assert_warns("Its open finding is F1")

    def test_should_forget_a_failure_when_the_form_passed_later(self):
        self.record(verdict="failed")
        self.record()
        self.assert_quiet()

    def test_should_fail_for_a_failed_run_of_a_foreign_commit(self):
        self.record(commit=FOREIGN, tree=FOREIGN, verdict="failed")
        self.assert_fails("its last run failed", "not in the history")

    def test_should_not_count_renames(self):
        self.record()
        self.write("src/B.txt", "text\n" * 9)
        self.commit()
        for number in range(3):
            self.git("mv", f"src/{'ABCD'[number]}.java", f"src/{'ABCD'[number + 1]}.java")
            self.commit("move")
        self.assert_quiet()
        self.changes(2, "src/D.java")
        self.assert_warns("3 commits")

    def test_should_not_count_moved_classes_and_the_imports_that_follow(self):
        body = "\nclass B {\n    int value;\n    int other;\n}\n"
        self.write("src/B.java", f"package b;\n\nimport a.A;\n{body}")
        self.write("src/a/A.java", f"package a;\n{body}")
        self.commit()
        self.record()
        for number in range(3):
            package = f"a{number}"
            self.git("mv", f"src/a{number - 1 if number else ''}/A.java", f"src/a{number}.java")
            (self.root / f"src/{package}").mkdir()
            self.git("mv", f"src/a{number}.java", f"src/{package}/A.java")
            self.write(f"src/{package}/A.java", f"package {package};\n{body}")
            self.write("src/B.java", f"package b;\n\nimport {package}.A;\n{body}")
            self.commit("move")
        self.assert_quiet()

    def test_should_count_renames_that_change_the_file(self):
        self.write("src/C.java", "class C {\n" + "    int one;\n" * 20 + "}\n")
        self.commit()
        self.record()
        for number in range(3):
            self.git("mv", f"src/{'CDE'[number]}.java", f"src/{'DEF'[number]}.java")
            self.append(f"src/{'DEF'[number]}.java", "// changed\n")
            self.commit()
        self.assert_warns("3 commits")

    def test_should_count_commits_that_rename_one_file_and_change_another(self):
        self.record()
        for number in range(3):
            self.git("mv", f"src/{'ABC'[number]}.java", f"src/{'BCD'[number]}.java")
            self.write("src/other.txt", str(number))
            self.commit()
        self.assert_warns("3 commits")

    def test_should_fail_when_a_line_of_head_is_gone(self):
        self.record()
        self.record(verdict="failed")
        self.commit()
        lines = self.read("full/record.tsv").splitlines(keepends=True)
        self.write("full/record.tsv", "".join(lines[:-1]))
        self.assert_fails("only ever grows", "git diff full/record.tsv")

    def test_should_fail_when_a_commit_removed_a_line(self):
        self.record(verdict="failed")
        self.record()
        self.commit()
        lines = self.read("full/record.tsv").splitlines(keepends=True)
        self.write("full/record.tsv", lines[0] + lines[2])
        self.commit("shortened")
        self.assert_fails("lost this line of an earlier commit", "failed")

    def test_should_fail_when_a_line_is_put_before_others(self):
        self.record()
        self.commit()
        old = self.read("full/record.tsv").splitlines(keepends=True)
        self.record(verdict="failed")
        new = self.read("full/record.tsv").splitlines(keepends=True)[-1]
        self.write("full/record.tsv", old[0] + new + old[1])
        self.assert_fails("are not its beginning")

    def test_should_name_file_and_line_of_what_is_malformed(self):
        good = self.read("full/record.tsv")
        commit = self.git("rev-parse", "HEAD")
        rest = f"{toys.DATE}\t{toys.MACHINE}\t1.5\tpassed\t-\t-"
        for line, why in (
                ("first\n", "9 columns are needed"),
                (f"first\t{commit[:7]}\t{commit}\t{rest}\n", "no id of 40"),
                (f"first\t{commit}\t{commit}\t{rest.replace('passed', 'green')}\n", "the verdict must be"),
                (f"first\t{commit}\t{commit}\t{rest.replace('T04', ' 04')}\n", "the date must look like"),
                (f"first\t{commit}\t{commit}\t{rest.replace('1.5', '1')}\n", "one decimal"),
                (f"first\t{commit}\t{commit}\t{rest.replace('-	-', 'F1	-')}\n", "names no finding"),
                (f"first\t{commit}\t{commit}\t{rest.replace('-	-', '	-')}\n", "is empty"),
                (f"first\t{commit}\t{commit}\t{rest}", "it may be cut")):
            with self.subTest(why):
                self.write("full/record.tsv", good + line)
                self.assert_fails("full/record.tsv:2: ", why)

    def test_should_name_what_is_malformed_in_the_other_files(self):
        self.record()
        self.forms("first", "true", "src", 0)
        self.assert_fails("full/forms.tsv:2: commits must be")
        self.forms("first", "true", "src", 1, "first", "true", "src", 1)
        self.assert_fails("full/forms.tsv:3: the form 'first' stands here twice")
        self.forms("first", "true", "src", 1)
        self.finding("F1", "ATest")
        self.assert_fails("full/findings.tsv:2: the test must be")
        (self.root / "full/findings.tsv").unlink()
        self.assert_fails("full/findings.tsv is missing")
        self.write("full/findings.tsv", "wrong\n")
        self.assert_fails("full/findings.tsv:1: the header must be")

    def test_should_fail_when_more_than_five_tests_are_flaky(self):
        self.record()
        for number in range(5):
            self.append("full/flaky.tsv", tables.Flaky(f"a.ATest#should{number}", 1, 50, "-").line())
        self.assertEqual(0, self.check()[0])
        self.append("full/flaky.tsv", tables.Flaky("a.ATest#should5", 1, 50, "-").line())
        self.assert_fails("lists 6 tests")
        self.write("full/flaky.tsv", tables.header(tables.Flaky) + "a.ATest#should\t0\t50\t-\n")
        self.assert_fails("full/flaky.tsv:2: 0 failures of 50 runs")

    def test_should_say_so_outside_a_repository(self):
        self.git("rev-parse", "HEAD")
        (self.root / ".git").rename(self.root / "away")
        self.assert_fails("in a Git repository only")

    def test_should_be_a_program(self):
        done = subprocess.run([sys.executable, str(toys.FOLDER / "check.py"), "--nothing"], capture_output=True,
                              text=True)
        self.assertEqual(2, done.returncode)
        self.assertIn("usage: full/check.py", done.stderr)


class RealFilesTest(unittest.TestCase):
    """The files of this project can be read."""

    def test_should_read_the_files_of_this_project(self):
        root = toys.FOLDER.parent
        forms = tables.forms(root)
        self.assertEqual({"faults", "fail-fast", "pipeline", "deployed", "schedules", "logs", "pods", "simulate", "slow",
                          "neighbour", "rubbish", "bench", "proof", "database", "cluster-lost", "memory",
                          "install"}, set(forms))
        self.assertLessEqual({run.form for run in tables.record(root)}, set(forms))
        tables.findings(root)
        self.assertLessEqual(len(tables.flaky(root)), tables.FLAKY_LIMIT)


if __name__ == "__main__":
    unittest.main()
