"""Tests that could not fail before: what is broken on purpose now turns them red.

The findings (T20 ...) are those of issue 18; `against` says what the test did not see.
"""
from guard import Guard

PODS = "pod-scheduler/src/main/java/io/windlass/podscheduler/"
POD_TESTS = "pod-scheduler/src/test/java/io/windlass/podscheduler/"

BROKEN_ON_PURPOSE = [
    Guard("a test without its cluster tool passes instead of being skipped", "T25: a kill of the API server that never was",
          POD_TESTS + "ClusterTool.java", 'program.orElseGet(\n                        () -> Assumptions.abort("WINDLASS_TEST_CLUSTER_TOOL is not set"))',
          'program.orElse(Path.of("true"))', ("pod-scheduler", "ClusterToolTest")),
    Guard("the pod-scheduler ends with its API server", "T25: a kill of the API server that never was",
          PODS + "bind/Leadership.java", 'LOG.warn("the lease {}/{}: {}; it is tried again", namespace, name, e.toString());',
          "Runtime.getRuntime().halt(1);", ("pod-scheduler", "SchedulerProcessIT")),
]
