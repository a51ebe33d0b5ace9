.PHONY: test fmt up clean

test: ## builds everything and passes its tests
	./mvnw verify

fmt: ## puts code and poms into the one form that the build accepts
	./mvnw -q spotless:apply

up: ## runs all of Windlass here
	./windlass up

clean: ## removes what was built; .windlass stays
	./mvnw -q clean
