// swift-tools-version: 6.2
import PackageDescription

/// A product that only the service needs: without the trait, its package is neither resolved nor built.
func service(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: ["Service"]))
}

/// A target of this package that only the service needs.
func service(_ target: String) -> Target.Dependency {
    .target(name: target, condition: .when(traits: ["Service"]))
}

/// Error numbers and open files as Swift types.
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
/// The mathematical functions of the C library.
let mathematics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

/// Packages that only other packages use, each with its version and one of its products.
///
/// Naming them here makes their versions exact too. The product makes SwiftPM leave the package out of a build without the
/// trait.
let indirect: [(package: String, version: Version, product: String)] = [
    ("swift-algorithms", "1.2.1", "Algorithms"),
    ("swift-asn1", "1.7.4", "SwiftASN1"),
    ("swift-async-algorithms", "1.1.4", "AsyncAlgorithms"),
    ("swift-atomics", "1.3.0", "Atomics"),
    ("swift-certificates", "1.21.1", "X509"),
    ("swift-collections", "1.6.0", "DequeModule"),
    ("swift-crypto", "4.5.2", "Crypto"),
    ("swift-http-structured-headers", "1.7.0", "StructuredFieldValues"),
    ("swift-nio-http2", "1.46.0", "NIOHTTP2"),
    ("swift-nio-transport-services", "1.28.0", "NIOTransportServices"),
    ("swift-service-context", "1.5.1", "ServiceContextModule"),
]

/// Their products, on a platform that this package does not support: they add nothing to a build.
let indirectProducts: [Target.Dependency] = indirect.map {
    .product(
        name: $0.product, package: $0.package, condition: .when(platforms: [.macOS], traits: ["Service"]))
}

