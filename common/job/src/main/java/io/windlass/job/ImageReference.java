package io.windlass.job;

import java.util.regex.Pattern;

/** The grammar of image references, as registries have it: [domain[:port]/]path[:tag][@digest]. */
public final class ImageReference {
    private static final int LONGEST = 512;
    private static final String HOST_PART = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?";
    private static final String DOMAIN =
            "(?:" + HOST_PART + "(?:\\." + HOST_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
    private static final Pattern REFERENCE =
            Pattern.compile(
                    ("(?:" + DOMAIN + "/)?" + PATH_PART + "(?:/" + PATH_PART + ")*")
                            + "(?::[\\w][\\w.-]{0,127})?"
                            + "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

    private ImageReference() {}

    public static boolean parses(String text) {
        return text.length() <= LONGEST && REFERENCE.matcher(text).matches();
    }

    /** The host that an image comes from, as it is pulled: Docker's where none is named. */
    static String registry(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        return isHost ? first : "docker.io";
    }
}
