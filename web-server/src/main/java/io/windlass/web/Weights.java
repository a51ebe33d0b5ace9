package io.windlass.web;

import io.windlass.json.JsonArray;
import io.windlass.store.Jobs;
import java.util.ArrayList;
import java.util.List;

/** How many bytes of memory it takes to work on something, estimated. */
final class Weights {
    /** Of texts that are worked on together: lines of a portion, jobs of a page. */
    static final int MOST_TEXT = 4 << 20;

    /** Of lines that are stored together, with what becomes of them; one more may go beyond. */
    static final long MOST_PORTION = 8 << 20;

    /** Of what is answered of a job besides its spec. */
    private static final int ANSWER = 1_500;

    /** As it is read, before its length is known. */
    static final long USUAL_SCHEDULE = 16 << 10;

    /** An entry of a map with its key and its value. */
    private static final int VALUE = 128;

    /** What was sent, and what it becomes: values, the text that is stored, an answer. */
    private static final int TEXTS = 4;

    private Weights() {}

    /** Of a tree that is read from a text, and of what is made of it. */
    static long ofTree(byte[] text, int values) {
        int found = 1;
        for (byte one : text) {
            found += one == ',' || one == '[' || one == '{' ? 1 : 0;
        }
        return (long) Math.min(found, values) * VALUE + (long) text.length * TEXTS;
    }

    /** Of an item of an array. */
    static long of(JsonArray.Item item) {
        return (long) item.values() * VALUE + item.bytes() * TEXTS;
    }

    /** Of an array of jobs: a portion at a time, and all answers, as they grow and as one text. */
    static long ofBatch(byte[] text, int items) {
        long answers = text.length + (long) items * ANSWER;
        return Math.min(ofTree(text, Integer.MAX_VALUE), 2 * MOST_PORTION) + 2 * answers;
    }

    /** As many of the first as may be read at once; one of them at least. */
    static List<Jobs.Found> page(List<Jobs.Found> found) {
        List<Jobs.Found> page = new ArrayList<>();
        long bytes = 0;
        for (Jobs.Found one : found) {
            bytes += one.bytes();
            if (!page.isEmpty() && bytes > MOST_TEXT) {
                return page;
            }
            page.add(one);
        }
        return page;
    }

    /** As rows and as an answer; of trees there is one at a time. */
    static long of(List<Jobs.Found> page) {
        long bytes = 0;
        long longest = 0;
        for (Jobs.Found one : page) {
            bytes += one.bytes();
            longest = Math.max(longest, one.bytes());
        }
        return bytes * TEXTS + longest * (VALUE / Byte.SIZE);
    }
}
