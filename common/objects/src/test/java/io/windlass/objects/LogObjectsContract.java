package io.windlass.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.log.LogObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What whoever keeps logs relies on, wherever their pieces lie. */
abstract class LogObjectsContract {
    abstract LogObjects objects();

    @Test
    void shouldGiveBackEveryByte() {
        Map<String, byte[]> put = new HashMap<>();
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 255, 131_072, 3_000_000}) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            put.put("installation/7/" + size, data);
        }
        objects().put(put);
        put.forEach((key, data) ->
                assertThat(objects().get(key))
                        .as(key)
                        .hasValueSatisfying(found -> assertThat(found).isEqualTo(data)));
    }

    @Test
    void shouldHaveWhatWasPutTwiceOnceAsItWasPutLast() {
        objects().put(Map.of("twice", new byte[] {1}));
        objects().put(Map.of("twice", new byte[] {2, 3}));
        assertThat(objects().get("twice").orElseThrow()).containsExactly(2, 3);
    }

    @Test
    void shouldNotHaveWhatWasNeverPutOrWasDeleted() {
        objects().put(Map.of("kept/1", new byte[] {1}, "gone/1", new byte[] {2}));
        objects().delete(List.of("gone/1", "never/there"));
        objects().delete(List.of("gone/1"));
        assertThat(objects().get("gone/1")).isEmpty();
        assertThat(objects().get("never/there")).isEmpty();
        assertThat(objects().get("kept/1")).isPresent();
    }

    @Test
    void shouldPutAndDeleteManyAtOnce() {
        Map<String, byte[]> many = new HashMap<>();
        for (int i = 0; i < 1_100; i++) {
            many.put("many/" + i, new byte[] {(byte) i});
        }
        objects().put(many);
        assertThat(objects().get("many/1099")).isPresent();
        objects().delete(new ArrayList<>(many.keySet()));
        assertThat(objects().get("many/0")).isEmpty();
        assertThat(objects().get("many/1099")).isEmpty();
    }
}
