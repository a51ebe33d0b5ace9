package io.windlass.objects;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the pieces of logs lie that are not kept in the database. Credentials come by the SDK's
 * standard chain, unless they are given here.
 *
 * @param bucket that is there already; without one pieces are rows of the database
 * @param prefix of all keys
 * @param endpoint of something that speaks the protocol; without one the region's own
 * @param region as AWS names it
 * @param pathStyle the bucket is part of the path and not of the host's name
 * @param accessKeyId where it is another than that of the queue
 * @param secretAccessKey that belongs to it
 * @param patience of one call
 */
@ConfigurationProperties("windlass.objects")
public record ObjectSettings(
        @Nullable String bucket,
        @Bindable(defaultValue = "windlass/logs/") String prefix,
        @Nullable URI endpoint,
        @Bindable(defaultValue = "eu-central-1") String region,
        @Bindable(defaultValue = "false") boolean pathStyle,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @Bindable(defaultValue = "30s") Duration patience) {

    public ObjectSettings {
        if ((accessKeyId == null) != (secretAccessKey == null)) {
            throw new IllegalArgumentException(
                    "windlass.objects.access-key-id and windlass.objects.secret-access-key belong together");
        }
    }
}
