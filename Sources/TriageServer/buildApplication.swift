public import Hummingbird
internal import NIOCore

/// The service as `triage serve` runs it and the tests do.
///
/// - Parameter onRunning: Called once the port is bound, with that port.
public func buildApplication(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) -> some ApplicationProtocol {
    let operations = operations(dependencies, options)
    let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ErrorMiddleware(routes: RouteTable(operations), largestBody: options.largestBody))
    router.add(middleware: AccessMiddleware(access: dependencies.access))
    for operation in operations {
        router.on(
            RouterPath(operation.path), method: operation.method, use: dependencies.access.guarding(operation)
        )
    }
    return Application(
        router: router,
        configuration: .init(address: .hostname(options.host, port: options.port), serverName: "triage"),
        onServerRunning: { channel in onRunning(channel.localAddress?.port ?? options.port) },
        logger: dependencies.logger)
}

/// Runs the service until SIGTERM or SIGINT, and then until requests under way are answered.
public func serve(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) async throws {
    try await buildApplication(dependencies, options, onRunning: onRunning).runService()
}

/// Everything the service can do.
private func operations(_ dependencies: ServerDependencies, _ options: ServerOptions) -> [Operation] {
    let snapshots = dependencies.snapshots
    let scratch = ScratchPool()
    let largest = options.largestBody
    let operations =
        OriginalController(snapshots: snapshots, scratch: scratch, largestBody: largest).operations
        + TriageController(snapshots: snapshots, scratch: scratch, largestBody: largest).operations
        + BatchController(snapshots: snapshots, scratch: scratch, largestLine: largest).operations
        + SearchController(snapshots: snapshots).operations
        + ModelController(snapshots: snapshots).operations
        + HealthController().operations
        + PageController(snapshots: snapshots, largestBody: largest).operations
    return operations + DocumentationController.operations(describing: operations)
}
