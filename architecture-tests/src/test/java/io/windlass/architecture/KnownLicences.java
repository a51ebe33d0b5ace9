package io.windlass.architecture;

import java.util.Map;
import java.util.regex.Pattern;

/** The licences that somebody has looked at, by their SPDX identifiers. Any other is refused. */
final class KnownLicences {
    private static final Pattern APACHE =
            Pattern.compile(
                    "(The )?Apache( Software)?( License)?(,? [Vv]ersion)?[ -]2(\\.0)?( License)?");

    private static final Map<String, String> OTHERS =
            Map.ofEntries(
                    Map.entry("0BSD", "0BSD"),
                    Map.entry("BSD-2-Clause", "BSD-2-Clause"),
                    Map.entry("Bouncy Castle Licence", "MIT"),
                    Map.entry("EPL 1.0", "EPL-1.0"),
                    Map.entry("EPL 2.0", "EPL-2.0"),
                    Map.entry("EPL-2.0", "EPL-2.0"),
                    Map.entry("GPL2 w/ CPE", "GPL-2.0-only WITH Classpath-exception-2.0"),
                    Map.entry("LGPL-2.1-only", "LGPL-2.1-only"),
                    Map.entry("MIT", "MIT"),
                    Map.entry("The MIT License", "MIT"),
                    Map.entry("MIT-0", "MIT-0"),
                    Map.entry("MPL 2.0", "MPL-2.0"),
                    Map.entry("Mozilla Public License, version 2.0", "MPL-2.0"),
                    Map.entry("Public Domain, per Creative Commons CC0", "CC0-1.0"));

    private KnownLicences() {}

    static String identifier(String jar, String text) {
        if (APACHE.matcher(text).matches()) {
            return "Apache-2.0";
        }
        String identifier = OTHERS.get(text);
        if (identifier == null) {
            throw new IllegalStateException(
                    "%s has the licence \"%s\": look whether Windlass may be shipped with it, and add it to KnownLicences"
                            .formatted(jar, text));
        }
        return identifier;
    }
}
