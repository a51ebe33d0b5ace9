package io.windlass.queue;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where SQS is. Credentials come by the SDK's standard chain.
 *
 * @param endpoint of something that speaks the protocol; without one the region's own
 * @param region as AWS names it
 * @param prefix of the queues' names, before the cluster's
 * @param create makes queues that are not there, with their dead-letter queues
 * @param visibility how long a received message stays hidden
 * @param maxReceiveCount how often it may be received before it is a dead letter
 */
@ConfigurationProperties("windlass.queue")
public record QueueSettings(
        @Nullable URI endpoint,
        @Bindable(defaultValue = "eu-central-1") String region,
        @Bindable(defaultValue = "windlass-") String prefix,
        @Bindable(defaultValue = "true") boolean create,
        @Bindable(defaultValue = "30s") Duration visibility,
        @Bindable(defaultValue = "5") int maxReceiveCount) {}
