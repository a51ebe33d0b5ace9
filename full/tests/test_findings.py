import toys

import findings

FAILURE = '<failure type="{}" message="expected 1"/>'
ASSERTION = FAILURE.format("org.opentest4j.AssertionFailedError")


def report(root, suite, module="web-server", **tests):
    """Writes a report of one class: for each method the XML inside its testcase."""
    folder = root / module / "target" / "surefire-reports"
    folder.mkdir(parents=True, exist_ok=True)
    cases = "".join(f'<testcase name="{name}" classname="{suite}">{inner}</testcase>' for name, inner in tests.items())
    (folder / f"TEST-{suite}.xml").write_text(f"<testsuite>{cases}</testsuite>")
    return str(folder)


class FindingsTest(toys.ToyTest):
    def setUp(self):
        super().setUp()
        self.finding("F1", "web-server ATest#shouldDo")

    def check(self, *folders):
        return self.call(findings.main, "check", *folders)

    def assert_wrong(self, text, *folders):
        code, said = self.check(*folders)
        self.assertEqual(1, code, said)
        self.assertIn(text, said)
        self.assertNotIn("as it must", said)

    def test_should_accept_a_test_that_fails_by_its_assertion(self):
        for kind in ("java.lang.AssertionError", "org.opentest4j.AssertionFailedError",
                     "org.opentest4j.MultipleFailuresError", "org.assertj.core.error.AssertJMultipleFailuresError"):
            code, said = self.check(report(self.root, "io.a.ATest", shouldDo=FAILURE.format(kind)))
            self.assertEqual((0, "Open findings: 1, shown by 1 tests. "
                                 "Each of these tests fails by its assertion, as it must.\n"), (code, said))

    def test_should_fail_when_a_test_breaks(self):
        self.assert_wrong("must fail by its assertion, but broke: java.io.IOException: gone",
                          report(self.root, "io.a.ATest",
                                 shouldDo='<error type="java.io.IOException" message="gone"/>'))
        self.assert_wrong("must fail by its assertion",
                          report(self.root, "io.a.ATest", shouldDo=FAILURE.format("java.lang.IllegalStateException")))

    def test_should_fail_when_a_test_is_green(self):
        self.assert_wrong('the defect is mended. Remove @Tag("finding")', report(self.root, "io.a.ATest", shouldDo=""))

    def test_should_fail_when_a_test_is_skipped(self):
        self.assert_wrong("was skipped", report(self.root, "io.a.ATest", shouldDo="<skipped/>"))

    def test_should_fail_when_a_listed_test_did_not_run(self):
        self.assert_wrong("did not run", report(self.root, "io.a.ATest"))

    def test_should_fail_when_the_test_ran_in_another_module(self):
        self.assert_wrong("did not run", report(self.root, "io.a.ATest", module="other-web-server", shouldDo=ASSERTION))

    def test_should_fail_when_a_test_is_not_listed(self):
        self.assert_wrong("io.a.ATest#shouldBe ran with the findings, but full/findings.tsv does not list it",
                          report(self.root, "io.a.ATest", shouldDo=ASSERTION, shouldBe=ASSERTION))

    def test_should_accept_parameters_of_which_one_fails(self):
        self.assertEqual(0, self.check(report(self.root, "io.a.ATest", **{
            "shouldDo(int)[1]": "", "shouldDo(int)[2]": ASSERTION}))[0])

    def test_should_accept_a_class_with_its_package(self):
        self.write("full/findings.tsv", "finding\ttest\tpage\n")
        self.finding("F1", "web-server io.a.ATest#shouldDo")
        self.assertEqual(0, self.check(report(self.root, "io.a.ATest", shouldDo=ASSERTION))[0])
        self.assertEqual(1, self.check(report(self.root, "io.b.ATest", shouldDo=ASSERTION))[0])

    def test_should_count_findings_and_not_tests(self):
        self.finding("F1", "web-server ATest#shouldBe")
        self.finding("F2", "form faults")
        code, said = self.check(report(self.root, "io.a.ATest", shouldDo=ASSERTION, shouldBe=ASSERTION))
        self.assertEqual(0, code)
        self.assertIn("Open findings: 2, shown by 2 tests.", said)

    def test_should_say_that_none_is_open(self):
        self.write("full/findings.tsv", "finding\ttest\tpage\n")
        (self.root / "empty").mkdir()
        self.assertEqual((0, "Open findings: 0, shown by 0 tests.\n"), self.check(str(self.root / "empty")))

    def test_should_name_modules_and_tests(self):
        self.finding("F2", "common/schedule BTest#shouldDo")
        self.finding("F3", "web-server ATest#shouldBe")
        self.finding("F4", "form faults")
        self.assertEqual((0, "web-server,common/schedule\n"), self.call(findings.main, "modules"))
        self.assertEqual((0, "ATest#shouldDo+shouldBe,BTest#shouldDo\n"), self.call(findings.main, "tests"))

    def test_should_refuse_wrong_input(self):
        code, said = self.check(str(self.root / "nothing"))
        self.assertEqual(2, code)
        self.assertIn("is no folder", said)
        folder = self.root / "web-server/target"
        report(self.root, "io.a.ATest")
        (folder / "surefire-reports/TEST-cut.xml").write_text("<testsuite>")
        code, said = self.check(str(folder))
        self.assertEqual(2, code)
        self.assertIn("is no whole report", said)
        self.append("full/findings.tsv", "x\n")
        self.assertEqual(1, self.check(str(folder))[0])


if __name__ == "__main__":
    toys.unittest.main()
