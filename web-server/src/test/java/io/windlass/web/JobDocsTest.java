package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Durations;
import io.windlass.job.FieldError;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobManifest;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.job.PodPolicy;
import io.windlass.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** docs/job.md says of every field what the reader of jobs and the maker of Kubernetes Jobs do. */
class JobDocsTest {
    private static final Path PAGE =
            Path.of(System.getProperty("windlass.root", "..")).resolve("docs/job.md");
    private static final Pattern RANGE =
            Pattern.compile("(-?[\\d,]+|`\\w+`) to ([\\d,]+|`\\w+`)(?:;.*)?");
    private static final Pattern IN_MANIFEST =
            Pattern.compile("`((?:metadata|spec)\\.[\\w.\\[\\]]+)`");
    private static final JobIdentity IDENTITY =
            new JobIdentity(new UUID(1, 2), new JobId(new UUID(3, 4)), 1, "hash");

    /** A line of the tables of six columns. */
    private record Row(
            String field,
            String type,
            String byDefault,
            String bounds,
            String example,
            String gets) {
        Map<String, Object> job() throws Exception {
            Map<String, Object> job = new HashMap<>(Map.of("name", "report"));
            if (!field.equals("containers") && !field.equals("podSpec")) {
                job.put("image", "busybox:1.36");
            }
            job.putAll(Json.asObject(Json.parse("{" + example + "}")));
            return job;
        }

        Map<String, Object> with(Object value) throws Exception {
            Map<String, Object> job = job();
            job.put(field, value);
            return job;
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            String[] cells = line.split(" \\| ");
            if (line.startsWith("| `") && cells.length == 6) {
                rows.add(
                        new Row(
                                cells[0].substring(3, cells[0].length() - 1),
                                cells[1],
                                cells[2],
                                cells[3],
                                cells[4].substring(1, cells[4].length() - 1),
                                cells[5]));
            }
        }
        return rows;
    }

    private static JobSpec read(Map<String, Object> job) {
        JobSpecReader.Result result = JobSpecReader.read(job, "local");
        assertThat(result).isInstanceOf(JobSpecReader.Result.Read.class);
        return ((JobSpecReader.Result.Read) result).spec();
    }

    private static List<String> refused(Map<String, Object> job) {
        return JobSpecReader.read(job, "local") instanceof JobSpecReader.Result.Wrong wrong
                ? wrong.errors().stream().map(FieldError::pointer).toList()
                : List.of();
    }

    private static Map<String, Object> manifest(Map<String, Object> job) {
        return JobManifest.of(read(job), IDENTITY, "report-x-1", PodPolicy.STANDARD, null);
    }

