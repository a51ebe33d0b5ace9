package io.windlass.podscheduler.observe;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.windlass.cluster.NodeReader;
import io.windlass.job.NodeFit;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.choose.Volumes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the claims that pods mount are bound to, and where these volumes can be reached from. */
final class Claims {
    private record Claim(@Nullable String volume, boolean oneModeOnly) {}

    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<String, List<NodeFit.Term>> volumes = new HashMap<>();

    /** Whether that changed anything. */
    boolean claimIs(PersistentVolumeClaim claim) {
        boolean bound = claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
        Claim now =
                new Claim(
                        bound ? claim.getSpec().getVolumeName() : null,
                        claim.getSpec().getAccessModes() != null
                                && claim.getSpec().getAccessModes().contains("ReadWriteOncePod"));
        return !now.equals(claims.put(key(claim), now));
    }

    void claimGone(PersistentVolumeClaim claim) {
        claims.remove(key(claim));
    }

    boolean volumeIs(PersistentVolume volume) {
        List<NodeFit.Term> terms =
                volume.getSpec().getNodeAffinity() == null
                                || volume.getSpec().getNodeAffinity().getRequired() == null
                        ? List.of()
                        : NodeReader.terms(volume.getSpec().getNodeAffinity().getRequired());
        return !terms.equals(volumes.put(volume.getMetadata().getName(), terms));
    }

    void volumeGone(PersistentVolume volume) {
        volumes.remove(volume.getMetadata().getName());
    }

    void clear() {
        claims.clear();
        volumes.clear();
    }

    Volumes of(PodView pod) {
        if (pod.claims().isEmpty()) {
            return Volumes.NONE;
        }
        List<List<NodeFit.Term>> terms = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        for (String name : pod.claims()) {
            Claim claim = claims.get(pod.namespace() + "/" + name);
            List<NodeFit.Term> reach =
                    claim == null || claim.volume() == null ? null : volumes.get(claim.volume());
            if (claim == null) {
                troubles.add("persistentvolumeclaim \"" + name + "\" not found");
            } else if (claim.oneModeOnly()) {
                troubles.add(
                        "not supported by this scheduler: persistentvolumeclaim \""
                                + name
                                + "\" of mode ReadWriteOncePod");
            } else if (reach == null) {
                troubles.add(
                        "not supported by this scheduler: persistentvolumeclaim \""
                                + name
                                + "\" that is not bound (one whose class waits for its first consumer never will be)");
            } else if (!reach.isEmpty()) {
                terms.add(reach);
            }
        }
        return new Volumes(terms, troubles);
    }

    private static String key(PersistentVolumeClaim claim) {
        return claim.getMetadata().getNamespace() + "/" + claim.getMetadata().getName();
    }
}
