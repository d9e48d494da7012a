// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ticket-triage",
    products: [
        .executable(name: "triage", targets: ["triage"]),
        .library(name: "TriageEngine", targets: ["TriageEngine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // The service: HTTP, its store, what it says of itself, and what it may dial when it is told to.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
            traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: - C: OpenBLAS as the system has it, and loops that need a processor's wide registers
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(name: "CKernels"),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // MARK: - Core: pure values, no clock, no network
        .target(name: "TriageNumerics", dependencies: ["CKernels", "COpenBLAS"]),
        .target(name: "TriageText"),
        .target(name: "TriageData"),
        .target(
            name: "TriageModel",
            dependencies: [
                "TriageData", "TriageNumerics", "TriageText",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // MARK: - Search and fitting: neither sees the other
        .target(
            name: "TriageSearch",
            dependencies: ["TriageData", "TriageModel", "TriageNumerics", "TriageText", "Yams"]),
        .target(
            name: "TriageTraining",
            dependencies: ["TriageData", "TriageModel", "TriageNumerics", "TriageText"]),

        // MARK: - Ticket and snapshot in, decision out
        .target(
            name: "TriageEngine",
            dependencies: [
                "TriageData", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText", "Yams",
            ]),
        .target(
            name: "TriageEvaluation",
            dependencies: [
                "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText",
                "TriageTraining",
            ]),

        // MARK: - The language model: the only place that asks one
        .target(
            name: "TriageLLM",
            dependencies: [
                "TriageData", "TriageEngine", "TriageModel", "TriageSearch", "TriageText",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),

        // MARK: - Every setting of the service, typed
        .target(
            name: "TriageSettings",
            dependencies: [
                "TriageData", "Yams", .product(name: "Configuration", package: "swift-configuration"),
            ]),

        // MARK: - What a service keeps: the only place with SQL
        .target(
            name: "TriageStore",
            dependencies: [
                "CZlib", "TriageData", "TriageEngine", "TriageModel", "TriageText",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),

        // MARK: - What the service may dial
        .target(
            name: "TriageRedis",
            dependencies: [
                "CHiredis",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),

        // MARK: - The service: the only place with HTTP
        .target(
            name: "TriageServer",
            dependencies: [
                "TriageData", "TriageEngine", "TriageLLM", "TriageModel", "TriageRedis", "TriageSearch",
                "TriageSettings", "TriageStore", "TriageTelemetry",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // MARK: - What a service tells of itself: logs, metrics, traces
        .target(
            name: "TriageTelemetry",
            dependencies: [
                "TriageData",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),

        // MARK: - The command line
        .executableTarget(
            name: "triage",
            dependencies: [
                "TriageData", "TriageEngine", "TriageEvaluation", "TriageLLM", "TriageModel",
                "TriageNumerics", "TriageSearch", "TriageServer", "TriageSettings", "TriageStore",
                "TriageTelemetry", "TriageText", "TriageTraining",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),

        // MARK: - Tests
        .testTarget(name: "TriageNumericsTests", dependencies: ["TriageNumerics"]),
        .testTarget(name: "TriageDataTests", dependencies: ["TriageData"]),
        .testTarget(name: "TriageSettingsTests", dependencies: ["TriageData", "TriageSettings"]),
        .testTarget(
            name: "TriageTextTests", dependencies: ["TriageData", "TriageText"], exclude: ["Golden"]),
        .testTarget(
            name: "TriageTrainingTests",
            dependencies: ["TriageData", "TriageModel", "TriageNumerics", "TriageText", "TriageTraining"]),
        .testTarget(
            name: "TriageEvaluationTests",
            dependencies: ["TriageData", "TriageEvaluation", "TriageNumerics", "TriageTraining"],
            exclude: ["Golden"]),
        .testTarget(
            name: "TriageLLMTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageEngine", "TriageLLM", "TriageModel", "TriageSearch",
                "TriageText", "triage",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            exclude: ["Injections"]),
        .testTarget(
            name: "TriageEngineTests",
            dependencies: [
                "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText",
                "TriageTraining",
            ]),
        .testTarget(
            name: "TriageRedisTests",
            dependencies: [
                "ServerTestSupport", "TriageRedis", .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        // Real peers on loopback, begun and ended by a test: a redis-server, certificates made by openssl, a collector of
        // spans, a language model's server that follows a script.
        .target(
            name: "ServerTestSupport",
            dependencies: [
                "TriageData",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Tests/ServerTestSupport"),
        .testTarget(
            name: "TriageServerTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageEngine", "TriageLLM", "TriageModel",
                "TriageRedis", "TriageServer", "TriageSettings", "TriageStore", "TriageTelemetry",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "TriageTelemetryTests",
            dependencies: [
                "ServerTestSupport", "TriageData", "TriageTelemetry",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        // A writer that its tests kill.
        .executableTarget(
            name: "StoreProbe", dependencies: ["TriageData", "TriageEngine", "TriageStore"],
            path: "Tests/StoreProbe"),
        .testTarget(
            name: "TriageStoreTests",
            dependencies: [
                "StoreProbe", "TriageData", "TriageEngine", "TriageModel", "TriageNumerics", "TriageStore",
                "TriageText", "TriageTraining",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], exclude: ["Golden"]),
        // What the fuzzers hold to be true, and their corpus replayed: `scripts/fuzz` builds the former with libFuzzer.
        .target(
            name: "FuzzProperties",
            dependencies: ["TriageData", "TriageModel", "TriageNumerics", "TriageSearch", "TriageText"],
            path: "Tests/Fuzz/Properties"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzProperties"]),
        // Runs the built executable; the dependency has it built first.
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "ServerTestSupport", "triage", "TriageData", "TriageEngine", "TriageModel", "TriageNumerics",
                "TriageStore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// One place for settings. ExistentialAny: `any` is written out where dispatch is dynamic. InternalImportsByDefault
// and MemberImportVisibility: a module's interface shows just what it means to show.
for target in package.targets where target.type != .system && target.name != "CKernels" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
