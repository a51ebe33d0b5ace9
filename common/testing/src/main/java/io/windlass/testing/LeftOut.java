package io.windlass.testing;

/** Names in the output each test that is left out, so that nobody takes silence for a pass. */
public final class LeftOut {
    private LeftOut() {}

    /**
     * Whether what a test needs is there; if not, says which test is left out, and for want of
     * what.
     */
    public static boolean unless(boolean there, String what) {
        if (!there) {
            System.out.println(
                    "[windlass tests] LEFT OUT for want of " + what + ": " + callingTest());
        }
        return there;
    }

    private static String callingTest() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.map(StackWalker.StackFrame::getClassName)
                                .filter(n -> n.startsWith("io.windlass."))
                                .filter(n -> !n.startsWith(LeftOut.class.getPackageName()))
                                .findFirst()
                                .orElse("tests of a cluster"));
    }
}
