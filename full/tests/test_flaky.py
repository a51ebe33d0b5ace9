import os

import toys

import flaky
import tables
from test_findings import ASSERTION, report

# a Maven that counts its runs, and writes the reports that the test wants: one folder for each run
MAVEN = """#!/bin/bash
echo "$*" >> target/called
number=$(grep -c . target/called)
[ -d "target/run-$number" ] || number=1
for module in target/run-$number/*/; do cp -r "$module"/. "$(basename "$module")"; done
exit "$(cat "target/run-$number/code")"
"""


class FlakyTest(toys.ToyTest):
    def setUp(self):
        super().setUp()
        for module, suite in (("web-server", "ATest"), ("web-server", "LogsIT"), ("standalone", "TwiceTest"),
                              ("web-server", "TwiceTest")):
            package = "a" if module == "web-server" else "b"
            self.write(f"{module}/src/test/java/io/{package}/{suite}.java", "")
        self.write("mvnw", MAVEN).chmod(0o755)
        self.write("target/called", "")
        os.environ["WINDLASS_TEST_KUBECONFIG"] = "some"

    def maven(self, number, code=0, suite="io.a.ATest", **tests):
        """What Maven does at this run; without a folder of its own a run is like the first."""
        folder = self.root / f"target/run-{number}"
        report(folder, suite, **tests)
        self.write(f"target/run-{number}/code", str(code))

    def many(self, *arguments):
        return self.call(flaky.main, *arguments)

    def listed(self, *lines):
        tables.write_flaky(self.root, [tables.Flaky(test, 3, 50, "a slow start") for test in lines])

    def lines(self):
        return [(line.test, line.failures, line.runs, line.cause) for line in tables.flaky(self.root)]

    def called(self):
        return self.read("target/called").splitlines()

    def test_should_count_failures_and_write_the_line(self):
        self.maven(1, shouldDo="", shouldBe="")
        self.maven(2, code=1, shouldDo=ASSERTION, shouldBe="")
        code, said = self.many("ATest", "--times", "3")
        self.assertEqual(1, code, said)
        self.assertEqual([("io.a.ATest#shouldDo", 1, 3, "-")], self.lines())
        self.assertIn("run 2 of 3: failed: io.a.ATest#shouldDo", said)
        self.assertEqual(["-o -B -q test -pl web-server -am -Dtest=io.a.ATest "
                          "-Dsurefire.failIfNoSpecifiedTests=false"] * 3, self.called())

    def test_should_run_fifty_times_and_say_that_nothing_failed(self):
        self.maven(1, shouldDo="")
        code, said = self.many("ATest#shouldDo", "--times", "4")
        self.assertEqual(0, code, said)
        self.assertIn("io.a.ATest#shouldDo never failed in 4 runs; it has no line", said)
        self.assertEqual([], self.lines())

    def test_should_keep_the_cause_and_remove_the_line_of_a_test_that_never_failed(self):
        self.listed("io.a.ATest#shouldDo", "ATest#shouldBe", "io.x.OtherTest#shouldDo")
        self.maven(1, code=1, shouldDo=ASSERTION, shouldBe="")
        code, said = self.many("ATest", "--times", "2")
        self.assertEqual(1, code)
        self.assertEqual([("io.x.OtherTest#shouldDo", 3, 50, "a slow start"),
                          ("io.a.ATest#shouldDo", 2, 2, "a slow start")], self.lines())
        self.assertIn("io.a.ATest#shouldBe never failed in 2 runs; its line was removed", said)

    def test_should_run_an_integration_test_in_the_whole_project(self):
        self.maven(1, suite="io.a.LogsIT", shouldDo="")
        self.assertEqual(0, self.many("LogsIT", "--times", "1")[0])
        self.assertIn("verify -Dit.test=io.a.LogsIT -Dtest=NONE", self.called()[0])
        self.assertNotIn("-pl", self.called()[0])

    def test_should_refuse_an_integration_test_without_a_cluster(self):
        del os.environ["WINDLASS_TEST_KUBECONFIG"]
        self.assert_refused("Set WINDLASS_TEST_KUBECONFIG", "LogsIT")
        self.assertEqual([], self.called())

    def test_should_refuse_what_is_no_single_test(self):
        self.assert_refused("There is no test class 'Nothing'", "Nothing")
        self.assert_refused("Name one: io.b.TwiceTest, io.a.TwiceTest", "TwiceTest")
        self.assert_refused("Name one test", "ATest", "LogsIT")
        self.assert_refused("Name one test", "ATest", "--times", "0")
        self.maven(1, shouldDo="")
        self.assert_refused("No test io.a.ATest#shouldBe ran", "ATest#shouldBe")

    def test_should_stop_when_maven_fails_without_a_failed_test(self):
        self.maven(1, code=1, shouldDo="")
        self.assert_refused("Maven failed, but not by a test of io.a.ATest", "ATest")
        self.assertEqual(1, len(self.called()))

    def assert_refused(self, text, *arguments):
        code, said = self.many(*arguments)
        self.assertEqual(2, code, said)
        self.assertIn(text, said)
        self.assertEqual([], self.lines())

    def again(self, **tests):
        self.folder = report(self.root, "io.a.ATest", **tests)
        return self.call(flaky.main, "--again", self.folder)

    def test_should_pass_when_a_listed_test_passes_the_second_time(self):
        self.listed("io.a.ATest#shouldDo")
        self.maven(1, shouldDo="")
        code, said = self.again(shouldDo=ASSERTION, shouldBe="")
        self.assertEqual(0, code, said)
        self.assertIn("failed at first (org.opentest4j.AssertionFailedError: expected 1)", said)
        self.assertIn("3 failures of 50 runs, cause: a slow start", said)
        self.assertIn("passed at the second time", said)
        self.assertIn("-Dtest=io.a.ATest#shouldDo", self.called()[0])
        self.assertIn("AssertionFailedError", self.read("web-server/target/surefire-reports/TEST-io.a.ATest.xml"))
        self.assertEqual("io.a.ATest#shouldDo\n", self.read("target/passed-again"))

    def test_should_fail_when_a_listed_test_fails_again(self):
        self.listed("ATest#shouldDo")
        self.maven(1, code=1, shouldDo=ASSERTION)
        code, said = self.again(shouldDo=ASSERTION)
        self.assertEqual(1, code)
        self.assertIn("failed again", said)
        self.assertEqual("", self.read("target/passed-again"))

    def test_should_never_run_a_test_again_that_is_not_listed(self):
        self.listed("io.a.ATest#shouldDo")
        self.maven(1, shouldDo="")
        code, said = self.again(shouldDo=ASSERTION, shouldBe=ASSERTION)
        self.assertEqual(1, code)
        self.assertIn("io.a.ATest#shouldBe: failed, and is not run again", said)
        self.assertEqual(1, len(self.called()))
        self.assertIn("-Dtest=io.a.ATest#shouldDo", self.called()[0])

    def test_should_fail_when_the_second_run_has_no_result(self):
        self.listed("io.a.ATest#shouldDo")
        self.maven(1, shouldDo="<skipped/>")
        code, said = self.again(shouldDo="<error type='java.io.IOException'/>")
        self.assertEqual(1, code)
        self.assertIn("no second result", said)

    def test_should_fail_when_the_reports_have_no_failure(self):
        code, said = self.again(shouldDo="")
        self.assertEqual(1, code)
        self.assertIn("failed for another reason", said)


if __name__ == "__main__":
    toys.unittest.main()
