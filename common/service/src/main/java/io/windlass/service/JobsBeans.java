package io.windlass.service;

import io.micronaut.context.annotation.Factory;
import io.windlass.job.PodPolicies;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Factory
final class JobsBeans {
    @Singleton
    PodPolicies policies(JobsSettings settings) {
        return new PodPolicies(
                Set.copyOf(orEmpty(settings.runAsNonRoot())),
                orEmpty(settings.allow()),
                orEmpty(settings.serviceAccounts()),
                settings.ownNamespace());
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
