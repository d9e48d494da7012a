// swift-tools-version: 6.2
import PackageDescription

// A program of another project that uses the library: one dependency without the trait Service, one import.
let package = Package(
    name: "example",
    dependencies: [.package(name: "ticket-triage", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "Example", dependencies: [.product(name: "TriageEngine", package: "ticket-triage")])
    ]
)
