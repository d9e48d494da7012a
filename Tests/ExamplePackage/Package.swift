// swift-tools-version: 6.2
import PackageDescription

// Programs of another project that use the library: one dependency without the trait Service, and its products.
let package = Package(
    name: "example",
    dependencies: [.package(name: "ticket-triage", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "Example", dependencies: [.product(name: "TriageEngine", package: "ticket-triage")]),
        .executableTarget(
            name: "TrainAndMeasure",
            dependencies: ["TriageEngine", "TriageEvaluation", "TriageSearch", "TriageTraining"].map {
                .product(name: $0, package: "ticket-triage")
            }),
    ]
)
