package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ClusterToolTest {
    @Test
    void shouldSkipATestWhereNoToolIsNamed() {
        assertThatThrownBy(() -> ClusterTool.orSkip(Optional.empty()))
                .isInstanceOf(TestAbortedException.class);
    }

    @Test
    void shouldTakeTheToolThatIsNamed() {
        Path tool = Path.of("cluster");
        assertThat(ClusterTool.orSkip(Optional.of(tool)).program()).isEqualTo(tool);
    }
}
