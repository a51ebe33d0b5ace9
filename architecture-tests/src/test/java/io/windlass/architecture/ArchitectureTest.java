package io.windlass.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import org.jspecify.annotations.NullMarked;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(packages = "io.windlass", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SERVICES = {
        "io.windlass.web..",
        "io.windlass.processor..",
        "io.windlass.jobstatus..",
        "io.windlass.podevents..",
        "io.windlass.schedules..",
        "io.windlass.gateway..",
        "io.windlass.podscheduler.."
    };

    @ArchTest
    static final ArchRule THE_CORE_IS_PURE =
            classes()
                    .that()
                    .resideInAPackage("io.windlass.job..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("io.windlass.job..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule THE_CORE_TOUCHES_NO_CLOCK_NO_FILE_NO_THREAD =
            noClasses()
                    .that()
                    .resideInAPackage("io.windlass.job..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule SCHEDULES_ARE_PURE =
            classes()
                    .that()
                    .resideInAPackage("io.windlass.schedule..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.windlass.schedule..",
                            "io.windlass.job..",
                            "java.lang..",
                            "java.math..",
                            "java.nio",
                            "java.nio.charset..",
                            "java.security..",
                            "java.time..",
                            "java.util",
                            "java.util.function..",
                            "java.util.regex..",
                            "java.util.stream..",
                            "java.util.zip..",
                            "org.jspecify..",
                            "org.springframework.scheduling.support..");

    @ArchTest
    static final ArchRule SCHEDULES_TOUCH_NO_CLOCK =
            noClasses()
                    .that()
                    .resideInAPackage("io.windlass.schedule..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule WHERE_A_POD_BELONGS_IS_CHOSEN_FROM_VALUES_ALONE =
            classes()
                    .that()
                    .resideInAPackage("io.windlass.podscheduler.choose..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.windlass.podscheduler.choose..",
                            "io.windlass.job..",
                            "java.lang..",
                            "java.math..",
                            "java.time..",
                            "java.util",
                            "java.util.function..",
                            "java.util.random..",
                            "java.util.regex..",
                            "java.util.stream..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule THE_POD_SCHEDULER_KNOWS_THE_CLUSTER_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("io.windlass.podscheduler..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.windlass.store..",
                            "io.windlass.queue..",
                            "io.windlass.messages..",
                            "io.windlass.service..",
                            "io.micronaut..");

    @ArchTest
    static final ArchRule OBSERVERS_DO_NOT_ACT =
            noClasses()
                    .that()
                    .resideInAPackage("io.windlass.podscheduler.observe..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.windlass.podscheduler.bind..");

    @ArchTest
    static final ArchRule LOGS_ARE_PURE =
            classes()
                    .that()
                    .resideInAPackage("io.windlass.log..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.windlass.log..", "java..", "org.jspecify..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule SPRING_IS_FOR_CRON_ALONE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.windlass.schedule..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule SERVICES_DO_NOT_KNOW_EACH_OTHER =
            slices().matching(
                            "io.windlass.(web|processor|jobstatus|podevents|schedules|gateway|podscheduler)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_STANDALONE_AND_SIMULATOR_SEE_SERVICES =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.windlass.web..",
                            "io.windlass.processor..",
                            "io.windlass.jobstatus..",
                            "io.windlass.podevents..",
                            "io.windlass.schedules..",
                            "io.windlass.gateway..",
                            "io.windlass.podscheduler..",
                            "io.windlass.standalone..",
                            "io.windlass.simulator..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule KUBERNETES_IS_KNOWN_AT_ITS_EDGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.windlass.cluster..",
                            "io.windlass.jobstatus..",
                            "io.windlass.podevents..",
                            "io.windlass.gateway..",
                            "io.windlass.podscheduler..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8..");

    @ArchTest
    static final ArchRule SQS_AND_S3_ARE_KNOWN_IN_ONE_MODULE_EACH =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.windlass.queue..", "io.windlass.objects..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule SQL_IS_WRITTEN_IN_ONE_MODULE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.windlass.store..",
                            "io.windlass.migrations..",
                            "io.windlass.testing..",
                            "io.windlass.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..");

    @ArchTest
    static final ArchRule WHO_TAKES_JOBS_AND_WHO_PLANS_THEM_HAVE_NO_CLUSTER =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.windlass.web..", "io.windlass.schedules..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.windlass.cluster..");

    @ArchTest
    static final ArchRule WATCHERS_HAVE_NO_DATABASE =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.windlass.jobstatus..", "io.windlass.podevents..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.windlass.store..");

    @ArchTest
    static final ArchRule THE_COMMAND_LINE_KNOWS_HTTP_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("io.windlass.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.windlass.job..",
                            "io.windlass.store..",
                            "io.windlass.cluster..",
                            "io.micronaut..");

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING =
            noClasses()
                    .should()
                    .haveSimpleNameEndingWith("Util")
                    .orShould()
                    .haveSimpleNameEndingWith("Utils")
                    .orShould()
                    .haveSimpleNameEndingWith("Helper")
                    .orShould()
                    .haveSimpleNameEndingWith("Manager")
                    .orShould()
                    .haveSimpleNameEndingWith("Impl");

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
            classes()
                    .that()
                    .haveSimpleNameNotEndingWith("package-info")
                    .and()
                    .haveNameNotMatching(".*\\$.*(Definition|Introspection).*")
                    .should(
                            new ArchCondition<JavaClass>("live in a null-marked package") {
                                @Override
                                public void check(JavaClass type, ConditionEvents events) {
                                    boolean marked =
                                            type.getPackage().isAnnotatedWith(NullMarked.class);
                                    events.add(
                                            new SimpleConditionEvent(
                                                    type,
                                                    marked,
                                                    type.getName() + " is not null-marked"));
                                }
                            });
}
