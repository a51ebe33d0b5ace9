package io.windlass.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/operations.md names every configuration key with its default, and none that is not. */
class ConfigurationDocsTest {
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `(windlass\\.[a-z0-9.-]+)` \\| (?:`([^`]*)`|–) \\|.*", Pattern.MULTILINE);

    @Test
    void shouldDocumentEveryKeyWithItsDefault() throws IOException {
        Path root = Path.of(System.getProperty("windlass.root", ".."));
        String docs = Files.readString(root.resolve("docs/operations.md"));
        TreeMap<String, String> documented = new TreeMap<>();
        Matcher row = ROW.matcher(docs);
        while (row.find()) {
            documented.put(row.group(1), row.group(2) == null ? "" : row.group(2));
        }
        assertThat(documented).isEqualTo(inCode());
    }

    private static TreeMap<String, String> inCode() {
        TreeMap<String, String> keys = new TreeMap<>();
        for (JavaClass type :
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.windlass")) {
            if (type.isAnnotatedWith(ConfigurationProperties.class)) {
                String prefix = type.getAnnotationOfType(ConfigurationProperties.class).value();
                for (RecordComponent component : type.reflect().getRecordComponents()) {
                    keys.put(prefix + "." + kebab(component.getName()), byDefault(type, component));
                }
            }
        }
        return keys;
    }

    private static String byDefault(JavaClass type, RecordComponent component) {
        for (var parameter : type.reflect().getDeclaredConstructors()[0].getParameters()) {
            if (parameter.getName().equals(component.getName())) {
                Bindable bindable = parameter.getAnnotation(Bindable.class);
                return bindable == null ? "" : bindable.defaultValue();
            }
        }
        return "";
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
