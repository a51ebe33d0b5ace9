package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.ConversionService;
import io.windlass.job.Rules;
import io.windlass.job.WaitClass;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The core has the graces as shipped, and a setting has its default: they are the same. */
class FailFastSettingsTest {
    private static FailFastSettings unset() throws ReflectiveOperationException {
        Constructor<?> constructor = FailFastSettings.class.getConstructors()[0];
        Object[] defaults =
                Arrays.stream(constructor.getParameters())
                        .map(p -> p.getAnnotation(Bindable.class).defaultValue())
                        .map(text ->
                                ConversionService.SHARED
                                        .convert(text, Duration.class)
                                        .orElseThrow())
                        .toArray();
        return (FailFastSettings) constructor.newInstance(defaults);
    }

    @ParameterizedTest
    @EnumSource
    void shouldShipWhatTheCoreShips(WaitClass waitClass) throws Exception {
        Rules.Graces graces = unset().graces();
        assertThat(graces.of(waitClass)).isEqualTo(Rules.Graces.DEFAULT.of(waitClass));
        boolean canBeSet = waitClass.verdict() != null && waitClass != WaitClass.IMAGE_NAME_INVALID;
        assertThat(graces.byClass().containsKey(waitClass)).isEqualTo(canBeSet);
    }

    @Test
    void shouldShipTheCoresTimeForASinglePull() throws Exception {
        assertThat(unset().graces().imageNotFoundWithoutSecondPull())
                .isEqualTo(Rules.Graces.DEFAULT.imageNotFoundWithoutSecondPull());
    }
}
