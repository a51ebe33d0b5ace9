package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The cluster as an operator handles it, in one namespace. */
public record Kubectl(Path tool, String namespace) {
    public String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst(namespace);
        command.addFirst("-n");
        return fed("", command);
    }

    private String fed(String input, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool.toString(), "kubectl"));
        command.addAll(arguments);
        return Commands.run(Path.of("."), Map.of(), command, input, Duration.ofMinutes(5));
    }

    /** Any field that the API server does not know is an error. */
    public void apply(String manifests) throws IOException, InterruptedException {
        fed(manifests, List.of("apply", "--validate=strict", "-f", "-"));
    }

    /** What was there is gone when this returns. */
    public void delete(String manifests) throws IOException, InterruptedException {
        fed(manifests, List.of("delete", "--ignore-not-found", "--timeout=3m", "-f", "-"));
    }

    /** The same, where nothing is looked at any more: its pods are given a second to end. */
    public void deleteNow(String manifests) throws IOException, InterruptedException {
        fed(manifests, List.of("delete", "--ignore-not-found", "--wait=false", "-f", "-"));
        run("delete", "pods", "--all", "--now", "--wait=false");
        delete(manifests);
    }

    /** Of those that stay. */
    public List<String> names(String kind) throws IOException, InterruptedException {
        String template =
                "{{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}} {{end}}{{end}}";
        String names = run("get", kind, "-o", "go-template=" + template);
        return Stream.of(names.split(" ")).filter(name -> !name.isBlank()).toList();
    }
}
