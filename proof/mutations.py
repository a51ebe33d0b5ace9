"""Tests that could not fail before: what is broken on purpose now turns them red.

The findings (T20 ...) are those of issue 18; `against` says what the test did not see.
"""
from guard import Guard

JOB = "common/job/src/main/java/io/windlass/job/"
STORE = "common/job-store/src/main/java/io/windlass/store/"
PROCESSOR = "messages-processor/src/main/java/io/windlass/processor/"
SERVICE = "common/service/src/main/java/io/windlass/service/"
TESTING = "common/testing/src/main/java/io/windlass/testing/"
WEB = "web-server/src/main/java/io/windlass/web/"
HARNESS = "e2e-tests/src/main/java/io/windlass/harness/"
HARNESS_TESTS = "e2e-tests/src/test/java/io/windlass/e2e/"
PODS = "pod-scheduler/src/main/java/io/windlass/podscheduler/"
POD_TESTS = "pod-scheduler/src/test/java/io/windlass/podscheduler/"

BROKEN_ON_PURPOSE = [
    Guard("a test without its cluster tool passes instead of being skipped", "T25: a kill of the API server that never was",
          POD_TESTS + "ClusterTool.java", 'program.orElseGet(\n                        () -> Assumptions.abort("WINDLASS_TEST_CLUSTER_TOOL is not set"))',
          'program.orElse(Path.of("true"))', ("pod-scheduler", "ClusterToolTest")),
    Guard("the pod-scheduler ends with its API server", "T25: a kill of the API server that never was",
          PODS + "bind/Leadership.java", 'LOG.warn("the lease {}/{}: {}; it is tried again", namespace, name, e.toString());',
          "Runtime.getRuntime().halt(1);", ("pod-scheduler", "SchedulerProcessIT")),
    Guard("a schedule that cannot be decided is left alone", "T30: all schedules that wait behind one",
          STORE + "Clerk.java", "            } catch (RuntimeException e) {\n                // one that this code",
          "            } catch (ArithmeticException e) {\n                // one that this code", ("common/job-store", "ClerkTest,OneSpoiledOfManyTest")),
    Guard("a slot is given back whatever happens", "T30: a sweep that has no slots left",
          PROCESSOR + "Slots.java", "        all.giveBack(slot.namespace());\n",
          "", ("messages-processor", "SweepLookTest")),
    Guard("nothing is made for who does not read", "T24: memory that grows with readers that do not read",
          SERVICE + "Pulled.java", "if (!unbounded.get()\n                        && !wanted",
          "if (name.isEmpty()\n                        && !wanted", ("common/service", "PulledTest")),
    Guard("who reads nothing is cut off", "T24: places for readers that are taken for ever",
          SERVICE + "Pulled.java", "                    cut.run();\n                    return;\n",
          "                    continue;\n", ("common/service", "PulledTest")),
    Guard("a node filters segments", "T29: a fake that is kinder than a kubelet",
          TESTING + "KubeletFile.java", "if (segment.nanos >= sinceNanos) {",
          "if (segment.nanos >= sinceNanos || !begins) {", ("cluster-gateway", "ScriptedNodeTest")),
    Guard("a page of the feed at a time", "T24: memory that grows with what a reader is owed",
          WEB + "FeedStream.java", "PAGE = 200;",
          "PAGE = 20_000;", ("web-server", "DeafFollowersTest")),
    Guard("a follower is told at once", "T24: news that wait for the next heartbeat",
          WEB + "Endings.java", "            turn++;\n", "", ("web-server", "StreamsTest")),
    Guard("a figure may be four times worse than its record", "T20: a benchmark that passes if a table exists",
          "benchmarks/src/main/java/io/windlass/benchmarks/Comparison.java", "static final double BOUND = 2;",
          "static final double BOUND = 4;", ("benchmarks", "ComparisonTest")),
    Guard("a job may cost more than its budget", "T20: costs that nobody counts",
          HARNESS_TESTS + "Budget.java", "&& count <= Math.floor(most * jobs + 1e-9);", ";", ("e2e-tests", "BudgetTest")),
    Guard("each job is looked at once more", "T20: costs that nobody counts",
          JOB + "Assessing.java", "next = earlier(next, tooLate);", "next = draft.now;", ("e2e-tests", "BudgetIT")),
    Guard("a piece of a log is given twice", "T22: bytes that were compared only if nothing was lost",
          WEB + "LogSource.java", "        offset = rest.to();\n        return Optional.of(new Part.Some(rest));",
          "        offset = rest.to();\n        return Optional.of(new Part.Some(piece));", ("e2e-tests", "LogLoadIT")),
    Guard("any loss explains missing bytes", "T22: bytes that were compared only if nothing was lost",
          HARNESS + "LogComparison.java", "if (from != offset) {", "if (false) {", ("e2e-tests", "LogComparisonTest")),
    Guard("the thread that restarts processors dies", "T23: a thread that was never asked",
          HARNESS_TESTS + "RestartsIT.java", "                restarts.incrementAndGet();\n                turn++;",
          "                if (restarts.incrementAndGet() == 7) {\n                    throw new IllegalStateException(\"gave up\");\n                }\n                turn++;",
          ("e2e-tests", "RestartsIT")),
    Guard("what is broken off is always sent again", "T36: a client that hides what failed",
          HARNESS + "Submitting.java", "if (mayBreakOff.getAndDecrement() <= 0) {", "if (false) {", ("e2e-tests", "SubmittingTest")),
    Guard("segments have no time of their own inside a line", "T29: a fake that is kinder than a kubelet",
          TESTING + "KubeletFile.java", "begins = segment.endsALine();",
          "begins = true;", ("cluster-gateway", "ScriptedNodeTest")),
    Guard("readers are cut off after a millisecond", "T21: readers that are all cut off",
          WEB + "ApiSettings.java", '@Bindable(defaultValue = "1m") Duration logPatience', '@Bindable(defaultValue = "1ms") Duration logPatience',
          ("e2e-tests", "LogLoadIT")),
    Guard("another's Job of our name is suspended", "T26: a Job that was looked at for one moment, and its pods never",
          JOB + "Live.java", "draft.note(about(other, Reason.NAME_CONFLICT.name(), text, null));",
          "draft.command(new Command.Retire(other.uid()));", ("e2e-tests", "RealClusterIT")),
]