// Supported platform: Linux with glibc. No other platform was tried, and the code imports Glibc.
let package = Package(
    name: "ticket-triage",
    products: [
        .executable(name: "triage", targets: ["triage"]),
        .library(name: "TriageEngine", targets: ["TriageEngine"]),
        .library(name: "TriageSearch", targets: ["TriageSearch"]),
        .library(name: "TriageTraining", targets: ["TriageTraining"]),
        .library(name: "TriageEvaluation", targets: ["TriageEvaluation"]),
    ],
    traits: [
        .default(enabledTraits: ["Service"]),
        .trait(
            name: "Service",
            description:
                "HTTP, TLS, the store, Redis and the language model. Without it: files in, decisions out."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        // The service: HTTP, its store, its logs, metrics and traces, and the connections that settings open.
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1",
            traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ] + indirect.map { .package(url: "https://github.com/apple/\($0.package)", exact: $0.version) },
    targets: [
        // MARK: - C: OpenBLAS, GMime, zlib and libpq as the system has them, loaded at run time, loops that need a processor's wide registers, and
        // the program's arguments without /proc
        .target(name: "COpenBLAS"),
        .target(name: "CKernels"),
        .target(name: "CArguments"),
        .target(name: "CReaders"),
        .target(name: "CPostgres"),
        .systemLibrary(name: "CLibCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // MARK: - Core: pure values, no clock, no network
        .target(name: "TriageNumerics", dependencies: ["CKernels", "COpenBLAS", mathematics, system]),
        .target(name: "TriageText"),
        .target(name: "TriageData", dependencies: ["CArguments", system]),
        .target(name: "TriagePages", dependencies: ["TriageData"]),
        .target(name: "TriageTickets", dependencies: ["TriageData", "TriageText"]),
        // MARK: - Files of other programs: help desks' exports, workbooks, mail, label files
        .target(
            name: "TriageImport",
            dependencies: ["CReaders", "TriageData", "TriageText", "TriageTickets", "Yams"]),
        .target(
            name: "TriageModel",
            dependencies: [
                "CLibCrypto", "TriageData", "TriageNumerics", "TriageText", "TriageTickets",
                mathematics, system,
            ]),

        // MARK: - Search and fitting: neither sees the other
        .target(
            name: "TriageSearch",
            dependencies: [
                "TriageData", "TriageModel", "TriageNumerics", "TriageText", "TriageTickets", "Yams",
                mathematics, system,
            ]),
        .target(
            name: "TriageTraining",
            dependencies: [
                "TriageData", "TriageImport", "TriageModel", "TriageNumerics", "TriageText", "TriageTickets",
                mathematics,
            ]),

        // MARK: - Ticket and snapshot in, decision out
        .target(
            name: "TriageEngine",
            dependencies: [
                "TriageData", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText", "TriageTickets",
                "Yams", mathematics,
            ]),
        .target(
            name: "TriageEvaluation",
            dependencies: [
                "TriageData", "TriageEngine", "TriageImport", "TriageModel", "TriageNumerics", "TriagePages",
                "TriageSearch", "TriageText", "TriageTickets", "TriageTraining", mathematics,
            ]),

        // MARK: - Decisions and explanations for a terminal or a browser
        .target(
            name: "TriageOutput",
            dependencies: [
                "TriageData", "TriageEngine", "TriageModel", "TriagePages", "TriageText", "TriageTickets",
            ]),

        // MARK: - Draft replies without a language model
        .target(
            name: "TriageDrafts",
            dependencies: ["TriageData", "TriageEngine", "TriageSearch", "TriageTickets"]),

        // MARK: - The language model: the only target that calls one
        .target(
            name: "TriageLLM",
            dependencies: [
                "TriageData", "TriageDrafts", "TriageEngine", "TriageModel", "TriageSearch", "TriageText",
                "TriageTickets", system,
                service("AsyncHTTPClient", "async-http-client"),
                service("CoreMetrics", "swift-metrics"),
                service("Metrics", "swift-metrics"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("Tracing", "swift-distributed-tracing"),
            ]),

        // MARK: - The engine and a language model on the same tickets
        .target(
            name: "TriageComparison",
            dependencies: [
                "TriageData", "TriageDrafts", "TriageEngine", "TriageEvaluation", "TriageImport", "TriageLLM",
                "TriageModel", "TriageNumerics", "TriagePages", "TriageText", "TriageTickets",
            ]),

        // MARK: - Every setting of the service, typed
        .target(
            name: "TriageSettings",
            dependencies: [
                "TriageData", "TriageEngine", "TriageLLM", "TriageModel", "TriageVectors", "Yams", system,
                service("Configuration", "swift-configuration"),
            ]),

        // MARK: - What a service keeps: the only place with SQL
        .target(
            name: "TriageStore",
            dependencies: [
                "CZlib", "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageText",
                "TriageTickets", mathematics, system,
                service("GRDB", "GRDB.swift"),
            ]),

        // MARK: - What the service may dial
        .target(
            name: "TriageRedis",
            dependencies: [
                "CHiredis", "TriageData", system,
                service("NIOCore", "swift-nio"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
            ]),

        // MARK: - Knowledge bases in vector databases: the only place that searches across a network
        .target(
            name: "TriageVectors",
            dependencies: [
                "CPostgres", "TriageData", "TriageLLM", "TriageModel", "TriageNumerics", "TriageSearch",
                "TriageText", "TriageTickets", system,
                service("AsyncHTTPClient", "async-http-client"),
                service("CoreMetrics", "swift-metrics"),
                service("Metrics", "swift-metrics"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
            ]),

        // MARK: - The service: the only place with HTTP
        .target(
            name: "TriageServer",
            dependencies: [
                "TriageData", "TriageDrafts", "TriageEngine", "TriageLLM", "TriageModel", "TriagePages",
                "TriageRedis", "TriageSearch", "TriageSettings", "TriageStore", "TriageTelemetry",
                "TriageTickets", "TriageVectors",
                system,
                service("AsyncHTTPClient", "async-http-client"),
                service("CoreMetrics", "swift-metrics"),
                service("HTTPTypes", "swift-http-types"),
                service("Hummingbird", "hummingbird"),
                service("HummingbirdCore", "hummingbird"),
                service("HummingbirdTLS", "hummingbird"),
                service("Logging", "swift-log"),
                service("Metrics", "swift-metrics"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
                service("NIOHTTPTypes", "swift-nio-extras"),
                service("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("ServiceLifecycle", "swift-service-lifecycle"),
                service("Tracing", "swift-distributed-tracing"),
                service("UnixSignals", "swift-service-lifecycle"),
            ] + indirectProducts),

        // MARK: - What a service tells of itself: logs, metrics, traces
        .target(
            name: "TriageTelemetry",
            dependencies: [
                "TriageData",
                service("AsyncHTTPClient", "async-http-client"),
                service("CoreMetrics", "swift-metrics"),
                service("Logging", "swift-log"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("ServiceLifecycle", "swift-service-lifecycle"),
                service("Tracing", "swift-distributed-tracing"),
            ]),

        // MARK: - The command line
        .executableTarget(
            name: "triage",
            dependencies: [
                "TriageData", "TriageDrafts", "TriageEngine", "TriageEvaluation", "TriageImport",
                "TriageModel",
                "TriageNumerics", "TriageOutput", "TriagePages", "TriageSearch", "TriageText",
                "TriageTickets",
                "TriageTraining", service("TriageComparison"),
                service("TriageLLM"),
                service("TriageServer"), service("TriageSettings"), service("TriageStore"),
                service("TriageTelemetry"), service("TriageVectors"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"), system,
                service("CoreMetrics", "swift-metrics"),
                service("Logging", "swift-log"),
            ]),

        // MARK: - Tests
        .testTarget(name: "TriageNumericsTests", dependencies: ["TriageNumerics"]),
        .testTarget(
            name: "TriageDataTests",
            dependencies: ["TriageData", "TriageNumerics", "TriageTickets", mathematics, system]),
        .testTarget(
            name: "TriageImportTests",
            dependencies: ["TriageData", "TriageImport", "TriageTickets", "TriageTraining"]),
        .testTarget(
            name: "TriageSettingsTests",
            dependencies: ["ServerTestSupport", "TriageData", "TriageLLM", "TriageSettings"]),
        .testTarget(
            name: "TriageTextTests", dependencies: ["TriageData", "TriageText"], exclude: ["Golden"]),
        .testTarget(name: "TriagePagesTests", dependencies: ["TriagePages"]),
        .testTarget(name: "TriageModelTests", dependencies: ["TriageModel", "TriageNumerics", "TriageText"]),
        .testTarget(
            name: "TriageSearchTests",
            dependencies: ["TriageData", "TriageSearch", "TriageText", "TriageTickets"]),
        .testTarget(
            name: "TriageTrainingTests",
            dependencies: [
                "TriageData", "TriageModel", "TriageNumerics", "TriageText", "TriageTickets",
                "TriageTraining",
            ]),
        .testTarget(
            name: "TriageEvaluationTests",
            dependencies: [
                "TriageData", "TriageEvaluation", "TriageModel", "TriageNumerics", "TriageTraining",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "TriageComparisonTests",
            dependencies: ["TriageComparison", "TriageData", "TriageEvaluation", "TriageNumerics"]),
        .testTarget(
            name: "TriageLLMTests",
            dependencies: [
                "ServerTestSupport", "TriageComparison", "TriageData", "TriageDrafts", "TriageEngine",
                "TriageLLM", "TriageModel", "TriageSearch", "TriageText", "TriageTickets", "triage",
                service("CoreMetrics", "swift-metrics"),
                service("InMemoryTracing", "swift-distributed-tracing"),
                service("MetricsTestKit", "swift-metrics"),
                service("NIOCore", "swift-nio"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("Tracing", "swift-distributed-tracing"),
            ],
            exclude: ["Injections"]),
        .testTarget(
            name: "TriageEngineTests",
            dependencies: [
                "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText",
                "TriageTickets", "TriageTraining",
            ]),
        .testTarget(
            name: "TriageRedisTests",
            dependencies: [
                "ServerTestSupport", "TriageRedis", service("NIOPosix", "swift-nio"),
            ]),
        .testTarget(
            name: "TriageVectorsTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageEngine", "TriageModel", "TriageSearch",
                "TriageText",
                "TriageTickets", "TriageVectors", service("HTTPTypes", "swift-http-types"),
            ]),
        // Real peers on loopback, begun and ended by a test: a redis-server, certificates made by openssl, a collector of
        // spans, a language model's server that follows a script.
        .target(
            name: "ServerTestSupport",
            dependencies: [
                "TriageData",
                service("HTTPTypes", "swift-http-types"),
                service("Hummingbird", "hummingbird"),
                service("HummingbirdTLS", "hummingbird"),
                service("Logging", "swift-log"),
                service("NIOCore", "swift-nio"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            path: "Tests/ServerTestSupport"),
        .testTarget(
            name: "TriageServerTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageDrafts", "TriageEngine", "TriageEvaluation",
                "TriageLLM", "TriageModel", "TriagePages",
                "TriageRedis", "TriageSearch", "TriageServer", "TriageSettings", "TriageStore",
                "TriageTelemetry",
                "TriageText", "TriageTickets",
                service("AsyncHTTPClient", "async-http-client"),
                service("HTTPTypes", "swift-http-types"),
                service("Logging", "swift-log"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
                service("NIOPosix", "swift-nio"),
                service("NIOSSL", "swift-nio-ssl"),
                service("ServiceLifecycle", "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "TriageTelemetryTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageTelemetry",
                service("CoreMetrics", "swift-metrics"),
                service("HTTPTypes", "swift-http-types"),
                service("Logging", "swift-log"),
                service("NIOSSL", "swift-nio-ssl"),
                service("ServiceLifecycle", "swift-service-lifecycle"),
                service("Tracing", "swift-distributed-tracing"),
            ]),
        // A writer that its tests kill.
        .executableTarget(
            name: "StoreProbe",
            dependencies: ["TriageData", "TriageEngine", "TriageModel", "TriageStore", "TriageTickets"],
            path: "Tests/StoreProbe"),
        .testTarget(
            name: "TriageStoreTests",
            dependencies: [
                "StoreProbe", "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageStore",
                "TriageText", "TriageTickets", "TriageTraining", system,
                service("GRDB", "GRDB.swift"),
                service("GRDBSQLite", "GRDB.swift"),
            ], exclude: ["Golden"]),
        // What the fuzzers hold to be true, and their corpus replayed: `scripts/fuzz` builds the former with libFuzzer.
        .target(
            name: "FuzzProperties",
            dependencies: [
                "TriageData", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText", "TriageTickets",
            ],
            path: "Tests/Fuzz/Properties"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzProperties"]),
        // Runs the built executable; the dependency has it built first.
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "ServerTestSupport", "triage", "TriageData", "TriageEngine", "TriageLLM", "TriageModel",
                "TriageNumerics", "TriageSettings", "TriageStore", "TriageTickets",
                service("AsyncHTTPClient", "async-http-client"),
                service("NIOCore", "swift-nio"),
                service("NIOHTTP1", "swift-nio"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// One place for settings. ExistentialAny: `any` is written out where dispatch is dynamic. InternalImportsByDefault
// and MemberImportVisibility: a module's interface shows just what it means to show.
for target in package.targets
where target.type != .system && !["CKernels", "COpenBLAS"].contains(target.name) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
