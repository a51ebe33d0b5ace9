package io.windlass.objects;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

@Factory
final class ObjectBeans {
    @Singleton
    @Requires(property = "windlass.objects.bucket")
    @Bean(preDestroy = "close")
    S3LogObjects logObjects(ObjectSettings settings) {
        return open(settings);
    }

    static S3LogObjects open(ObjectSettings settings) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(Region.of(settings.region()))
                        .forcePathStyle(settings.pathStyle())
                        // not all that speaks the protocol knows the newer checksums
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .httpClientBuilder(
                                Apache5HttpClient.builder()
                                        .maxConnections(64)
                                        .connectionTimeout(Duration.ofSeconds(2))
                                        .socketTimeout(settings.patience()))
                        .overrideConfiguration(c -> c.apiCallTimeout(settings.patience()));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.accessKeyId() != null && settings.secretAccessKey() != null) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(
                                    settings.accessKeyId(), settings.secretAccessKey())));
        }
        return new S3LogObjects(
                builder.build(), Objects.requireNonNull(settings.bucket()), settings.prefix());
    }
}
