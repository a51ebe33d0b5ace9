package io.windlass.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken of texts from outside, and where that is said which is not. */
class JsonBoundsTest {
    private static final JsonBounds BOUNDS = JsonBounds.ofBytes(1 << 20);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Object parse(String text) throws Exception {
        return Json.parse(bytes(text), BOUNDS);
    }

    /** Of what is refused. */
    private static List<String> pointers(String text) throws JsonSyntaxException {
        try {
            Json.parse(bytes(text), BOUNDS);
            return List.of();
        } catch (JsonRefusedException e) {
            return e.refused().stream().map(JsonRefusedException.Refused::pointer).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1e39, 1000000000000000000000000000000000000000",
        "-1e3, -1000",
        "1.50e1, 15.0",
        "1e-39, 1E-39",
        "0e0, 0",
        "1234567890123456789012345678901234567890, 1234567890123456789012345678901234567890",
    })
    void shouldTakeNumbersThatAreShortWithoutAnExponent(String number, String read)
            throws Exception {
        assertThat(parse("[" + number + "]")).hasToString("[" + read + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e40",
                "1e-40",
                "1e200",
                "1e-200",
                "-1e131073",
                "1e2147483647",
                "1e-2147483647",
                "1e99999999999",
                "0e200",
                "12345678901234567890123456789012345678901",
                "0.1234567890123456789012345678901234567890"
            })
    void shouldRefuseNumbersByTheirDigitsWithoutAnExponent(String number) throws Exception {
        assertThat(pointers("{\"a\":[0,{\"b/c\":" + number + "}]}")).containsExactly("/a/1/b~1c");
    }

    @Test
    void shouldRefuseWhatDatabaseAndQueuesRefuse() throws Exception {
        assertThat(
                        pointers(
                                "{\"a\":\"x\\u0000\",\"b\":\"\\ud800\",\"c\":\"\\udc00\\ud800\",\"d\":\"\\ufffe\","
                                        + "\"e\":\"\\uffff\",\"f\\u0000\":1,\"g\":\"\\ud83d\\ude00\\ufffd\\u0001\"}"))
                .containsExactly("/a", "/b", "/c", "/d", "/e", "/f\uFFFD");
    }

    @Test
    void shouldRefuseMoreLevelsAndMoreValuesThanItsBounds() throws Exception {
        assertThat(pointers("[".repeat(64) + "]".repeat(64))).isEmpty();
        assertThat(pointers("[".repeat(65) + "]".repeat(65))).containsExactly("/0".repeat(64));
        assertThat(JsonBounds.ofBytes(800).nodes()).isEqualTo(100);
        assertThat(JsonBounds.ofBytes(1 << 24).nodes()).isEqualTo(200_000);
        String many = "[" + "0,".repeat(150_000) + "0]";
        assertThat(pointers(many)).containsExactly("/" + (BOUNDS.nodes() - 1));
    }

    @Test
    void shouldTellTheFirstTwentyErrors() throws Exception {
        assertThat(pointers("[" + "1e200,".repeat(100) + "0]")).hasSize(20).contains("/0", "/19");
    }

    @Test
    void shouldSayWhereTheTextIsNoJson() {
        assertThatThrownBy(() -> parse("{\"a\":[1,{\"b\":x}]}"))
                .isInstanceOfSatisfying(
                        JsonSyntaxException.class,
                        e -> assertThat(e.pointer()).isEqualTo("/a/1/b"));
        assertThatThrownBy(() -> parse("{\"a\":1,\"a\":2}"))
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void shouldReadOwnTextsThatAreNestedDeeperAndNoLongNumbers() throws Exception {
        assertThat(Json.parse("[".repeat(100) + "]".repeat(100))).isNotNull();
        assertThat(Json.object("{\"a\":1e200}").get("a")).hasToString("1E+200");
        assertThatThrownBy(() -> Json.object("{\"a\":" + "1".repeat(101) + "}"))
                .hasMessageContaining("a number too long");
        assertThatThrownBy(() -> Json.object("{\"a\":1e99999999999}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadTheItemsOfAnArrayOneByOne() throws Exception {
        String text =
                "[ {\"a\":1},{\"b\":[{\"c\":1e200,\"d\":[1]},\"\\u0000\"]}, "
                        + "[".repeat(70)
                        + "]".repeat(70)
                        + ",7,\"x\"]";
        assertThat(JsonArray.size(bytes(text))).contains(5);
        try (JsonArray items = JsonArray.of(bytes(text), BOUNDS)) {
            JsonArray.Item first = items.next().orElseThrow();
            assertThat(first.tree()).hasToString("{a=1}");
            assertThat(first.bytes()).isEqualTo(7);
            assertThat(items.next().orElseThrow().refused())
                    .extracting(JsonRefusedException.Refused::pointer)
                    .containsExactly("/b/0/c", "/b/1");
            assertThat(items.next().orElseThrow().refused()).hasSize(1);
            assertThat(items.next().orElseThrow().tree()).hasToString("7");
            assertThat(items.next().orElseThrow().tree()).isEqualTo("x");
            assertThat(items.next()).isEmpty();
            assertThat(items.next()).isEmpty();
        }
        assertThat(JsonArray.size(bytes("{\"a\":[1]}"))).isEmpty();
        assertThatThrownBy(() -> JsonArray.size(bytes("[1,[2,]")))
                .isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void shouldGiveTheSameTextForTheSameTree() throws Exception {
        Object tree = parse("{\"b\":1e2,\"a\":[1.50]}");
        assertThat(Json.canonical(tree)).isEqualTo("{\"a\":[1.50],\"b\":100}");
        assertThat(Json.parse(Json.canonical(tree))).isEqualTo(tree).isInstanceOf(Map.class);
    }
}
