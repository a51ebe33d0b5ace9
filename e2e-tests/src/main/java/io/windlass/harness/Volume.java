package io.windlass.harness;

import java.io.IOException;

/**
 * Room for a database in a cluster that has no provisioner: a directory of the node's, anybody's to
 * write to. A claim finds it by itself.
 */
public record Volume(Kubectl kubectl, String name) implements AutoCloseable {
    private static final String VOLUME =
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: %1$s}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              persistentVolumeReclaimPolicy: Retain
              hostPath: {path: /tmp/%1$s}
            """;

    public static Volume make(Kubectl kubectl, String name)
            throws IOException, InterruptedException {
        Volume volume = new Volume(kubectl, name);
        volume.onTheNode("make", "rm -rf /host/" + name + " && mkdir -m 777 /host/" + name);
        // one that was left is somebody else's for ever
        kubectl.delete(VOLUME.formatted(name));
        kubectl.apply(VOLUME.formatted(name));
        return volume;
    }

    private void onTheNode(String what, String command) throws IOException, InterruptedException {
        String pod =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s-%2$s, namespace: default}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  nodeSelector: {type: real}
                  containers:
                    - name: main
                      image: busybox:1.36
                      command: [sh, -c, '%3$s']
                      volumeMounts: [{name: tmp, mountPath: /host}]
                  volumes: [{name: tmp, hostPath: {path: /tmp}}]
                """
                        .formatted(name, what, command);
        kubectl.delete(pod);
        kubectl.apply(pod);
        kubectl.run(
                "wait",
                "-n",
                "default",
                "--for=jsonpath={.status.phase}=Succeeded",
                "--timeout=60s",
                "pod/" + name + "-" + what);
        kubectl.delete(pod);
    }

    @Override
    public void close() throws IOException {
        try {
            kubectl.delete(VOLUME.formatted(name));
            onTheNode("remove", "rm -rf /host/" + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
