package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/coming-from.md says to use instead is there: calls, settings, options, commands. */
class ComingFromDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final Pattern CALL = Pattern.compile("`(GET|POST|PUT|DELETE) (/[^`? ]*)");

    @Test
    void shouldHaveEachCallThatItNames() throws IOException {
        assertThat(named(CALL)).hasSizeGreaterThan(8).isSubsetOf(calls());
    }

    @Test
    void shouldHaveEachSettingThatItNames() throws IOException {
        Set<String> known =
                found(
                        Pattern.compile("^\\| `(windlass\\.[a-z0-9.-]+)` \\|", Pattern.MULTILINE),
                        Files.readString(ROOT.resolve("docs/operations.md")));
        assertThat(named(Pattern.compile("`(windlass\\.[a-z][a-z0-9-]*\\.[a-z0-9.-]+)`")))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @Test
    void shouldHaveEachOptionOfThePodSchedulerThatItNames() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/pod-scheduler.md"));
        assertThat(
                        named(
                                Pattern.compile(
                                        "`(SCHED_[A-Z_]+|--(?:daemon|rules)|-v|schedule_[a-z_]+)\\b")))
                .hasSizeGreaterThan(6)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void shouldHaveEachCommandThatItNames() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/command-line.md"));
        Set<String> commands = named(Pattern.compile("`windlass ([a-z]+)"));
        assertThat(commands)
                .contains("apply", "up")
                .allSatisfy(name -> assertThat(page).containsPattern("`" + name + "\\b"));
    }

    /** In the right-hand column, which is ours. */
    private static Set<String> named(Pattern pattern) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/coming-from.md"))) {
            String[] cells = line.split(" \\| ");
            if (line.startsWith("| ") && cells.length == 2) {
                names.addAll(found(pattern, cells[1]));
            }
        }
        return names;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(
                    matcher.groupCount() == 1
                            ? matcher.group(1)
                            : matcher.group(1) + " " + matcher.group(2));
        }
        return found;
    }

    private static Set<String> calls() {
        Set<String> calls = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter().importPackages("io.windlass.web")) {
            if (type.isAnnotatedWith(Controller.class)) {
                Class<?> controller = type.reflect();
                String base = controller.getAnnotation(Controller.class).value();
                for (Method method : controller.getDeclaredMethods()) {
                    for (Annotation annotation : method.getAnnotations()) {
                        for (String path : paths(annotation)) {
                            String whole = (base.equals("/") ? "" : base) + path;
                            calls.add(
                                    annotation
                                                    .annotationType()
                                                    .getSimpleName()
                                                    .toUpperCase(Locale.ROOT)
                                            + " "
                                            + (whole.length() > 1 && whole.endsWith("/")
                                                    ? whole.substring(0, whole.length() - 1)
                                                    : whole));
                        }
                    }
                }
            }
        }
        return calls;
    }

    private static List<String> paths(Annotation annotation) {
        List<String> paths = new ArrayList<>();
        switch (annotation) {
            case Get get -> paths.add(get.value());
            case Post post -> paths.add(post.value());
            case Put put -> paths.add(put.value());
            case Delete delete -> paths.add(delete.value());
            default -> {}
        }
        return paths;
    }
}
