{{/*
One service: its ServiceAccount, Deployment and budget.
root, service (its name), values (its part of the values), port, databaseUser (or none), token (reads the cluster)
*/}}
{{- define "windlass.service" -}}
{{- $name := printf "%s-%s" (include "windlass.name" .root) .service -}}
{{- $labels := include "windlass.labels" (dict "root" .root "name" .service) -}}
{{- $selector := include "windlass.selector" (dict "root" .root "name" .service) -}}
{{- $root := .root -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
  {{- with .values.serviceAccountAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .token }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
spec:
  {{- if not (dig "autoscaling" "enabled" false .values) }}
  replicas: {{ .values.replicas }}
  {{- end }}
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      {{- $selector | nindent 6 }}
  template:
    metadata:
      labels:
        {{- $labels | nindent 8 }}
      annotations:
        # what is read at the start only: a change of it begins new pods
        checksum/config: {{ include (print $.root.Template.BasePath "/config.yaml") .root | sha256sum }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: {{ .token }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: 45
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with .values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with .values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .root.Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- $selector | nindent 14 }}
      {{- if .initContainers }}
      initContainers:
        {{- .initContainers | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .service }}
          image: {{ include "windlass.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          envFrom:
            - configMapRef:
                name: {{ include "windlass.name" .root }}
            - secretRef:
                name: {{ include "windlass.installationSecret" .root }}
            {{- if eq .service "web-server" }}
            - secretRef:
                name: {{ include "windlass.apiSecret" .root }}
            {{- end }}
            {{- if or .root.Values.queue.existingSecret (include "windlass.embeddedQueue" .root) }}
            - secretRef:
                name: {{ include "windlass.queueSecret" .root }}
            {{- end }}
            {{- if and .root.Values.objects.existingSecret (has .service (list "web-server" "cluster-gateway")) }}
            - secretRef:
                name: {{ .root.Values.objects.existingSecret }}
            {{- end }}
            {{- with .values.extraEnvFrom }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          env:
            {{- with .databaseUser }}
            - name: WINDLASS_DATABASE_USER
              value: {{ . | quote }}
            - name: WINDLASS_DATABASE_PASSWORD
              {{- include "windlass.databasePassword" (dict "root" $root "key" $.service) | nindent 14 }}
            {{- end }}
            {{- if eq .service "cluster-gateway" }}
            # web-server asks the very one that follows a log
            - name: POD_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
            - name: WINDLASS_GATEWAY_ADDRESS
              value: http://$(POD_IP):{{ .port }}
            {{- end }}
            {{- with .values.javaOptions }}
            - name: JDK_JAVA_OPTIONS
              value: {{ . | quote }}
            {{- end }}
            - name: WINDLASS_POD
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            {{- with .values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: {{ .port }}
            - name: management
              containerPort: {{ add1 .port }}
          startupProbe:
            httpGet:
              path: /health/liveness
              port: management
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 60
          livenessProbe:
            httpGet:
              path: /health/liveness
              port: management
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet:
              path: /health/readiness
              port: management
            periodSeconds: 3
            timeoutSeconds: 5
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          {{- include "windlass.locked" .root | nindent 10 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- include "windlass.caMount" .root | nindent 12 }}
            {{- with .values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- include "windlass.caVolume" .root | nindent 8 }}
        {{- with .values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- if .initContainers }}
        {{- with .root.Values.initContainers.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- end }}
{{- if .root.Values.podDisruptionBudgets }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- $selector | nindent 6 }}
{{- end }}
{{- if dig "autoscaling" "enabled" false .values }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $name }}
  minReplicas: {{ .values.autoscaling.minReplicas }}
  maxReplicas: {{ .values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end -}}

{{/* an init container of the migrations' image: root, name, args, and by whom it goes to the database */}}
{{- define "windlass.before" -}}
- name: {{ .name }}
  image: {{ include "windlass.image" (dict "root" .root "service" "migrations") }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  {{- with .args }}
  args: {{ toJson . }}
  {{- end }}
  {{- with .root.Values.initContainers.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if or .user .root.Values.initContainers.extraEnv }}
  env:
    {{- with .user }}
    - name: WINDLASS_DATABASE_URL
      valueFrom:
        configMapKeyRef:
          name: {{ include "windlass.name" $.root }}
          key: WINDLASS_DATABASE_URL
    - name: WINDLASS_DATABASE_USER
      value: {{ . | quote }}
    - name: WINDLASS_DATABASE_PASSWORD
      {{- include "windlass.databasePassword" (dict "root" $.root "key" $.key) | nindent 6 }}
    {{- if eq $.key "owner" }}
    - name: WINDLASS_DATABASE_WEB_SERVER_USER
      value: {{ $.root.Values.database.webServerUser | quote }}
    - name: WINDLASS_DATABASE_WEB_SERVER_PASSWORD
      {{- include "windlass.databasePassword" (dict "root" $.root "key" "web-server") | nindent 6 }}
    - name: WINDLASS_DATABASE_MESSAGES_PROCESSOR_USER
      value: {{ $.root.Values.database.messagesProcessorUser | quote }}
    - name: WINDLASS_DATABASE_MESSAGES_PROCESSOR_PASSWORD
      {{- include "windlass.databasePassword" (dict "root" $.root "key" "messages-processor") | nindent 6 }}
    - name: WINDLASS_DATABASE_SCHEDULES_PROCESSOR_USER
      value: {{ $.root.Values.database.schedulesProcessorUser | quote }}
    - name: WINDLASS_DATABASE_SCHEDULES_PROCESSOR_PASSWORD
      {{- include "windlass.databasePassword" (dict "root" $.root "key" "schedules-processor") | nindent 6 }}
    - name: WINDLASS_DATABASE_CLUSTER_GATEWAY_USER
      value: {{ $.root.Values.database.clusterGatewayUser | quote }}
    - name: WINDLASS_DATABASE_CLUSTER_GATEWAY_PASSWORD
      {{- include "windlass.databasePassword" (dict "root" $.root "key" "cluster-gateway") | nindent 6 }}
    {{- end }}
    {{- end }}
    {{- with .root.Values.initContainers.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  resources:
    requests: {cpu: 100m, memory: 128Mi}
    limits: {memory: 256Mi}
  {{- include "windlass.locked" .root | nindent 2 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    {{- include "windlass.caMount" .root | nindent 4 }}
    {{- with .root.Values.initContainers.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
