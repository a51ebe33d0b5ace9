import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import blocks  # noqa: E402


class BlocksTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name, value in {"ROOT": self.root, "TABLE": self.root / "target/blocks.tsv", "LOG": self.root / "target/ci.log",
                            "PASSED_AGAIN": self.root / "target/passed-again"}.items():
            patch = mock.patch.object(blocks, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        blocks.begin()

    def reported(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = blocks.report()
        return code, out.getvalue()

    def test_should_name_the_block_of_each_plugin(self):
        lines = {
            "[INFO] --- compiler:3.15.0:compile (default-compile) @ job ---": "compile",
            "[INFO] --- surefire:3.5.6:test (default-test) @ job ---": "unit",
            "[INFO] --- failsafe:3.5.6:integration-test (default) @ pod-scheduler ---": "ports",
            "[INFO] --- failsafe:3.5.6:integration-test (logs) @ e2e-tests ---": "logs",
            "[INFO] --- failsafe:3.5.6:verify (verdict) @ e2e-tests ---": "jars",
            "[INFO] --- jib:3.5.2:build (default) @ web-server ---": "images",
            "[INFO] Tests run: 3": None,
        }
        for line, block in lines.items():
            self.assertEqual(block, blocks.block_of(line), line)

    def test_should_give_the_time_of_maven_to_the_block_that_runs(self):
        script = ("echo '[INFO] --- compiler:3:compile (default-compile) @ job ---'; sleep 0.2; "
                  "echo '[INFO] --- surefire:3:test (default-test) @ job ---'; sleep 0.5; exit 3")
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(3, blocks.maven(["bash", "-c", script]))
        rows = {r.split("\t")[0]: r.split("\t") for r in blocks.TABLE.read_text().splitlines()[1:]}
        self.assertGreater(float(rows["unit"][1]), 0.4)
        self.assertLess(float(rows["compile"][1]), 0.4)
        self.assertEqual(("done", "failed"), (rows["compile"][4], rows["unit"][4]))

    def test_should_not_count_as_failed_what_passed_at_the_second_time(self):
        folder = self.root / "job/target/failsafe-reports"
        folder.mkdir(parents=True)
        (folder / "TEST-io.AIT.xml").write_text(
            '<testsuite><testcase classname="io.AIT" name="good" time="1"/>'
            '<testcase classname="io.AIT" name="bad" time="0.1"><failure/></testcase></testsuite>')
        self.assertEqual(1, self.reported()[0])
        blocks.PASSED_AGAIN.write_text("io.AIT#bad\n")
        code, text = self.reported()
        self.assertEqual(0, code)
        self.assertIn("1 failed at first and passed at the second time", text)
        self.assertIn("2 passed, 0 failed, 0 skipped", text)
        blocks.begin()
        self.assertFalse(blocks.PASSED_AGAIN.exists())

    def test_should_count_a_report_that_was_cut_off_as_a_failure(self):
        folder = self.root / "job/target/surefire-reports"
        folder.mkdir(parents=True)
        (folder / "TEST-io.ATest.xml").write_text("<testsuite><testcase classn")
        code, text = self.reported()
        self.assertEqual(1, code)
        self.assertIn("1 failed", text)

    def test_should_count_only_reports_of_this_run_and_print_the_slowest_first(self):
        folder = self.root / "job/target/surefire-reports"
        folder.mkdir(parents=True)
        (folder / "TEST-a.xml").write_text(
            '<testsuite><testcase classname="io.A" name="slow" time="7.5"/>'
            '<testcase classname="io.A" name="bad" time="0.1"><failure/></testcase>'
            '<testcase classname="io.A" name="left" time="0"><skipped/></testcase></testsuite>')
        code, text = self.reported()
        self.assertEqual(1, code)
        self.assertIn("1 passed, 1 failed, 1 skipped", text.splitlines())
        self.assertIn("| 7.5 | A.slow |", text)
        blocks.TABLE.write_text("# 9999999999\n")
        self.assertEqual(1, self.reported()[0], "a run without a test has not passed")

    def test_should_warn_of_a_run_that_is_too_long_and_name_its_longest_blocks(self):
        blocks.TABLE.write_text("# 0\nunit\t900\t1000\t5\tdone\nlogs\t480\t100\t9\tdone\n")
        text = self.reported()[1]
        self.assertIn("WARNING: this run took 23.0 minutes of 25; the longest blocks: unit, logs", text)
        self.assertIn("| all | 23.0 |", text)


if __name__ == "__main__":
    unittest.main()
