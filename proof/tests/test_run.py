"""python3 -m unittest discover -s proof/tests"""
import contextlib
import dataclasses
import io
import pathlib
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import run  # noqa: E402
from guard import Guard  # noqa: E402

GUARD = Guard("a guard", "what happens", "m/src/main/java/A.java", "guarded();", "open();", ("m", "ATest"))
SIMULATED = Guard("simulated", "x", "m/src/main/java/A.java", "guarded();", "", ("simulator", "SimulationTest"))
PAGE = """# Proof
<!-- guards: made by proof/run.py -->

| guard | without it | what turned red | at |
| --- | --- | --- | --- |
| a guard | what happens | `shouldOld` in ATest | `1` |

<!-- end of guards -->
between
<!-- mutations: made by proof/run.py -->
<!-- end of mutations -->
after
"""
# as Maven prints them
SUREFIRE = """
[INFO] --- surefire:3.5.6:test (default-test) @ job-store ---
[ERROR] Tests run: 9, Failures: 2, Errors: 1, Skipped: 0, Time elapsed: 3.1 s <<< FAILURE! -- in io.windlass.store.StoreTest
[ERROR] io.windlass.store.StoreTest.shouldKeep -- Time elapsed: 0.1 s <<< FAILURE!
java.lang.AssertionError: expected 1 -- Time elapsed: no
[ERROR] io.windlass.store.StoreTest.shouldTake(String, int)[2] -- Time elapsed: 0.1 s <<< ERROR!
[ERROR] io.windlass.store.StoreTest$Nested.shouldNest -- Time elapsed: 0.1 s <<< FAILURE!
[ERROR] io.windlass.store.LogsTest -- Time elapsed: 0.2 s <<< ERROR!
[ERROR]   StoreTest.shouldKeep:12 expected 1
[ERROR] Tests run: 9, Failures: 2, Errors: 1, Skipped: 0
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.5.6:test (default-test) on project job-store
"""
FAILSAFE = """
[INFO] --- failsafe:3.5.6:integration-test (default) @ pod-scheduler ---
[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 30.2 s <<< FAILURE! -- in io.windlass.podscheduler.bind.RealDeedsIT
[ERROR] io.windlass.podscheduler.bind.RealDeedsIT.shouldNotBindAnotherPodOfTheSameName -- Time elapsed: 1.2 s <<< FAILURE!
[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1
[INFO] --- failsafe:3.5.6:verify (default) @ pod-scheduler ---
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-failsafe-plugin:3.5.6:verify (default) on project pod-scheduler
"""
PASSED = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in io.windlass.A\n" \
         "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\n"
SKIPPED = "[WARNING] Tests run: 1, Failures: 0, Errors: 0, Skipped: 1\n"


