package io.windlass.json;

/** The text is no JSON; line and column say where that shows. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonSyntaxException(String what, int line, int column) {
        super(what + " (line " + line + ", column " + column + ")");
    }
}
