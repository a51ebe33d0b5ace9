package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The verbs, with what the API server checks on the way. */
final class Resources {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final int LONGEST_JOB_NAME = 63;
    static final String FOREGROUND = "foregroundDeletion";

    private final ObjectStore store;

    Resources(ObjectStore store) {
        this.store = store;
    }

    Map<String, @Nullable Object> create(Target target, Map<String, @Nullable Object> tree) {
        Kind kind = target.kind();
        if (kind.namespaced()
                && store.find(Kind.NAMESPACE, "", target.namespaceOrEmpty()).isEmpty()) {
            throw ApiException.notFound(Kind.NAMESPACE, target.namespaceOrEmpty());
        }
        Stored object = new Stored(kind, new LinkedHashMap<>(tree));
        String name = name(object);
        object =
                object.with("apiVersion", kind.apiVersion())
                        .with("kind", kind.kindName())
                        .withMetadata("name", name)
                        .withMetadata(
                                "namespace", kind.namespaced() ? target.namespaceOrEmpty() : null);
        try {
            return store.create(Admission.admit(object)).tree();
        } catch (ApiException e) {
            throw e.about(kind, name);
        }
    }

    private static String name(Stored object) {
        Object prefix = object.metadata().get("generateName");
        String name =
                object.name().isEmpty() && prefix != null
                        ? prefix + Long.toString(System.nanoTime() & 0xffffffL, 36)
                        : object.name();
        if (!NAME.matcher(name).matches()
                || (object.kind() == Kind.JOB && name.length() > LONGEST_JOB_NAME)) {
            throw ApiException.invalid(
                    object.kind().kindName()
                            + " \""
                            + name
                            + "\" is invalid: metadata.name: Invalid value");
        }
        return name;
    }

    Map<String, @Nullable Object> get(Target target) {
        return find(target).tree();
    }

    private Stored find(Target target) {
        return store.find(target.kind(), target.namespaceOrEmpty(), target.requiredName())
                .orElseThrow(() -> ApiException.notFound(target.kind(), target.requiredName()));
    }

    Map<String, @Nullable Object> list(Target target, Map<String, String> query) {
        ObjectStore.Listing listing =
                store.list(
                        target.kind(),
                        target.namespace(),
                        Selector.of(query.get("labelSelector"), query.get("fieldSelector")));
        List<Stored> page = listing.objects();
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("resourceVersion", Long.toString(listing.version()));
        int limit = Integer.parseInt(query.getOrDefault("limit", "0"));
        String from = query.get("continue");
        if (from != null && !from.isEmpty()) {
            page = page.stream().filter(o -> key(o).compareTo(from) > 0).toList();
        }
        if (limit > 0 && page.size() > limit) {
            metadata.put("remainingItemCount", page.size() - limit);
            page = page.subList(0, limit);
            metadata.put("continue", key(page.getLast()));
        }
        Map<String, @Nullable Object> list = new LinkedHashMap<>();
        list.put("kind", target.kind().kindName() + "List");
        list.put("apiVersion", target.kind().apiVersion());
        list.put("metadata", metadata);
        list.put("items", page.stream().map(Stored::tree).toList());
        return list;
    }

    private static String key(Stored object) {
        return object.namespace() + "/" + object.name();
    }

    Map<String, @Nullable Object> replace(Target target, Map<String, @Nullable Object> tree) {
        return change(target, before -> new Stored(before.kind(), tree));
    }

    Map<String, @Nullable Object> patch(Target target, String contentType, @Nullable Object patch) {
        return change(
                target,
                before -> {
                    Object after =
                            patch instanceof List<?> operations
                                            && contentType.equals("application/json-patch+json")
                                    ? Patches.json(before.tree(), operations)
                                    : merged(before, contentType, patch);
                    return new Stored(before.kind(), Json.asObject(after));
                });
    }

