.PHONY: test fmt up images deploy-local watch undeploy check-deployment deployed fail-fast faults logs schedules simulate proof bench bench-pods bench-jvm clean

test: ## builds everything and passes its tests
	./mvnw verify

fmt: ## puts code and poms into the one form that the build accepts
	./mvnw -q spotless:apply

up: ## runs all of Windlass here
	./windlass up

images: ## builds the images and pushes them (WINDLASS_IMAGE_PREFIX=registry/team/, WINDLASS_IMAGE_TAG)
	./mvnw -DskipTests package jib:build -pl migrations,web-server,messages-processor,job-status-processor,pod-events-processor,schedules-processor,cluster-gateway,pod-scheduler -am \
	  -Dwindlass.image.prefix=$${WINDLASS_IMAGE_PREFIX:?say where to: registry/team/} -Dwindlass.image.tag=$${WINDLASS_IMAGE_TAG:-dev}

deploy-local: ## everything on the cluster that kubectl points at, which should be a minikube: images, Postgres, ElasticMQ, the services
	skaffold run
	@echo "The token: kubectl -n windlass get secret windlass-api -o jsonpath='{.data.WINDLASS_API_TOKEN}' | base64 -d"
	@echo "The API:   kubectl -n windlass port-forward svc/web-server 8080:80   (or NodePort 30880)"

watch: ## the same, built and rolled out again at every change, with the API on port 8080
	skaffold dev --port-forward

undeploy: ## removes it again; the database's volume goes with its claim
	skaffold delete

check-deployment: ## the chart, the manifests, skaffold.yaml and the alerts, without running them
	charts/check

deployed: ## an upgrade and a restart of all that is deployed under 20 submissions a second (a registry and a cluster for it)
	WINDLASS_DEPLOYED=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=DeployedIT,ChartIT -Dfailsafe.failIfNoSpecifiedTests=false

fail-fast: ## every way not to start, and trouble that passes, with the graces as shipped: half an hour on a real cluster; writes docs/failures.md
	WINDLASS_FAIL_FAST=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FailFastIT,NoFalseVerdictIT -Dfailsafe.failIfNoSpecifiedTests=false

schedules: ## 50 times kill -9 while 500 schedules tick each second, and 100,000 that nothing is due of, on a real cluster
	WINDLASS_SCHEDULES=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=SchedulesIT -Dfailsafe.failIfNoSpecifiedTests=false

logs: ## 100 jobs of a megabyte, 100 pods under kill -9, 10 readers of a fast writer, 2 GiB from one job, on a real cluster; 1,000 jobs of a megabyte on the local one
	WINDLASS_LOGS=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=LogsIT,LogLoadIT,StandaloneIT -Dfailsafe.failIfNoSpecifiedTests=false

faults: ## breaks everything at random for 20 minutes on a real cluster (WINDLASS_FAULTS_SEED, WINDLASS_FAULTS_MINUTES)
	WINDLASS_FAULTS_MINUTES=$${WINDLASS_FAULTS_MINUTES:-20} ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FaultsIT -Dfailsafe.failIfNoSpecifiedTests=false

simulate: ## a million seeds of the simulator (WINDLASS_SIMULATION_FIRST, WINDLASS_SIMULATION_SEEDS)
	WINDLASS_SIMULATION_SEEDS=$${WINDLASS_SIMULATION_SEEDS:-1000000} ./mvnw test -pl simulator -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false

proof: ## switches every guard off in turn; the table in docs/proof.md says what turned red
	proof/run.py

bench: ## takes the figures, on a real cluster, into benchmarks/results (WINDLASS_BENCH_PROFILE: a folder for recordings)
	WINDLASS_BENCH=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BenchIT -Dfailsafe.failIfNoSpecifiedTests=false

bench-pods: ## pods bound per second beside Kubernetes' own scheduler, on a cluster whose clients' limits are out of the way
	./mvnw test -pl pod-scheduler -am -Dtest=KubeSchedulerBench -Dsurefire.failIfNoSpecifiedTests=false

bench-jvm: ## the same load on JVMs with other flags, on a real cluster, into benchmarks/results
	WINDLASS_BENCH=long WINDLASS_BENCH_PARTS=jvm ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BenchIT -Dfailsafe.failIfNoSpecifiedTests=false

clean: ## removes what was built; .windlass stays
	./mvnw -q clean
