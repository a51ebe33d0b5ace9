import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Counts the test methods in the compiled classes, by module and phase, and compares them with a committed file. A test
 * that vanishes fails the run. Parameters, seeds and skips do not count; a disabled test counts as missing.
 *
 * <pre>
 *   java .ci/TestMethods.java check ROOT   compares with ROOT/.ci/test-methods.tsv
 *   java .ci/TestMethods.java write ROOT   writes that file
 * </pre>
 */
public final class TestMethods {
    private static final String JUNIT = "Lorg/junit/jupiter/";
    private static final Set<String> TEST =
            Set.of(
                    JUNIT + "api/Test;",
                    JUNIT + "api/RepeatedTest;",
                    JUNIT + "api/TestFactory;",
                    JUNIT + "api/TestTemplate;",
                    JUNIT + "params/ParameterizedTest;");
    private static final String DISABLED = JUNIT + "api/Disabled;";
    private static final String NESTED = JUNIT + "api/Nested;";
    private static final String TAG = JUNIT + "api/Tag;";
    private static final String TAGS = JUNIT + "api/Tags;";

    /** What Surefire and Failsafe run by their names; an inner class is run with its outer one. */
    private static final Pattern UNIT = Pattern.compile("(Test[^$]*|[^$]*(Test|Tests|TestCase))");

