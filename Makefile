.PHONY: test fmt up fail-fast faults simulate proof bench clean

test: ## builds everything and passes its tests
	./mvnw verify

fmt: ## puts code and poms into the one form that the build accepts
	./mvnw -q spotless:apply

up: ## runs all of Windlass here
	./windlass up

fail-fast: ## every way not to start, and trouble that passes, with the graces as shipped: half an hour on a real cluster; writes docs/failures.md
	WINDLASS_FAIL_FAST=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FailFastIT,NoFalseVerdictIT -Dfailsafe.failIfNoSpecifiedTests=false

faults: ## breaks everything at random for 20 minutes on a real cluster (WINDLASS_FAULTS_SEED, WINDLASS_FAULTS_MINUTES)
	WINDLASS_FAULTS_MINUTES=$${WINDLASS_FAULTS_MINUTES:-20} ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FaultsIT -Dfailsafe.failIfNoSpecifiedTests=false

simulate: ## a million seeds of the simulator (WINDLASS_SIMULATION_FIRST, WINDLASS_SIMULATION_SEEDS)
	WINDLASS_SIMULATION_SEEDS=$${WINDLASS_SIMULATION_SEEDS:-1000000} ./mvnw test -pl simulator -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false

proof: ## switches every guard off in turn; the table in docs/proof.md says what turned red
	proof/run.py

bench: ## takes the figures, on a real cluster, into benchmarks/results (WINDLASS_BENCH_PROFILE: a folder for recordings)
	WINDLASS_BENCH=long ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BenchIT -Dfailsafe.failIfNoSpecifiedTests=false

clean: ## removes what was built; .windlass stays
	./mvnw -q clean
