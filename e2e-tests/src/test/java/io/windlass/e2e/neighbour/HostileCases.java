package io.windlass.e2e.neighbour;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of {@code src/test/resources/neighbour}: a new one is a new case. */
final class HostileCases {
    private static final String ENDING = ".json";

    private HostileCases() {}

    static List<HostileCase> all() throws IOException {
        URL folder = HostileCases.class.getResource("/neighbour");
        if (folder == null) {
            throw new IOException("no folder of cases");
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            List<HostileCase> cases = new ArrayList<>();
            for (Path file : files.filter(HostileCases::isCase).sorted().toList()) {
                String name = name(file);
                cases.add(
                        HostileCase.read(
                                name.substring(0, name.length() - ENDING.length()),
                                Files.readAllBytes(file)));
            }
            return cases;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static boolean isCase(Path file) {
        return name(file).endsWith(ENDING);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
