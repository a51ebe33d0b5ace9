package io.windlass.cli;

import io.windlass.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the files of a folder say that a set shall have. */
final class SetFiles {
    private static final List<String> PARTS = List.of("schedules", "templates", "instances");

    private final Map<String, List<Object>> parts = new LinkedHashMap<>();
    private final Map<String, List<String>> places = new LinkedHashMap<>();
    private final List<String> lost = new ArrayList<>();
    private final String set;

    private SetFiles(String set) {
        this.set = set;
        for (String part : PARTS) {
            parts.put(part, new ArrayList<>());
            places.put(part, new ArrayList<>());
        }
    }

    static SetFiles read(String set, List<Path> paths) throws Refusal {
        SetFiles files = new SetFiles(set);
        for (Path path : paths) {
            for (Path file : DocumentFiles.of(path)) {
                for (Object document : Yaml.documents(file)) {
                    files.add(document, file);
                }
            }
        }
        return files;
    }

    private void add(@Nullable Object document, Path file) throws Refusal {
        if (document instanceof List<?> list) {
            for (Object item : list) {
                add(item, file);
            }
        } else if (document instanceof Map<?, ?>) {
            add(Json.asObject(document), file);
        } else {
            throw unknown(file);
        }
    }

    private void add(Map<String, @Nullable Object> document, Path file) throws Refusal {
        if ("List".equals(document.get("kind"))) {
            add(document.get("items"), file);
        } else if (CronJobs.is(document)) {
            CronJobs.Translated cronJob = CronJobs.translated(document);
            String name = file + " (CronJob " + cronJob.schedule().get("name") + ")";
            put("schedules", cronJob.schedule(), name);
            cronJob.lost().forEach(field -> lost.add(name + ": " + field));
        } else if (document.containsKey("job")) {
            put("schedules", document, file + " (" + document.get("name") + ")");
        } else if (PARTS.stream().anyMatch(document::containsKey)) {
            addParts(document, file);
        } else {
            throw unknown(file);
        }
    }

    private void addParts(Map<String, @Nullable Object> document, Path file) throws Refusal {
        Object said = document.get("set");
        if (said != null && !said.equals(set)) {
            throw new Refusal(file + " is of the set " + said + ", and --set says " + set);
        }
        for (Map.Entry<String, @Nullable Object> part : document.entrySet()) {
            if (PARTS.contains(part.getKey()) && part.getValue() instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    put(part.getKey(), list.get(i), file + " (" + part.getKey() + "[" + i + "])");
                }
            } else if (!part.getKey().equals("set")) {
                throw new Refusal(
                        file
                                + ": "
                                + part.getKey()
                                + (PARTS.contains(part.getKey())
                                        ? " must be a list"
                                        : " is not known beside " + PARTS));
            }
        }
    }

    private void put(String part, @Nullable Object item, String place) {
        parts.getOrDefault(part, List.of()).add(item == null ? Map.of() : item);
        places.getOrDefault(part, List.of()).add(place);
    }

    private static Refusal unknown(Path file) {
        return new Refusal(
                file
                        + " has a document that is no schedule (job), no part of a set (schedules, templates, instances) and no CronJob");
    }

    /** As the server takes it. */
    Map<String, @Nullable Object> request(boolean prune, boolean force) {
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("set", set);
        request.putAll(parts);
        request.put("prune", prune);
        request.put("force", force);
        return request;
    }

    /** What of CronJobs has no equivalent. */
    List<String> lost() {
        return lost;
    }

    /** A pointer of the request as a place in a file. */
    String place(String pointer) {
        String[] steps = pointer.split("/", 4);
        if (steps.length < 3 || !places.containsKey(steps[1]) || !steps[2].matches("\\d{1,6}")) {
            return pointer;
        }
        List<String> of = places.getOrDefault(steps[1], List.of());
        int index = Integer.parseInt(steps[2]);
        String rest = steps.length == 4 ? " /" + steps[3] : "";
        return index < of.size() ? of.get(index) + rest : pointer;
    }
}
