package io.windlass.podscheduler.choose;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is taken of a node, or asked of it by one pod. */
public record Load(Map<String, BigDecimal> amounts, List<HostPort> ports) {
    public static final Load NONE = new Load(Map.of(), List.of());

    public Load plus(Load more) {
        Map<String, BigDecimal> sum = new HashMap<>(amounts);
        more.amounts.forEach((name, amount) -> sum.merge(name, amount, BigDecimal::add));
        List<HostPort> all = new ArrayList<>(ports);
        all.addAll(more.ports);
        return new Load(sum, all);
    }

    public Load minus(Load less) {
        Map<String, BigDecimal> rest = new HashMap<>(amounts);
        less.amounts.forEach((name, amount) -> rest.merge(name, amount.negate(), BigDecimal::add));
        List<HostPort> left = new ArrayList<>(ports);
        less.ports.forEach(left::remove);
        return new Load(rest, left);
    }

    BigDecimal of(String resource) {
        return amounts.getOrDefault(resource, BigDecimal.ZERO);
    }
}