class Repository(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.put("m/src/main/java/A.java", "class A { void a() { guarded(); } }")
        self.put("m/src/test/java/p/ATest.java", "class ATest extends Conformance {}")
        self.put("m/src/test/java/p/Conformance.java", "abstract class Conformance {}")
        self.put("m/src/test/java/p/OtherTest.java", "class OtherTest {}")
        self.put("simulator/src/main/java/World.java", "class World {}")
        self.put("simulator/src/test/java/SimulationTest.java", "class SimulationTest {}")
        self.put("proof.md", PAGE)
        self.page = self.page_of(GUARD)

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def page_of(self, *guards):
        tables = (run.Table("guards", ("guard", "without it"), list(guards)),
                  run.Table("mutations", ("broken on purpose", "finding"), []))
        return run.Page(self.root / "proof.md", self.root / "hashes.tsv", tables)

    def digest(self, guard=GUARD):
        return run.digest_of(self.root, guard)

    def chosen(self, *args, page=None, guards=(GUARD,)):
        return [g.name for g in run.chosen(guards, self.root, page or self.page, run.options_of(args), "3")]


class HashTest(Repository):
    def test_changes_with_the_guarded_file(self):
        before = self.digest()
        self.put("m/src/main/java/A.java", "class A { void a() { guarded(); } /* new */ }")
        self.assertNotEqual(before, self.digest())

    def test_changes_with_the_entry(self):
        for change in {"text": "guarded()"}, {"without": ""}, {"where": ("m", "ATest,OtherTest")}, {"form": "faults"}:
            self.assertNotEqual(self.digest(), self.digest(dataclasses.replace(GUARD, **change)), change)

    def test_changes_with_the_tests_and_with_what_they_extend(self):
        for file in ("ATest", "Conformance"):
            before = self.digest()
            self.put(f"m/src/test/java/p/{file}.java", f"class {file} extends Conformance {{ int more; }}")
            self.assertNotEqual(before, self.digest(), file)

    def test_stays_when_another_test_or_its_own_words_change(self):
        before = self.digest()
        self.put("m/src/test/java/p/OtherTest.java", "class OtherTest { int more; }")
        self.assertEqual(before, self.digest(dataclasses.replace(GUARD, against="other words")))

    def test_changes_with_any_source_of_the_simulator_where_that_proves_it(self):
        before = self.digest(SIMULATED), self.digest()
        self.put("simulator/src/main/java/World.java", "class World { int more; }")
        self.assertNotEqual(before[0], self.digest(SIMULATED))
        self.assertEqual(before[1], self.digest())


class ChoiceTest(Repository):
    def test_runs_a_row_without_a_hash_and_none_that_is_unchanged(self):
        self.assertEqual(["a guard"], self.chosen())
        self.page.write(GUARD, "| a guard | x | `t` in ATest | `2` |", self.digest())
        page = self.page_of(GUARD)
        self.assertEqual([], self.chosen(page=page))
        self.assertEqual([], self.chosen("--only-missing", page=page))
        self.assertEqual(["a guard"], self.chosen("--all", page=page))
        self.assertEqual(["a guard"], self.chosen("guard", page=page))
        self.put("m/src/test/java/p/ATest.java", "class ATest { int more; }")
        self.assertEqual(["a guard"], self.chosen(page=page))
        self.assertEqual([], self.chosen("--only-missing", page=page))

    def test_goes_on_with_all_at_the_same_commit_only(self):
        self.page.write(GUARD, "| a guard | x | `t` in ATest | `3` |", self.digest())
        self.assertEqual([], self.chosen("--all", page=self.page_of(GUARD)))
        self.page.write(GUARD, "| a guard | x | **nothing** | `3` |", None)
        self.assertEqual(["a guard"], self.chosen("--all", page=self.page_of(GUARD)))

    def test_runs_a_row_that_the_page_does_not_show(self):
        self.page.write(GUARD, "| a guard | x | `t` in ATest | `2` |", self.digest())
        self.put("proof.md", PAGE.replace("| a guard | what happens | `shouldOld` in ATest | `1` |\n", ""))
        self.assertEqual(run.TO_RUN, run.state(self.root, GUARD, self.page_of(GUARD)))

    def test_runs_a_row_again_that_nothing_turned_red(self):
        self.page.write(GUARD, "| a guard | x | **nothing** | `2` |", None)
        self.assertEqual(["a guard"], self.chosen(page=self.page_of(GUARD)))

    def test_lists_all_that_is_not_found_before_anything_runs(self):
        guards = [dataclasses.replace(GUARD, name="no text", text="gone();"), GUARD,
                  dataclasses.replace(GUARD, name="no file", file="m/B.java"),
                  dataclasses.replace(GUARD, name="no test", where=("m", "GoneTest")),
                  dataclasses.replace(GUARD, name="both kinds", where=("m", "ATest,AIT"))]
        self.put("m/src/test/java/p/AIT.java", "class AIT {}")
        ran, err = [], io.StringIO()
        with mock.patch.object(run, "git", self.copy_instead_of_a_clone), mock.patch.object(run, "maven", ran.append), \
                contextlib.redirect_stderr(err):
            code = run.within(self.folder(), run.options_of([]), self.page_of(*guards))
        self.assertEqual((2, []), (code, ran))
        for name in ("no text", "no file", "no test", "both kinds"):
            self.assertIn(f"not found: {name}: ", err.getvalue())
        self.assertNotIn(GUARD.name, err.getvalue())

    def test_says_so_when_no_row_has_to_run(self):
        self.page.write(GUARD, "| a guard | x | `t` in ATest | `2` |", self.digest())
        out = io.StringIO()
        with mock.patch.object(run, "git", self.copy_instead_of_a_clone), contextlib.redirect_stdout(out):
            code = run.within(self.folder(), run.options_of([]), self.page_of(GUARD))
        self.assertEqual((0, "no row to run\n"), (code, out.getvalue()))

    def test_refuses_a_name_that_no_guard_has(self):
        err = io.StringIO()
        with mock.patch.object(run, "git", self.copy_instead_of_a_clone), contextlib.redirect_stderr(err):
            code = run.within(self.folder(), run.options_of(["nothing"]), self.page)
        self.assertEqual(2, code)
        self.assertIn("No guard has a name with nothing", err.getvalue())

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def copy_instead_of_a_clone(self, *args, cwd=None):
        if args[0] == "clone":
            pathlib.Path(args[-1]).symlink_to(self.root)
        return ""


class OutputTest(unittest.TestCase):
    def test_names_the_red_tests_of_surefire(self):
        self.assertEqual(("`set-up` in LogsTest", "`shouldKeep` in StoreTest", "`shouldNest` in Nested", "`shouldTake` in StoreTest"),
                         run.red(SUREFIRE))

    def test_names_the_red_tests_of_failsafe(self):
        self.assertEqual(("`shouldNotBindAnotherPodOfTheSameName` in RealDeedsIT",), run.red(FAILSAFE))

    def test_judges_a_run(self):
        for code, output, result in [
                (1, SUREFIRE, run.RED), (1, FAILSAFE, run.RED), (0, PASSED, run.GREEN), (0, SKIPPED, run.NOT_RUN), (0, "", run.NOT_RUN),
                (1, "[ERROR] COMPILATION ERROR : \n[ERROR] A.java:[1,2] ';' expected", run.NOT_COMPILED),
                (1, "[ERROR] Could not resolve dependencies", run.BROKEN)]:
            self.assertEqual(result, run.judge(code, output).result, output)

    def test_asks_maven_for_one_it_and_for_the_size_of_the_row(self):
        asked = []

        def ran(command, env, **_):
            asked.append((command, env["WINDLASS_TEST_SIZE"]))
            return mock.Mock(returncode=0, stdout="")

        with mock.patch.object(run.subprocess, "run", ran):
            run.maven("clone", GUARD)
            run.maven("clone", dataclasses.replace(GUARD, where=("m", "AIT"), form="faults"))
        self.assertIn("-Dtest=ATest", asked[0][0])
        self.assertIn("test", asked[0][0])
        self.assertIn("-Dit.test=AIT", asked[1][0])
        self.assertIn("verify", asked[1][0])
        self.assertEqual(["short", "full"], [size for _, size in asked])


class RunTest(Repository):
    def lanes(self):
        clones = []
        for lane in "12":
            clones.append(self.root / lane)
            self.put(f"{lane}/m/src/main/java/A.java", "guarded(); guarded();")
        return clones

    def test_two_rows_run_at_a_time_in_a_clone_each(self):
        guards = [dataclasses.replace(GUARD, name=str(n)) for n in range(5)]
        both, seen = threading.Barrier(2), []

        def fake(clone, guard):
            if guard.name in "01":
                both.wait(timeout=3)  # passes only if another row runs meanwhile
            seen.append((clone.name, (clone / guard.file).read_text()))
            return 1, SUREFIRE

        results = {}
        run.prove(guards, self.lanes(), fake, lambda guard, outcome: results.update({guard.name: outcome.result}))
        self.assertEqual({str(n): run.RED for n in range(5)}, results)
        self.assertEqual({"1", "2"}, {clone for clone, _ in seen})
        self.assertEqual({"open(); guarded();"}, {text for _, text in seen})
        for clone in self.root / "1", self.root / "2":
            self.assertEqual("guarded(); guarded();", (clone / GUARD.file).read_text())

    def test_only_one_row_uses_the_cluster_at_a_time(self):
        guards = [dataclasses.replace(GUARD, name=f"it {n}", where=("m", "AIT")) for n in range(3)] + [GUARD]
        lock, on_cluster, most = threading.Lock(), [0], [0]

        def fake(_, guard):
            if guard.needs_cluster:
                with lock:
                    on_cluster[0] += 1
                    most[0] = max(most[0], on_cluster[0])
                time.sleep(0.02)
                with lock:
                    on_cluster[0] -= 1
            return 1, FAILSAFE

        done = []
        run.prove(guards, self.lanes(), fake, lambda guard, outcome: done.append(guard.name))
        self.assertEqual((1, 4), (most[0], len(done)))

    def test_goes_on_after_a_mutation_that_does_not_compile_and_reports_it(self):
        guards = [dataclasses.replace(GUARD, name=name) for name in ("a guard", "breaks", "survives")]
        page = self.page_of(*guards)
        answers = {"a guard": (1, SUREFIRE), "breaks": (1, "[ERROR] COMPILATION ERROR : \n[ERROR] ';' expected"), "survives": (0, PASSED)}
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            report = run.Report(page, 3, "abc", {g.name: "hash" for g in guards})
            run.prove(guards, self.lanes(), lambda clone, guard: answers[guard.name], report)
            code = report.end()
        self.assertEqual(1, code)
        self.assertIn("3 of 3, 0:00 elapsed, about 0:00 left", out.getvalue())
        self.assertIn("does not compile: breaks\n  [ERROR] COMPILATION ERROR", out.getvalue())
        self.assertIn("1 of 3 guards are proven", out.getvalue())
        text = (self.root / "proof.md").read_text()
        self.assertIn("| a guard | what happens | `set-up` in LogsTest; `shouldKeep` in StoreTest and 2 more | `abc` |", text)
        self.assertIn("| survives | what happens | **nothing** | `abc` |", text)
        self.assertNotIn("breaks", text)
        self.assertIn("between", text)
        self.assertTrue(text.endswith("after\n"))
        self.assertEqual("a guard\thash\n", (self.root / "hashes.tsv").read_text())

    def test_a_row_names_the_full_form_that_catches_it(self):
        guard = dataclasses.replace(GUARD, form="faults")
        self.assertIn("`t` in ATest (only `make full FORM=faults`)", run.line_of(guard, run.Outcome(run.RED, ("`t` in ATest",)), "abc"))

    def test_a_row_that_cannot_be_run_ends_the_run(self):
        def fake(clone, guard):
            raise OSError("no ./mvnw")

        with self.assertRaises(OSError):
            run.prove([GUARD] * 3, self.lanes(), fake, lambda *_: None)


if __name__ == "__main__":
    unittest.main()
