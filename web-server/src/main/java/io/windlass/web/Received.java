package io.windlass.web;

import io.windlass.json.JsonBounds;
import io.windlass.service.ByteBudget;
import org.jspecify.annotations.Nullable;

/** A body that has arrived whole. Its bytes, and those of its tree, are held until it is closed. */
final class Received implements AutoCloseable {
    private final ByteBudget.Share share;
    private final int most;
    private byte[] text;

    Received(ByteBudget.Share share, byte[] text, int most) {
        this.share = share;
        this.text = text;
        this.most = most;
    }

    boolean isEmpty() {
        return text.length == 0;
    }

    byte[] text() {
        return text;
    }

    ByteBudget.Share share() {
        return share;
    }

    /** Instead of its text, which is there no more. */
    @Nullable Object tree() {
        share.take(Weights.ofTree(text, JsonBounds.ofBytes(most).nodes()));
        Object tree = Bodies.parse(text, most);
        share.giveBack(text.length);
        text = new byte[0];
        return tree;
    }

    @Override
    public void close() {
        share.close();
    }
}