    private static final Pattern IT = Pattern.compile("(IT[^$]*|[^$]*(IT|ITCase))");

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private record Line(String module, String phase) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byModule = module.compareTo(other.module);
            return byModule != 0 ? byModule : phase.compareTo(other.phase);
        }
    }

    public static void main(String... arguments) throws IOException {
        if (arguments.length != 2 || !Set.of("check", "write").contains(arguments[0])) {
            System.err.println("java .ci/TestMethods.java check|write ROOT");
            System.exit(2);
        }
        Path root = Path.of(arguments[1]);
        Path file = root.resolve(".ci/test-methods.tsv");
        TestMethods counting = new TestMethods();
        Map<Line, Integer> found = counting.count(root);
        if (arguments[0].equals("write")) {
            StringBuilder text = new StringBuilder("module\tphase\tmethods\n");
            found.forEach((line, n) -> text.append(line.module + "\t" + line.phase + "\t" + n + "\n"));
            Files.writeString(file, text);
        } else {
            counting.compare(read(file), found);
        }
        counting.problems.forEach(System.err::println);
        System.out.printf(
                "%d test methods in %d modules%n",
                found.values().stream().mapToInt(Integer::intValue).sum(),
                found.keySet().stream().map(Line::module).distinct().count());
        System.exit(counting.problems.isEmpty() ? 0 : 1);
    }

    private static Map<Line, Integer> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            System.err.println(file + " is missing; write it: make test-methods");
            System.exit(2);
        }
        Map<Line, Integer> counts = new TreeMap<>();
        Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .forEach(f -> counts.put(new Line(f[0], f[1]), Integer.parseInt(f[2])));
        return counts;
    }

    private void compare(Map<Line, Integer> expected, Map<Line, Integer> found) {
        Set<Line> all = new HashSet<>(expected.keySet());
        all.addAll(found.keySet());
        for (Line line : all.stream().sorted().toList()) {
            int was = expected.getOrDefault(line, 0);
            int is = found.getOrDefault(line, 0);
            if (is < was) {
                problems.add(
                        "%s (%s) has %d test methods; .ci/test-methods.tsv names %d. Bring them back, or say in the commit why they went, and write the file: make test-methods"
                                .formatted(line.module, line.phase, is, was));
            } else if (is > was) {
                System.out.printf(
                        "WARNING: %s (%s) has %d test methods and .ci/test-methods.tsv names %d: make test-methods%n",
                        line.module, line.phase, is, was);
            }
        }
    }

    private Map<Line, Integer> count(Path root) throws IOException {
        Map<String, List<String>> byModule = new TreeMap<>();
        for (Path pom : poms(root)) {
            Path module = pom.getParent();
            load(module.resolve("target/classes"));
            byModule.put(
                    root.relativize(module).toString(), load(module.resolve("target/test-classes")));
        }
        Map<Line, Integer> counts = new TreeMap<>();
        byModule.forEach(
                (module, names) -> {
                    for (String name : names) {
                        count(module, name, counts);
                    }
                });
        return counts;
    }

    private static List<Path> poms(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 3)) {
            return files.filter(f -> f.getFileName().toString().equals("pom.xml"))
                    .filter(f -> !f.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> load(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return names;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
                ClassModel model = ClassFile.of().parse(file);
                String name = model.thisClass().asInternalName();
                classes.put(name, model);
                names.add(name);
            }
        }
        return names;
    }

    private void count(String module, String name, Map<Line, Integer> counts) {
        ClassModel model = classes.get(name);
        String simple = name.substring(name.lastIndexOf('/') + 1);
        boolean inner = simple.contains("$");
        if ((model.flags().flagsMask() & (ClassFile.ACC_ABSTRACT | ClassFile.ACC_INTERFACE)) != 0
                || inner && !has(annotations(model), NESTED)
                || has(annotations(model), DISABLED)) {
            return;
        }
        String outer = inner ? simple.substring(0, simple.indexOf('$')) : simple;
        boolean classIsFinding = isFinding(annotations(model));
        for (List<Annotation> method : methods(model)) {
            if (TEST.stream().noneMatch(t -> has(method, t)) || has(method, DISABLED)) {
                continue;
            }
            if (!UNIT.matcher(outer).matches() && !IT.matcher(outer).matches()) {
                problems.add(module + ": " + simple + " has tests, but neither plugin runs a class of that name");
                return;
            }
            String phase = IT.matcher(outer).matches() ? "it" : "unit";
            boolean finding = classIsFinding || isFinding(method);
            counts.merge(new Line(module, finding ? "finding" : phase), 1, Integer::sum);
        }
    }

    /** The annotations of each method, its own and inherited ones; an overridden method counts once. */
    private List<List<Annotation>> methods(ClassModel model) {
        Map<String, List<Annotation>> methods = new HashMap<>();
        Optional<ClassModel> at = Optional.of(model);
        while (at.isPresent()) {
            for (MethodModel method : at.get().methods()) {
                methods.putIfAbsent(
                        method.methodName().stringValue() + method.methodType().stringValue(),
                        method.findAttribute(Attributes.runtimeVisibleAnnotations())
                                .map(a -> a.annotations())
                                .orElse(List.of()));
            }
            at = at.get().superclass().map(s -> classes.get(s.asInternalName()));
        }
        return List.copyOf(methods.values());
    }

    private static List<Annotation> annotations(ClassModel model) {
        return model.findAttribute(Attributes.runtimeVisibleAnnotations())
                .map(a -> a.annotations())
                .orElse(List.of());
    }

    private static boolean has(List<Annotation> annotations, String type) {
        return annotations.stream().anyMatch(a -> a.className().equalsString(type));
    }

    private static boolean isFinding(List<Annotation> annotations) {
        return annotations.stream()
                .flatMap(a -> a.className().equalsString(TAGS) ? repeated(a) : Stream.of(a))
                .filter(a -> a.className().equalsString(TAG))
                .flatMap(a -> a.elements().stream())
                .map(AnnotationElement::value)
                .anyMatch(v -> v instanceof AnnotationValue.OfString s && s.stringValue().equals("finding"));
    }

    private static Stream<Annotation> repeated(Annotation tags) {
        return tags.elements().stream()
                .map(AnnotationElement::value)
                .filter(AnnotationValue.OfArray.class::isInstance)
                .flatMap(v -> ((AnnotationValue.OfArray) v).values().stream())
                .filter(AnnotationValue.OfAnnotation.class::isInstance)
                .map(v -> ((AnnotationValue.OfAnnotation) v).annotation());
    }
}
