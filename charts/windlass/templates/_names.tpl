{{- define "windlass.name" -}}
{{- if contains "windlass" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-windlass" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{/* of what is no namespace's, or another's: two releases of one name in two namespaces keep apart */}}
{{- define "windlass.clusterWideName" -}}
{{- printf "%s-%s" .Release.Namespace (include "windlass.name" .) | trunc 60 | trimSuffix "-" -}}
{{- end -}}

{{/*
The labels of an object. root; name: the service that it belongs to, or windlass; component: where that is another word.
Selectors name `name` and `instance` and no more: Kubernetes lets nobody change the selector of a Deployment, and the
version is another one after each upgrade.
*/}}
{{- define "windlass.labels" -}}
{{ include "windlass.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/component: {{ .component | default .name }}
app.kubernetes.io/part-of: windlass
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{/*
The labels of pods that are not started again for a new version: nothing in them may change.
*/}}
{{- define "windlass.lastingLabels" -}}
{{ include "windlass.selector" . }}
app.kubernetes.io/component: {{ .component | default .name }}
app.kubernetes.io/part-of: windlass
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end -}}

{{- define "windlass.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "windlass.installationSecret" -}}
{{- .Values.installation.existingSecret | default (printf "%s-installation" (include "windlass.name" .)) -}}
{{- end -}}
{{- define "windlass.apiSecret" -}}
{{- .Values.api.existingSecret | default (printf "%s-api" (include "windlass.name" .)) -}}
{{- end -}}
{{- define "windlass.databaseSecret" -}}
{{- .Values.database.existingSecret | default (printf "%s-database" (include "windlass.name" .)) -}}
{{- end -}}
{{- define "windlass.queueSecret" -}}
{{- .Values.queue.existingSecret | default (printf "%s-queue" (include "windlass.name" .)) -}}
{{- end -}}

{{- define "windlass.embeddedDatabase" -}}{{- if not .Values.database.url -}}true{{- end -}}{{- end -}}
{{- define "windlass.embeddedQueue" -}}{{- if not (or .Values.queue.endpoint .Values.queue.region) -}}true{{- end -}}{{- end -}}

{{- define "windlass.databaseUrl" -}}
{{- $url := .Values.database.url | default (printf "jdbc:postgresql://%s-postgres:5432/windlass" (include "windlass.name" .)) -}}
{{- $file := include "windlass.caFile" . -}}
{{- /* the driver has a parameter of its own for whom it trusts */ -}}
{{- if and $file .Values.database.url (not (contains "sslrootcert=" $url)) -}}
{{- $url }}{{ ternary "&" "?" (contains "?" $url) }}sslrootcert={{ $file }}
{{- else -}}
{{- $url }}
{{- end -}}
{{- end -}}
{{/* HOST:PORT of jdbc:postgresql://HOST:PORT/NAME?... */}}
{{- define "windlass.databaseAddress" -}}
{{- $host := regexFind "//[^/?]+" (include "windlass.databaseUrl" .) | trimPrefix "//" -}}
{{- if contains ":" $host -}}{{ $host }}{{- else -}}{{ $host }}:5432{{- end -}}
{{- end -}}
{{- define "windlass.queueEndpoint" -}}
{{- if include "windlass.embeddedQueue" . -}}http://{{ include "windlass.name" . }}-elasticmq:9324{{- else -}}{{ .Values.queue.endpoint }}{{- end -}}
{{- end -}}
{{- define "windlass.queueAddress" -}}
{{- $endpoint := include "windlass.queueEndpoint" . | default (printf "https://sqs.%s.amazonaws.com" .Values.queue.region) -}}
{{- $host := regexFind "//[^/?]+" $endpoint | trimPrefix "//" -}}
{{- if contains ":" $host -}}{{ $host }}{{- else if hasPrefix "https" $endpoint -}}{{ $host }}:443{{- else -}}{{ $host }}:80{{- end -}}
{{- end -}}

{{- define "windlass.image" -}}
{{- printf "%s%s%s:%s" .root.Values.image.registry .root.Values.image.prefix .service (.root.Values.image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}

{{- define "windlass.locked" -}}
{{- with .Values.securityContext -}}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* the certificates of authorities that are not public, as a file */}}
{{- define "windlass.caFile" -}}
{{- if and .Values.caBundle.configMap .Values.caBundle.secret -}}
{{- fail "caBundle: a configMap or a secret, and not both" -}}
{{- end -}}
{{- if or .Values.caBundle.configMap .Values.caBundle.secret -}}/etc/windlass/ca/ca.crt{{- end -}}
{{- end -}}
{{- define "windlass.caMount" -}}
{{- if include "windlass.caFile" . -}}
- name: ca
  mountPath: {{ include "windlass.caFile" . | dir }}
  readOnly: true
{{- end -}}
{{- end -}}
{{- define "windlass.caVolume" -}}
{{- if include "windlass.caFile" . -}}
- name: ca
  {{- if .Values.caBundle.secret }}
  secret:
    secretName: {{ .Values.caBundle.secret }}
  {{- else }}
  configMap:
    name: {{ .Values.caBundle.configMap }}
  {{- end }}
    items:
      - key: {{ .Values.caBundle.key }}
        path: ca.crt
{{- end -}}
{{- end -}}

{{/* of the Secret with the database's passwords */}}
{{- define "windlass.databaseKeys" -}}
owner web-server messages-processor schedules-processor cluster-gateway
{{- end -}}

{{- define "windlass.databasePassword" -}}
valueFrom:
  secretKeyRef:
    name: {{ include "windlass.databaseSecret" .root }}
    key: {{ .key }}
{{- end -}}
