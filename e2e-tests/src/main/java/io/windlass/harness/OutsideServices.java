package io.windlass.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL with a certificate of a private authority and an ElasticMQ, in a namespace of their
 * own: what whoever installs Windlass has already. Their programs are run in a pod beside them.
 *
 * @param folder with the certificates
 */
public record OutsideServices(Kubectl kubectl, Path folder) {
    public static final String ADMINISTRATOR = "postgres";
    public static final String PASSWORD = "of-the-administrator";

    private static final String PSQL =
            """
            #!/usr/bin/env bash
            exec EXEC client -- env PGHOST="$PGHOST" PGPORT="$PGPORT" PGUSER="$PGUSER" PGPASSWORD="$PGPASSWORD" \\
              PGSSLMODE="$PGSSLMODE" PGSSLROOTCERT=/tls/ca.crt psql --no-psqlrc "$@"
            """;

    private static final String AS_SUPERUSER =
            """
            #!/usr/bin/env bash
            set -euo pipefail
            as_superuser() {
              EXEC postgres -- psql -h /var/run/postgresql -U postgres -d postgres --no-psqlrc --set ON_ERROR_STOP=1 >/dev/null
            }
            """;

    private static final String PG_DUMP =
            AS_SUPERUSER
                    + """
                    for word; do
                      case $word in
                      --file=*) file=${word#--file=} ;;
                      --format=custom | --no-owner | --no-privileges) ;;
                      -*) echo "pg_dump $word: not known here" >&2; exit 2 ;;
                      *) name=$word ;;
                      esac
                    done
                    # it is let in
                    psql --dbname "$name" --command 'select count(*) from flyway_schema_history' >/dev/null
                    again() { as_superuser <<<"alter database $name with allow_connections true;"; }
                    trap again EXIT
                    # nobody may be connected to what is copied
                    as_superuser <<END
                    drop database if exists dumped;
                    alter database $name with allow_connections false;
                    select pg_terminate_backend(pid) from pg_stat_activity where datname = '$name';
                    create database dumped template $name;
                    END
                    echo dumped >"$file"
                    """;

    private static final String PG_RESTORE =
            AS_SUPERUSER
                    + """
                    list=
                    for word; do
                      case $word in
                      --list) list=yes ;;
                      --dbname=*) name=${word#--dbname=} ;;
                      --exit-on-error | --no-owner | --no-privileges) ;;
                      -*) echo "pg_restore $word: not known here" >&2; exit 2 ;;
                      *) file=$word ;;
                      esac
                    done
                    [ "$(cat "$file")" = dumped ]
                    [ -z "$list" ] || exit 0
                    tables=$(psql --dbname "$name" --tuples-only --no-align \\
                      --command "select count(*) from pg_class where relnamespace = 'public'::regnamespace")
                    [ "$tables" = 0 ] || { echo "pg_restore: $name is not empty" >&2; exit 1; }
                    as_superuser <<END
                    drop database $name;
                    create database $name template dumped owner $PGUSER;
                    -- rights that are given in it would keep their users
                    drop database dumped;
                    END
                    """;

    /** Its namespace has to be there. All of it goes with that. */
    public void start() throws IOException, InterruptedException {
        authority("ca");
        authority("other-ca");
        openssl(
                "-CA",
                folder.resolve("ca.crt").toString(),
                "-CAkey",
                folder.resolve("ca.key").toString(),
                "-subj",
                "/CN=postgres",
                "-addext",
                "subjectAltName=DNS:" + host(),
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout",
                folder.resolve("server.key").toString(),
                "-out",
                folder.resolve("server.crt").toString());
        kubectl.run(
                "create",
                "secret",
                "generic",
                "tls",
                "--from-file=" + folder.resolve("ca.crt"),
                "--from-file=" + folder.resolve("server.crt"),
                "--from-file=" + folder.resolve("server.key"));
        kubectl.apply(pods());
        kubectl.run(
                "wait",
                "--for=condition=Ready",
                "--timeout=3m",
                "pod/postgres",
                "pod/client",
                "pod/elasticmq");
    }

