package io.windlass.objects;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.log.LogObjects;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** On a real S3 server. */
@EnabledIf("io.windlass.objects.TestObjects#available")
class S3LogObjectsIT extends LogObjectsContract {
    private static TestObjects server;
    private static S3LogObjects objects;

    @BeforeAll
    static void start() throws Exception {
        server = TestObjects.start();
        objects = ObjectBeans.open(server.settings(server.endpoint()));
    }

    @AfterAll
    static void stop() {
        if (objects != null) {
            objects.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    LogObjects objects() {
        return objects;
    }

    @Test
    void shouldSayThatItIsAwayAndNotThatThereIsNothing() {
        ObjectSettings nowhere = server.settings(URI.create("http://127.0.0.1:1"));
        ObjectSettings hasty =
                new ObjectSettings(
                        nowhere.bucket(),
                        nowhere.prefix(),
                        nowhere.endpoint(),
                        nowhere.region(),
                        true,
                        nowhere.accessKeyId(),
                        nowhere.secretAccessKey(),
                        Duration.ofSeconds(3));
        try (S3LogObjects away = ObjectBeans.open(hasty)) {
            assertThatThrownBy(() -> away.get("a")).isInstanceOf(LogObjects.AwayException.class);
            assertThatThrownBy(() -> away.put(Map.of("a", new byte[1])))
                    .isInstanceOf(LogObjects.AwayException.class);
            assertThatThrownBy(() -> away.delete(List.of("a")))
                    .isInstanceOf(LogObjects.AwayException.class);
        }
    }
}
