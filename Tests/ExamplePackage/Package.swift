// swift-tools-version: 6.2
import PackageDescription

// A program of somebody else's that uses the library: one dependency, one import.
let package = Package(
    name: "example",
    dependencies: [.package(name: "ticket-triage", path: "../..")],
    targets: [
        .executableTarget(
            name: "Example", dependencies: [.product(name: "TriageEngine", package: "ticket-triage")])
    ]
)
