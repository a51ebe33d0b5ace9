package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each link from one page of this repository to another leads to a file and to a heading of it. */
class DocsLinksTest {
    private static final Path ROOT =
            Path.of(System.getProperty("windlass.root", "..")).toAbsolutePath().normalize();
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".j");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern NO_ANCHOR = Pattern.compile("[^\\p{L}\\p{N}_\\- ]");

    @Test
    void shouldLeadToAFileAndToAHeadingOfIt() throws IOException {
        List<Path> pages = pages();
        assertThat(pages).hasSizeGreaterThan(20);
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            broken.addAll(brokenIn(page, Files.readString(page)));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void shouldNoticeALinkThatLeadsNowhere() throws IOException {
        Path readme = ROOT.resolve("README.md");
        assertThat(brokenIn(readme, "[x](docs/no-such-page.md)")).hasSize(1);
        assertThat(brokenIn(readme, "[x](docs/testing.md#no-such-heading)")).hasSize(1);
        assertThat(brokenIn(readme, "[x](#no-such-heading)")).hasSize(1);
        assertThat(brokenIn(readme, "[x](docs/testing.md#the-full-forms)")).isEmpty();
        assertThat(brokenIn(readme, "[x](https://example.com/#there)")).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 3)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".md"))
                    .filter(file ->
                            Stream.of(ROOT.relativize(file).toString().split("/"))
                                    .noneMatch(NOT_OURS::contains))
                    .toList();
        }
    }

    private static List<String> brokenIn(Path page, String text) throws IOException {
        List<String> broken = new ArrayList<>();
        for (MatchResult link : LINK.matcher(text).results().toList()) {
            String target = link.group(1);
            if (!ELSEWHERE.matcher(target).matches() && !leads(page, target)) {
                broken.add(ROOT.relativize(page) + ": " + target);
            }
        }
        return broken;
    }

    private static boolean leads(Path page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return parts.length == 1
                || !file.toString().endsWith(".md")
                || anchors(Files.readString(file)).contains(parts[1]);
    }

    /** As the usual renderers make them of headings. */
    private static Set<String> anchors(String text) {
        return HEADING.matcher(CODE.matcher(text).replaceAll(""))
                .results()
                .map(heading -> heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
                .map(heading -> NO_ANCHOR.matcher(heading.toLowerCase(Locale.ROOT)).replaceAll(""))
                .map(heading -> heading.strip().replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
