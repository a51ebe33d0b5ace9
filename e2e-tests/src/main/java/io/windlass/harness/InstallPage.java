package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of {@code docs/operations.md} that whoever installs Windlass runs, one after the
 * other.
 *
 * @param variables the first: the only one that a reader edits
 * @param steps the others
 */
public record InstallPage(String variables, List<Step> steps) {
    private static final String BEGINS = "<!-- install page: begins";
    private static final String ENDS = "<!-- install page: ends";
    private static final Pattern EXPORTED = Pattern.compile("(?<=[ \\n])([A-Z_]+)=");

    /**
     * A block.
     *
     * @param title of its section; a section may have several
     */
    public record Step(String title, String script) {}

    public static InstallPage of(Path root) throws IOException {
        return read(Files.readString(root.resolve("docs/operations.md")));
    }

    static InstallPage read(String page) {
        int begin = page.indexOf(BEGINS);
        int end = page.indexOf(ENDS);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the install page has no beginning or no end");
        }
        List<Step> steps = new ArrayList<>();
        String title = "";
        StringBuilder block = null;
        for (String line : page.substring(begin, end).lines().toList()) {
            if (block != null && line.equals("```")) {
                steps.add(new Step(title, block.toString()));
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            } else if (line.equals("```sh")) {
                block = new StringBuilder();
            } else if (line.startsWith("### ")) {
                title = line.substring("### ".length());
            }
        }
        return new InstallPage(steps.getFirst().script(), steps.subList(1, steps.size()));
    }

    /** What the first block exports. */
    public Set<String> exported() {
        Set<String> names = new LinkedHashSet<>();
        for (String line : variables.lines().toList()) {
            if (line.startsWith("export ")) {
                Matcher name = EXPORTED.matcher(line.replaceFirst("#.*", ""));
                while (name.find()) {
                    names.add(name.group(1));
                }
            }
        }
        return names;
    }

    /** All blocks of a section. */
    public List<Step> section(String title) {
        List<Step> found = steps.stream().filter(step -> step.title().equals(title)).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the install page has no section " + title);
        }
        return found;
    }
}