    private String pods() {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: postgres, namespace: %1$s, labels: {app: postgres}}
        spec:
          terminationGracePeriodSeconds: 1
          automountServiceAccountToken: false
          nodeSelector: {type: real}
          securityContext: {runAsUser: 999, runAsGroup: 999, fsGroup: 999}
          containers:
            - name: postgres
              image: postgres:18
              args: [postgres, -c, ssl=on, -c, ssl_cert_file=/tls/server.crt, -c, ssl_key_file=/tls/server.key]
              env:
                - {name: POSTGRES_PASSWORD, value: %2$s}
                - {name: PGDATA, value: /var/lib/postgresql/data}
              readinessProbe:
                exec: {command: [pg_isready, -h, 127.0.0.1, -U, postgres]}
                periodSeconds: 2
                timeoutSeconds: 5
              volumeMounts:
                - {name: data, mountPath: /var/lib/postgresql}
                - {name: run, mountPath: /var/run/postgresql}
                - {name: tls, mountPath: /tls}
          volumes:
            - {name: data, emptyDir: {}}
            - {name: run, emptyDir: {}}
            - {name: tls, secret: {secretName: tls, defaultMode: 288}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: postgres, namespace: %1$s}
        spec:
          selector: {app: postgres}
          ports: [{port: 5432}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: %1$s}
        spec:
          terminationGracePeriodSeconds: 1
          automountServiceAccountToken: false
          nodeSelector: {type: real}
          securityContext: {runAsUser: 999, runAsGroup: 999, fsGroup: 999}
          containers:
            - name: client
              image: postgres:18
              args: [sleep, "1000000"]
              volumeMounts: [{name: tls, mountPath: /tls}]
          volumes:
            - {name: tls, secret: {secretName: tls, defaultMode: 288, items: [{key: ca.crt, path: ca.crt}]}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: elasticmq, namespace: %1$s, labels: {app: elasticmq}}
        spec:
          terminationGracePeriodSeconds: 1
          automountServiceAccountToken: false
          nodeSelector: {type: real}
          securityContext: {runAsUser: 1001}
          containers:
            - name: elasticmq
              image: softwaremill/elasticmq:1.7.1
              env: [{name: JAVA_OPTS, value: -XX:+UseSerialGC -XX:MaxRAMPercentage=60}]
              resources: {limits: {memory: 512Mi}}
              readinessProbe: {tcpSocket: {port: 9324}, periodSeconds: 2}
              volumeMounts: [{name: tmp, mountPath: /tmp}]
          volumes: [{name: tmp, emptyDir: {}}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: elasticmq, namespace: %1$s}
        spec:
          selector: {app: elasticmq}
          ports: [{port: 9324}]
        """
                .formatted(kubectl.namespace(), PASSWORD);
    }

    private void authority(String name) throws IOException, InterruptedException {
        openssl(
                "-subj",
                "/CN=" + name,
                "-keyout",
                folder.resolve(name + ".key").toString(),
                "-out",
                folder.resolve(name + ".crt").toString());
    }

    private void openssl(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-days",
                                "2"));
        command.addAll(List.of(words));
        Commands.run(folder, Map.of(), command);
    }

    public String host() {
        return "postgres." + kubectl.namespace() + ".svc.cluster.local";
    }

    public String queue() {
        return "http://elasticmq." + kubectl.namespace() + ".svc.cluster.local:9324";
    }

    /** Who signed the certificate of the database. */
    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /** Who did not. */
    public Path otherCertificate() {
        return folder.resolve("other-ca.crt");
    }

    /** As the administrator, by TLS; the rows as lines. */
    public String sql(String database, String statement) throws IOException, InterruptedException {
        return Commands.run(
                        folder,
                        Map.of(
                                "PGHOST",
                                host(),
                                "PGPORT",
                                "5432",
                                "PGUSER",
                                ADMINISTRATOR,
                                "PGPASSWORD",
                                PASSWORD,
                                "PGSSLMODE",
                                "verify-full"),
                        List.of(
                                folder.resolve("psql").toString(),
                                "--dbname",
                                database,
                                "--tuples-only",
                                "--no-align",
                                "--command",
                                statement),
                        "",
                        Duration.ofMinutes(1))
                .strip();
    }

    /**
     * {@code psql} as it is. {@code pg_dump} and {@code pg_restore} of the stand-in's image are too
     * old for its server, so a copy of the database is the dump; the file names it.
     */
    public void putPrograms() throws IOException {
        String exec =
                kubectl.tool().toAbsolutePath()
                        + " kubectl -n "
                        + kubectl.namespace()
                        + " exec -i ";
        InstallShell.program(folder, "psql", PSQL.replace("EXEC", exec));
        InstallShell.program(folder, "pg_dump", PG_DUMP.replace("EXEC", exec));
        InstallShell.program(folder, "pg_restore", PG_RESTORE.replace("EXEC", exec));
    }
}
