package io.windlass.web;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call, and for what.
 *
 * @param token that every call must bring
 * @param previousToken still accepted, while tokens are being changed
 * @param caller the name under which the token's holder submits
 * @param namespaces that jobs may go to; none means all
 * @param clusters that jobs may name; the first is the default
 * @param hosts accepted in Host and Origin; none means all
 * @param maxJobBytes of one job
 * @param maxBatchBytes of a batch
 * @param maxBatchJobs in a batch
 * @param maxBatches calls that do the work of many (batches, sets, cancel and delete by filters),
 *     at once
 * @param maxBatchesPerCaller of these
 * @param maxBatchStreams streams of jobs that are open at once; they are not counted as batches
 * @param maxBatchStreamsPerCaller of these
 * @param maxCompletions that a job may ask for: all of its pods are loaded with it
 * @param maxFeedReaders that follow the feed at once
 * @param maxLogReaders that read logs at once
 * @param logPatience after which a reader of a log that reads nothing is cut off
 * @param bodyPatience after which a body that has not come whole is given up
 * @param farewell for which who is stopped still answers, and ends each connection with an answer
 */
@ConfigurationProperties("windlass.api")
public record ApiSettings(
        @Nullable String token,
        @Nullable String previousToken,
        @Bindable(defaultValue = "token") String caller,
        @Nullable List<String> namespaces,
        @Bindable(defaultValue = "local") List<String> clusters,
        @Nullable List<String> hosts,
        @Bindable(defaultValue = "262144") int maxJobBytes,
        @Bindable(defaultValue = "16777216") int maxBatchBytes,
        @Bindable(defaultValue = "10000") int maxBatchJobs,
        @Bindable(defaultValue = "32") int maxBatches,
        @Bindable(defaultValue = "16") int maxBatchesPerCaller,
        @Bindable(defaultValue = "256") int maxBatchStreams,
        @Bindable(defaultValue = "128") int maxBatchStreamsPerCaller,
        @Bindable(defaultValue = "1000") int maxCompletions,
        @Bindable(defaultValue = "2000") int maxFeedReaders,
        @Bindable(defaultValue = "500") int maxLogReaders,
        @Bindable(defaultValue = "1m") Duration logPatience,
        @Bindable(defaultValue = "30s") Duration bodyPatience,
        @Bindable(defaultValue = "0s") Duration farewell) {

    String defaultCluster() {
        return clusters.getFirst();
    }

    List<String> allowedNamespaces() {
        return namespaces == null ? List.of() : namespaces;
    }

    List<String> allowedHosts() {
        return hosts == null ? List.of() : hosts;
    }
}
