.DEFAULT_GOAL := help
.PHONY: help test check it db ci full flaky proof test-methods third-party fmt up images deploy-local watch undeploy check-deployment clean

help: ## prints this
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | awk -F'\t' '{printf "  make %-17s %s\n", $$1, $$2}'

test: ## the quick tests of all modules, or of M=common/schedule (and what needs it), or of M=changed; T=Name for one class
	@.ci/quick.py '$(M)' '$(T)'

check: ## format, Error Prone, architecture, all unit tests
	./mvnw verify -Dskip.it -Djib.skip

it: ## one end-to-end test on the cluster of the variables in docs/testing.md: T=LogsIT
	@.ci/it '$(T)'

db: ## a PostgreSQL that stays, for tests: prints the variable that names it
	@.ci/db

ci: ## what has to pass before anything lands
	.ci/run

full: ## the full size of everything, or of FORM=faults (full/forms.tsv lists the forms), with a line in full/record.tsv
	@full/run.py $(FORM)

flaky: ## one test 50 times: T=Name; writes its line in full/flaky.tsv
	@full/flaky.py '$(T)'

proof: ## switches off each guard whose code or tests changed; docs/proof.md says what turned red
	proof/run.py

test-methods: ## counts the test methods into .ci/test-methods.tsv, which .ci/run compares with
	./mvnw -q test-compile
	@.ci/counts write

third-party: ## writes THIRD-PARTY.md: the jars that are shipped, and their licences
	rm -f architecture-tests/target/THIRD-PARTY.md
	./mvnw -q package -Djib.skip -Dspotless.check.skip -Dtest=ThirdPartyTest -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.failure.ignore
	cp architecture-tests/target/THIRD-PARTY.md .

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

clean: ## removes what was built; .windlass stays
	./mvnw -q clean
