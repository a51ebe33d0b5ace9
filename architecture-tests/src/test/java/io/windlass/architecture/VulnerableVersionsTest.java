package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Each advisory that was met has a rule of the enforcer, which refuses the versions before its fix.
 */
class VulnerableVersionsTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Pattern RULE =
            Pattern.compile(
                    "<id>([a-z]+-without-CVE-[0-9-]+)</id>(?:(?!</execution>).)*?<bannedDependencies>\\s*"
                            + "<excludes>\\s*<exclude>([^<]+)</exclude>\\s*</excludes>\\s*<message>([^<]+)</message>",
                    Pattern.DOTALL);

    @Test
    void shouldRefuseTheVersionsOfEachAdvisory() throws IOException {
        Map<String, String> refused = new TreeMap<>();
        Matcher rule = RULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (rule.find()) {
            refused.put(rule.group(1), rule.group(2));
            assertThat(rule.group(3)).as("the message of %s", rule.group(1)).contains("fixed");
        }
        assertThat(refused)
                .containsOnly(
                        Map.entry(
                                "pgjdbc-without-CVE-2026-42198",
                                "org.postgresql:postgresql:(,42.7.11)"),
                        Map.entry(
                                "spring-without-CVE-2026-41850", "org.springframework:*:(,7.0.8)"),
                        Map.entry(
                                "bouncycastle-without-CVE-2026-0636",
                                "org.bouncycastle:*:(,1.85)"));
    }
}
