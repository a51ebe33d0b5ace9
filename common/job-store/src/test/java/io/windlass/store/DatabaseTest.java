package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a fault of the database's, and what it does about connections that take no writes. */
class DatabaseTest extends OnPostgres {
    private static final String READ_ONLY = "set session characteristics as transaction read only";

    /** As one that leads to a former primary still. */
    private void oneConnectionTakesNoWrites() {
        database.inTransaction(handle -> handle.execute(READ_ONLY));
    }

    @Test
    void shouldSayThatItIsAwayOnceAndThenTakeAnotherConnection() {
        oneConnectionTakesNoWrites();
        assertThatThrownBy(() -> submit("one"))
                .isInstanceOfSatisfying(
                        DatabaseAwayException.class,
                        e -> assertThat(e.outcomeUnknown()).as("nothing was done").isFalse());
        assertThat(load(submit("two"))).isNotNull();
    }

    @Test
    void shouldNotAnswerByAConnectionThatTakesNoWritesAndNotKeepIt() {
        oneConnectionTakesNoWrites();
        assertThat(database.answers()).isFalse();
        assertThat(database.answers()).isTrue();
        assertThat(load(submit("one"))).isNotNull();
    }

    private void fail(String state) {
        database.inTransaction(handle ->
                handle.execute(
                        "do $$ begin raise exception 'in a test' using errcode = '"
                                + state
                                + "'; end $$"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "57014"})
    void shouldTakeItForBusyWhereSomethingWasInTheWay(String state) {
        assertThatThrownBy(() -> fail(state))
                .isInstanceOfSatisfying(
                        DatabaseAwayException.Busy.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"25006", "42501", "42P01", "53100", "57P01", "08006"})
    void shouldTakeItForAwayWhereNoWorkCouldBeDone(String state) {
        assertThatThrownBy(() -> fail(state))
                .isInstanceOf(DatabaseAwayException.class)
                .isNotInstanceOf(DatabaseAwayException.Busy.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22P05", "22008", "23505", "P0001", "42883"})
    void shouldBlameTheWorkForAnythingElse(String state) {
        assertThatThrownBy(() -> fail(state))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(state);
    }
}
