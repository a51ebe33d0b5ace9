import os
import pathlib
import signal
import subprocess
import sys
import time

import toys

import output
import run
import tables

PASSES = """cat <<'END'
[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1.2 s -- in io.windlass.e2e.ToyIT
| what | measured |
| --- | --- |
| 500 jobs | 67.4 s |

[toy] 7 restarts
END
"""


def script(root, name, text):
    file = root / name
    file.write_text("#!/bin/bash\n" + text)
    file.chmod(0o755)


class RunTest(toys.ToyTest):
    def setUp(self):
        super().setUp()
        kubeconfig = self.write("target/kubeconfig", "apiVersion: v1\n")
        os.environ["WINDLASS_TEST_KUBECONFIG"] = str(kubeconfig)
        self.with_forms(PASSES)

    def with_forms(self, text, pattern="ToyIT"):
        script(self.root, "toy.sh", text)
        self.forms("first", f"./toy.sh -Dit.test={pattern}", "src/**", 2, "simulate", "./toy.sh", "src/**", 2)
        self.commit("forms")

    def run_forms(self, *arguments):
        return self.call(run.main, *arguments)

    def lines(self):
        return tables.record(self.root)

    def assert_refused(self, text, *arguments):
        before = self.read("full/record.tsv")
        code, said = self.run_forms(*arguments)
        self.assertEqual(2, code, said)
        self.assertIn(text, said)
        self.assertEqual(before, self.read("full/record.tsv"))

    def test_should_record_a_form_that_passes(self):
        code, said = self.run_forms("first")
        self.assertEqual(0, code, said)
        self.assertIn("[toy] 7 restarts", said)
        line, = self.lines()
        head, tree = self.identity()
        self.assertEqual(("first", head, tree, "passed", "-"),
                         (line.form, line.commit, line.tree, line.verdict, line.finding))
        self.assertRegex(line.machine, r"^\d+ cores, \d+ GiB$")
        page = self.read(line.figures)
        for text in (head[:7], "| 500 jobs | 67.4 s |", "- [toy] 7 restarts", "- Tests run: 2, Failures: 0"):
            self.assertIn(text, page)

    def test_should_run_at_full_size(self):
        self.with_forms(PASSES + "echo size=$WINDLASS_TEST_SIZE")
        self.assertIn("size=full", self.run_forms("first")[1])

    def test_should_run_all_forms_and_go_on_after_one_that_fails(self):
        self.with_forms(f'{PASSES}[[ $1 != *ToyIT ]] || exit 3')
        code, said = self.run_forms()
        self.assertEqual(1, code, said)
        self.assertEqual([("first", "failed"), ("simulate", "passed")],
                         [(line.form, line.verdict) for line in self.lines()])
        self.assertIn("exit code 3", said)
        self.assertIn("--finding ID --record-only", said)

    def test_should_name_the_finding_of_a_failure_only(self):
        self.finding("F1")
        self.with_forms(f'{PASSES}[[ $1 != *ToyIT ]] || exit 3')
        self.run_forms("--finding", "F1")
        self.assertEqual(["F1", "-"], [line.finding for line in self.lines()])

    def test_should_refuse_a_finding_that_is_not_open(self):
        self.assert_refused("'F9' is no open finding", "first", "--finding", "F9")

    def test_should_write_the_last_failure_again_with_its_finding(self):
        self.finding("F1")
        self.record("first", verdict="failed")
        self.commit()
        code, said = self.run_forms("first", "--finding", "F1", "--record-only")
        self.assertEqual(0, code, said)
        old, new = self.lines()
        self.assertEqual(("-", "F1", old.commit), (old.finding, new.finding, new.commit))

    def test_should_refuse_to_name_a_finding_for_a_form_that_passed(self):
        self.finding("F1")
        self.commit()
        self.assert_refused("did not fail", "first", "--finding", "F1", "--record-only")
        self.record("first")
        self.assert_refused("did not fail", "first", "--finding", "F1", "--record-only")
        self.assert_refused("needs one form and --finding", "--record-only")

    def test_should_fail_a_form_without_a_test(self):
        self.with_forms("echo nothing")
        code, said = self.run_forms()
        self.assertEqual(1, code, said)
        self.assertEqual({"failed"}, {line.verdict for line in self.lines()})
        self.assertIn("no test ran", said)

    def test_should_fail_a_form_one_of_whose_classes_did_not_run(self):
        self.with_forms(PASSES, "ToyIT,OtherIT")
        self.assertIn("no test of OtherIT ran", self.run_forms("first")[1])
        self.assertEqual("failed", self.lines()[0].verdict)

    def test_should_fail_a_form_whose_tests_were_skipped(self):
        self.with_forms(PASSES.replace("Skipped: 0", "Skipped: 2"))
        self.assertIn("no test ran", self.run_forms("first")[1])

    def test_should_fail_a_form_that_left_tests_out(self):
        self.with_forms(PASSES + "echo '[windlass tests] LEFT OUT for want of helm'")
        self.assertIn("tests were left out", self.run_forms("first")[1])
        self.assertEqual("failed", self.lines()[0].verdict)

    def test_should_refuse_a_changed_tree(self):
        self.append("src/A.java", "// changed\n")
        self.assert_refused("src/A.java", "first")

    def test_should_refuse_untracked_files(self):
        self.write("src/New.java", "")
        self.assert_refused("src/New.java", "first")

    def test_should_accept_what_earlier_forms_wrote(self):
        self.run_forms("first")
        code, said = self.run_forms("first")
        self.assertEqual(0, code, said)
        self.assertEqual(2, len(self.lines()))

    def test_should_not_record_a_run_during_which_the_tree_changed(self):
        self.with_forms(PASSES + "echo >> src/A.java")
        code, said = self.run_forms("first")
        self.assertEqual(1, code, said)
        self.assertIn("src/A.java", said)
        self.assertEqual([], self.lines())

    def test_should_not_record_a_run_during_which_head_moved(self):
        self.with_forms(PASSES + "git commit -q --allow-empty -m other")
        self.assertIn("Changed: HEAD", self.run_forms("first")[1])
        self.assertEqual([], self.lines())

    def test_should_name_the_forms_when_one_is_unknown(self):
        self.assert_refused("There is no form 'nothing'. The forms are: first, simulate.", "nothing")

    def test_should_refuse_a_form_without_a_cluster(self):
        os.environ["WINDLASS_TEST_KUBECONFIG"] = str(self.root / "none")
        self.assert_refused("which is no file", "first")
        del os.environ["WINDLASS_TEST_KUBECONFIG"]
        self.assert_refused("WINDLASS_TEST_KUBECONFIG", "simulate", "first")
        self.assertEqual(0, self.run_forms("simulate")[0])

    def test_should_refuse_a_malformed_record(self):
        self.append("full/record.tsv", "first\n")
        self.assert_refused("full/record.tsv:2: 9 columns", "first")

    def test_should_record_nothing_when_interrupted_and_end_what_it_started(self):
        self.with_forms("echo child $$; exec sleep 60")
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.interrupted(number)

    def test_should_end_by_force_what_ignores_the_interrupt(self):
        self.with_forms("trap '' INT; echo child $$; exec sleep 60")
        self.interrupted(signal.SIGINT, grace=0.2)

    def interrupted(self, number, grace=60):
        code = (f"import sys, pathlib, run; run.GRACE_SECONDS = {grace}; "
                "sys.exit(run.main(['first'], pathlib.Path(sys.argv[1])))")
        process = subprocess.Popen([sys.executable, "-B", "-c", code, str(self.root)], cwd=toys.FOLDER,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        child = next(line for line in process.stdout if line.startswith("child ")).split()[1]
        process.send_signal(number)
        said, _ = process.communicate(timeout=20)
        self.assertEqual(128 + number, process.returncode, said)
        self.assertIn("Interrupted: this run is not recorded", said)
        self.assertEqual([], self.lines())
        deadline = time.monotonic() + 5
        while is_running(child) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(is_running(child))


def is_running(process):
    stat = pathlib.Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class FiguresTest(toys.unittest.TestCase):
    def collected(self, *lines, named=()):
        collected = output.Collected("/work/windlass", list(named))
        for line in lines:
            collected.take(line + "\n")
        return collected

    def test_should_read_the_classes_that_a_command_names(self):
        self.assertEqual(["AIT", "BIT"], output.named_tests("./mvnw verify -Dit.test=AIT,BIT#should -Dtest=NONE"))
        self.assertEqual(["ATest"], output.named_tests("./mvnw test -Dtest='ATest' -pl simulator"))
        self.assertEqual([], output.named_tests("proof/run.py --all"))

    def test_should_keep_the_report_of_the_faults_and_not_its_progress(self):
        page = self.collected("### Seed 7, 20 minutes", "", "500 jobs acknowledged.", "| fault | times |",
                              "From healing to the last answer: 1.0 s. Violations: 0.",
                              "[faults] /work/windlass/target/faults-7.md", "[faults] KILL, 120 ms",
                              "[simulator] seed 10000 …", "12:00:00 INFO noise", "[INFO] noise").text()
        for text in ("### Seed 7", "500 jobs", "| fault |", "Violations: 0.", "- [faults] target/faults-7.md"):
            self.assertIn(text, page)
        for text in ("KILL", "10000", "noise", "/work"):
            self.assertNotIn(text, page)

    def test_should_name_what_failed(self):
        page = self.collected("[ERROR]   FaultsIT.shouldEnd:95 [violations with seed 7]").text()
        self.assertIn("What failed:\n\n- FaultsIT.shouldEnd:95", page)

    def test_should_shorten_many_lines(self):
        page = self.collected(*(f"[restarts] {number}" for number in range(100))).text()
        self.assertIn("[restarts] 0\n", page)
        self.assertIn("[restarts] 99\n", page)
        self.assertIn("80 lines are left out", page)
        self.assertNotIn("[restarts] 50\n", page)

    def test_should_count_guards_as_tests(self):
        self.assertEqual("", self.collected("93 of 93 guards are proven").is_red())
        self.assertEqual("no test ran", self.collected("0 of 0 guards are proven").is_red())

    def test_should_match_patterns_and_nested_classes(self):
        ended = "[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in io.a.LogsIT$Inner"
        self.assertEqual("", self.collected(ended, named=["Lo*IT"]).is_red())
        self.assertEqual("no test of LogIT ran", self.collected(ended, named=["LogIT"]).is_red())


if __name__ == "__main__":
    toys.unittest.main()
