package io.windlass.cli;

import io.windlass.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as files have them: YAML or JSON, several in a file, all files of a folder. */
final class JobFiles {
    private static final String STANDARD_INPUT = "-";

    /**
     * A job that was read.
     *
     * @param place where it stands, for people
     */
    record Written(String place, Map<String, @Nullable Object> job) {}

    private final List<Written> jobs = new ArrayList<>();

    private JobFiles() {}

    /** All of them, or none where one cannot be read. */
    static List<Written> read(List<String> paths) throws Refusal {
        JobFiles files = new JobFiles();
        for (String path : paths) {
            if (path.equals(STANDARD_INPUT)) {
                files.add("standard input", Yaml.documents(System.in, "standard input"));
            } else {
                for (Path file : DocumentFiles.of(FileNames.path(path))) {
                    files.add(file.toString(), Yaml.documents(file));
                }
            }
        }
        return files.jobs;
    }

    private void add(String file, List<Object> documents) throws Refusal {
        if (documents.isEmpty()) {
            throw new Refusal(file + " has no job: it is empty");
        }
        for (int i = 0; i < documents.size(); i++) {
            String place = documents.size() == 1 ? file : file + " (document " + (i + 1) + ")";
            if (documents.get(i) instanceof List<?> list) {
                for (int j = 0; j < list.size(); j++) {
                    add(place + " (item " + (j + 1) + ")", list.get(j));
                }
            } else {
                add(place, documents.get(i));
            }
        }
    }

    private void add(String place, @Nullable Object job) throws Refusal {
        if (!(job instanceof Map<?, ?>)) {
            throw new Refusal(place + " is no job: a job has fields, such as image");
        }
        jobs.add(new Written(place, new LinkedHashMap<>(Json.asObject(job))));
    }
}