    private static @Nullable Object merged(
            Stored before, String contentType, @Nullable Object patch) {
        if (!contentType.equals("application/merge-patch+json")) {
            throw new ApiException(
                    415,
                    "UnsupportedMediaType",
                    "the local cluster takes JSON merge patches and JSON patches");
        }
        return Patches.merge(before.tree(), patch);
    }

    private Map<String, @Nullable Object> change(Target target, UnaryOperator<Stored> change) {
        return store.update(
                        target.kind(),
                        target.namespaceOrEmpty(),
                        target.requiredName(),
                        before -> {
                            Stored wanted = change.apply(before);
                            Object version = wanted.metadata().get("resourceVersion");
                            if (version != null
                                    && !version.toString()
                                            .equals(Long.toString(before.version()))) {
                                throw ApiException.conflict(
                                        "the object has been modified; please apply your changes to the latest version");
                            }
                            if (target.subresource().equals("status")) {
                                return before.with("status", wanted.at("status"));
                            }
                            requireSameUid(before, wanted);
                            requireSameTemplate(before, wanted);
                            return wanted.with("status", before.at("status"));
                        })
                .tree();
    }

    private static void requireSameUid(Stored before, Stored wanted) {
        if (!before.uid().equals(wanted.uid())) {
            throw ApiException.invalid("metadata.uid: Invalid value: field is immutable");
        }
    }

    private static void requireSameTemplate(Stored before, Stored wanted) {
        if (before.kind() == Kind.JOB
                && !Objects.equals(before.at("spec", "template"), wanted.at("spec", "template"))) {
            throw ApiException.invalid("spec.template: Invalid value: field is immutable");
        }
    }

    Map<String, @Nullable Object> delete(
            Target target, Map<String, String> query, Map<String, @Nullable Object> options) {
        if (target.name() != null) {
            Stored last = delete(find(target), options);
            boolean gone = store.find(last.kind(), last.namespace(), last.name()).isEmpty();
            return gone && last.kind() == Kind.JOB ? done() : last.tree();
        }
        List<Map<String, @Nullable Object>> deleted = new ArrayList<>();
        for (Stored object :
                store.list(
                                target.kind(),
                                target.namespace(),
                                Selector.of(query.get("labelSelector"), query.get("fieldSelector")))
                        .objects()) {
            deleted.add(delete(object, options).tree());
        }
        Map<String, @Nullable Object> list = new LinkedHashMap<>();
        list.put("kind", target.kind().kindName() + "List");
        list.put("apiVersion", target.kind().apiVersion());
        list.put("metadata", Map.of());
        list.put("items", deleted);
        return list;
    }

    private Stored delete(Stored object, Map<String, @Nullable Object> options) {
        Object uid =
                options.get("preconditions") instanceof Map<?, ?> conditions
                        ? conditions.get("uid")
                        : null;
        boolean foreground = "Foreground".equals(options.get("propagationPolicy"));
        boolean grace =
                object.kind() == Kind.POD
                        && object.at("spec", "nodeName") != null
                        && !"0".equals(String.valueOf(options.get("gracePeriodSeconds")))
                        && !over(object);
        return store.delete(
                object.kind(),
                object.namespace(),
                object.name(),
                uid == null ? null : uid.toString(),
                before -> foreground ? withFinalizer(before) : before,
                grace);
    }

    /** What a delete of a Job answers where it is gone at once; for pods it is still the pod. */
    private static Map<String, @Nullable Object> done() {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", Map.of());
        status.put("status", "Success");
        return status;
    }

    static boolean over(Stored pod) {
        Object phase = pod.at("status", "phase");
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static Stored withFinalizer(Stored object) {
        if (object.finalizers().contains(FOREGROUND)) {
            return object;
        }
        List<Object> finalizers = new ArrayList<>(object.finalizers());
        finalizers.add(FOREGROUND);
        return object.withMetadata("finalizers", finalizers);
    }
}
