package io.windlass.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What jars of a Maven repository say about their licences: in their poms, or in a parent's. */
final class MavenLicences {
    private MavenLicences() {}

    /** It lies beside the jar, whatever classifier the jar has. */
    static Path pom(Path jar) {
        Path version = folder(jar);
        Path artifact = folder(version);
        return version.resolve(artifact.getFileName() + "-" + version.getFileName() + ".pom");
    }

    static String coordinates(Path jar) {
        Path version = folder(jar);
        Path artifact = folder(version);
        return group(read(pom(jar))) + ":" + artifact.getFileName() + ":" + version.getFileName();
    }

    /** Empty where no pom names any. */
    static List<String> of(Path jar) {
        Path repository = folder(folder(folder(jar)));
        for (String part : group(read(pom(jar))).split("\\.")) {
            if (!part.isEmpty()) {
                repository = folder(repository);
            }
        }
        Path pom = pom(jar);
        while (pom != null && Files.exists(pom)) {
            Element project = read(pom);
            List<String> licences = named(project);
            if (!licences.isEmpty()) {
                return licences;
            }
            pom = parent(repository, project);
        }
        return List.of();
    }

    private static List<String> named(Element project) {
        List<String> names = new ArrayList<>();
        Element licences = child(project, "licenses");
        if (licences != null) {
            for (Node node = licences.getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element licence && licence.getTagName().equals("license")) {
                    names.add(text(licence, "name"));
                }
            }
        }
        return names;
    }

    private static @Nullable Path parent(Path repository, Element project) {
        Element parent = child(project, "parent");
        if (parent == null) {
            return null;
        }
        String artifact = text(parent, "artifactId");
        String version = text(parent, "version");
        return repository
                .resolve(text(parent, "groupId").replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + ".pom");
    }

    private static String group(Element project) {
        Element parent = child(project, "parent");
        return child(project, "groupId") == null && parent != null
                ? text(parent, "groupId")
                : text(project, "groupId");
    }

    private static String text(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? "" : child.getTextContent().strip();
    }

    private static @Nullable Element child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static Path folder(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            throw new IllegalStateException(path + " lies in no Maven repository");
        }
        return folder;
    }

    private static Element read(Path pom) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(pom + " cannot be read", e);
        }
    }
}
