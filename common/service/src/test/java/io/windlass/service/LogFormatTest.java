package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is logged of a job can be found by its id, by people and by programs. */
class LogFormatTest {
    private static String logged(String format) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("WINDLASS_LOG_FORMAT", format);
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            URL shipped = LogFormatTest.class.getResource("/logback.xml");
            configurator.doConfigure(Objects.requireNonNull(shipped));
            context.getLogger("io.windlass.Some")
                    .atWarn()
                    .addKeyValue("job", "01a1")
                    .log("its check failed: {}", "why");
        } finally {
            context.stop();
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteAJobsIdIntoALineForPeople() throws Exception {
        assertThat(logged("text"))
                .contains("WARN", "job=01a1 its check failed: why")
                .hasLineCount(1);
    }

    @Test
    void shouldWriteAJobsIdIntoAnObjectForPrograms() throws Exception {
        assertThat(logged("json"))
                .hasLineCount(1)
                .startsWith("{")
                .contains("\"kvpList\": [{\"job\":\"01a1\"}]")
                .contains("\"formattedMessage\":\"its check failed: why\"");
    }
}