    @Test
    void shouldHaveEveryFieldThatIsReadAndNoOther() throws Exception {
        List<String> fields = rows().stream().map(Row::field).toList();
        assertThat(fields).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(fields)).isEqualTo(new TreeSet<>(JobSpecReader.FIELDS));
    }

    @TestFactory
    List<DynamicTest> shouldSayOfEachFieldWhatIsTrue() throws Exception {
        return rows().stream()
                .map(row ->
                        DynamicTest.dynamicTest(
                                row.field(),
                                () -> {
                                    hasItsType(row);
                                    hasItsDefault(row);
                                    hasItsBounds(row);
                                    comesToKubernetes(row);
                                }))
                .toList();
    }

    private static void hasItsType(Row row) throws Exception {
        Map<String, Object> example = Json.asObject(Json.parse("{" + row.example() + "}"));
        Class<?> type =
                switch (row.type().split(" ")[0]) {
                    case "string", "duration" -> String.class;
                    case "number" -> BigDecimal.class;
                    case "array" -> List.class;
                    default -> Map.class;
                };
        assertThat(example.get(row.field())).isInstanceOf(type);
        assertThat(refused(row.with(true))).contains("/" + row.field());
    }

    private static void hasItsDefault(Row row) throws Exception {
        Map<String, Object> tree =
                JobSpecTree.of(read(Map.of("name", "report", "image", "busybox:1.36")));
        Object stored = tree.get(row.field());
        if (row.byDefault().startsWith("`")) {
            Object value =
                    row.type().equals("duration")
                            ? Durations.format(
                                    Durations.parse(row.byDefault().replace("`", "")).orElseThrow())
                            : row.byDefault().replace("`", "");
            assertThat(String.valueOf(stored)).isEqualTo(value);
        } else if (row.byDefault().equals("–")) {
            assertThat(stored).isIn(null, Map.of(), List.of());
        } else {
            assertThat(row.field()).isIn("name", "image", "cluster", "completions");
        }
    }

    private static void hasItsBounds(Row row) throws Exception {
        Matcher range = RANGE.matcher(row.bounds());
        if (row.type().equals("number")) {
            assertThat(range.matches()).as(row.bounds()).isTrue();
            long least = Long.parseLong(range.group(1).replace(",", ""));
            long most = Long.parseLong(range.group(2).replace(",", ""));
            assertThat(refused(row.with(BigDecimal.valueOf(least)))).isEmpty();
            assertThat(refused(row.with(BigDecimal.valueOf(most)))).isEmpty();
            assertThat(refused(row.with(BigDecimal.valueOf(least - 1)))).isNotEmpty();
            assertThat(refused(row.with(BigDecimal.valueOf(most + 1)))).isNotEmpty();
        } else if (row.type().equals("duration")) {
            assertThat(range.matches()).as(row.bounds()).isTrue();
            Duration least = Durations.parse(range.group(1).replace("`", "")).orElseThrow();
            Duration most = Durations.parse(range.group(2).replace("`", "")).orElseThrow();
            assertThat(refused(row.with(Durations.format(least)))).isEmpty();
            assertThat(refused(row.with(Durations.format(most)))).isEmpty();
            assertThat(refused(row.with(Durations.format(least.minusMillis(1))))).isNotEmpty();
            assertThat(refused(row.with(Durations.format(most.plusMillis(1))))).isNotEmpty();
        }
    }

    private static void comesToKubernetes(Row row) throws Exception {
        Map<String, Object> manifest = manifest(row.job());
        if (row.gets().startsWith("nothing: ")) {
            assertThat(manifest)
                    .isEqualTo(manifest(Map.of("name", "report", "image", "busybox:1.36")));
            return;
        }
        List<String> places = new ArrayList<>();
        Matcher place = IN_MANIFEST.matcher(row.gets());
        while (place.find()) {
            places.add(place.group(1));
        }
        assertThat(places).isNotEmpty().allSatisfy(at -> assertThat(in(manifest, at)).isNotNull());
    }

    private static Object in(Object tree, String path) {
        Object at = tree;
        for (String part : path.replace("[", ".[").split("\\.")) {
            at =
                    part.startsWith("[") && at instanceof List<?> list
                            ? list.get(Integer.parseInt(part.substring(1, part.length() - 1)))
                            : at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }

    @Test
    void shouldRefuseInAPodWhatThePageSaysIsRefused() throws Exception {
        String page = Files.readString(PAGE);
        for (String field :
                List.of("activeDeadlineSeconds", "serviceAccount", "ephemeralContainers")) {
            assertThat(page).contains("| `" + field + "` | refused: ");
            Map<String, Object> pod =
                    Map.of(
                            "containers",
                            List.of(Map.of("name", "main", "image", "busybox:1.36")),
                            field,
                            "x");
            assertThat(refused(Map.of("name", "report", "podSpec", pod)))
                    .containsExactly("/podSpec/" + field);
        }
    }

    @Test
    void shouldHaveExamplesOfVariablesThatAreRead() throws Exception {
        Matcher example =
                Pattern.compile("^\\| `\\w+` \\| `(\\{.*})` \\|", Pattern.MULTILINE)
                        .matcher(Files.readString(PAGE));
        int examples = 0;
        while (example.find()) {
            Map<String, Object> job =
                    Map.of(
                            "name",
                            "report",
                            "image",
                            "busybox:1.36",
                            "env",
                            List.of(Json.asObject(Json.parse(example.group(1)))));
            assertThat(refused(job)).isEmpty();
            examples++;
        }
        assertThat(examples).isEqualTo(3);
    }

    @Test
    void shouldBeginWithAJobThatIsAccepted() throws Exception {
        Matcher body =
                Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(body.find()).isTrue();
        assertThat(refused(Json.asObject(Json.parse(body.group(1))))).isEmpty();
    }
}
