package io.windlass.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The archive of a module's classes, with which its JVMs start in half the time. The first JVM of a
 * build that ends writes it. A JVM only ignores an archive of other jars (it does not write a new
 * one either), so whether there must be a new one is decided here.
 */
final class ClassArchive {
    /** What an archive leaves out is not worth a line in the log of a service. */
    private static final List<String> QUIET = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    private final Path file;
    private final Path written;

    ClassArchive(Path target, String module) {
        file = target.resolve(module + "-" + Runtime.version() + ".jsa");
        written = target.resolve(module + "-" + UUID.randomUUID() + ".jsa.new");
    }

    /** To start with it, where there is one of this class path; otherwise perhaps to write one. */
    List<String> options(String classPath, boolean write) throws IOException {
        List<Path> jars = Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
        if (isOf(jars)) {
            return with("-XX:SharedArchiveFile=" + file);
        }
        // a JVM refuses to archive the classes of a directory
        return write && jars.stream().allMatch(Files::isRegularFile)
                ? with("-XX:ArchiveClassesAtExit=" + written)
                : List.of();
    }

    private static List<String> with(String option) {
        return Stream.concat(Stream.of(option), QUIET.stream()).toList();
    }

    private boolean isOf(List<Path> jars) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        FileTime archived = Files.getLastModifiedTime(file);
        for (Path jar : jars) {
            if (Files.getLastModifiedTime(jar).compareTo(archived) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** After a JVM has ended; whoever was killed has written none, or half of one. */
    void keep(boolean ended) throws IOException {
        if (ended && Files.exists(written)) {
            // whole or not at all, for those who read it at this moment
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(written);
    }
}
