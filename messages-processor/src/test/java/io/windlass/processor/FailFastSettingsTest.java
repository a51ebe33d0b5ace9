package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.ConversionService;
import io.windlass.job.Outages;
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
        return (FailFastSettings) withDefaults(FailFastSettings.class.getConstructors()[0]);
    }

    private static Object withDefaults(Constructor<?> constructor)
            throws ReflectiveOperationException {
        Object[] defaults =
                Arrays.stream(constructor.getParameters())
                        .map(p ->
                                ConversionService.SHARED
                                        .convert(
                                                p.getAnnotation(Bindable.class).defaultValue(),
                                                p.getType())
                                        .orElseThrow())
                        .toArray();
        return constructor.newInstance(defaults);
    }

    @ParameterizedTest
    @EnumSource
    void shouldShipWhatTheCoreShips(WaitClass waitClass) throws Exception {
        Rules.Graces graces = unset().graces(Duration.ZERO);
        assertThat(graces.of(waitClass)).isEqualTo(Rules.Graces.DEFAULT.of(waitClass));
        boolean canBeSet = waitClass.verdict() != null && waitClass != WaitClass.IMAGE_NAME_INVALID;
        assertThat(graces.byClass().containsKey(waitClass)).isEqualTo(canBeSet);
    }

    @Test
    void shouldShipWhatTheCoreCallsAnOutage() throws Exception {
        OutageSettings shipped =
                (OutageSettings) withDefaults(OutageSettings.class.getConstructors()[0]);
        assertThat(shipped.outages()).isEqualTo(Outages.DEFAULT);
        assertThat(shipped.hold()).isEqualTo(Rules.Graces.DEFAULT.outageHold());
    }

    @Test
    void shouldShipTheCoresTimeForASinglePull() throws Exception {
        assertThat(unset().graces(Duration.ZERO).imageNotFoundWithoutSecondPull())
                .isEqualTo(Rules.Graces.DEFAULT.imageNotFoundWithoutSecondPull());
    }
}
