package io.windlass.json;

/** The text is no JSON; line, column and pointer say where that shows. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    JsonSyntaxException(String what, int line, int column, String pointer) {
        super(what + " (line " + line + ", column " + column + ")");
        this.pointer = pointer;
    }

    /** Of the value that was being read. */
    public String pointer() {
        return pointer;
    }
}
