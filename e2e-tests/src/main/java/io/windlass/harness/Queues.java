package io.windlass.harness;

import io.windlass.testing.TestQueueServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two queues of a cluster, by the plain query protocol: no SDK of ours in between. */
public final class Queues {
    private static final Pattern COUNT =
            Pattern.compile("<Name>ApproximateNumberOfMessages</Name>\\s*<Value>(\\d+)</Value>");
    private static final Pattern BODY = Pattern.compile("<Body>(.*?)</Body>", Pattern.DOTALL);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Queues() {}

    public static long waiting(String cluster) throws IOException, InterruptedException {
        long sum = 0;
        for (String queue : names(cluster)) {
            sum += waitingIn(queue);
        }
        return sum;
    }

    private static long waitingIn(String queue) throws IOException, InterruptedException {
        Matcher count =
                COUNT.matcher(
                        call(
                                queue,
                                "Action=GetQueueAttributes&AttributeName.1=ApproximateNumberOfMessages"));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    public static long dead(String cluster) throws IOException, InterruptedException {
        long sum = 0;
        for (String queue : names(cluster)) {
            sum += waitingIn(queue + "-dead-letters");
        }
        return sum;
    }

    /** The texts of all dead letters; nobody else gets them for five minutes. */
    public static List<String> deadLetters(String cluster)
            throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        for (String queue : names(cluster)) {
            String answer;
            do {
                answer =
                        call(
                                queue + "-dead-letters",
                                "Action=ReceiveMessage&MaxNumberOfMessages=10&VisibilityTimeout=300");
                Matcher body = BODY.matcher(answer);
                while (body.find()) {
                    texts.add(body.group(1));
                }
            } while (answer.contains("<Body>"));
        }
        return texts;
    }

    public static void purge(String cluster) throws IOException, InterruptedException {
        for (String queue : names(cluster)) {
            call(queue, "Action=PurgeQueue");
        }
    }

    private static List<String> names(String cluster) {
        return List.of(
                "windlass-" + cluster + "-requests", "windlass-" + cluster + "-observations");
    }

    private static String call(String queue, String action)
            throws IOException, InterruptedException {
        String endpoint = TestQueueServer.running().endpoint().toString();
        String url = endpoint + "/000000000000/" + queue;
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        action
                                                + "&QueueUrl="
                                                + URLEncoder.encode(url, StandardCharsets.UTF_8)))
                        .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.body());
        }
        return response.body();
    }
}
