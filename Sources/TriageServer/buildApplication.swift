package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import TriageLLM
internal import TriageTelemetry
internal import UnixSignals

/// The service as `triage serve` runs it and the tests do.
///
/// - Parameters:
///   - dependencies: What it works with.
///   - options: How it listens and what it allows.
///   - onRunning: Called once the port is bound, with that port.
/// - Returns: The service, to be run.
/// - Throws: `AccessError` when the certificate cannot be used.
package func buildApplication(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) throws -> some ApplicationProtocol {
    let registry = dependencies.telemetry.metrics
    let state = StateMetrics(
        registry: registry, snapshots: dependencies.snapshots, store: dependencies.store)
    registry.beforeReading { state.collect() }
    let decider = TriageService(dependencies)
    let operations = operations(dependencies, options, decider)
    let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    router.add(
        middleware: ObservationMiddleware(
            observer: RequestObserver(registry: registry, logger: dependencies.logger),
            tracer: dependencies.telemetry.tracer))
    let routes = RouteTable(operations)
    if !options.pages.origins.isEmpty {
        router.add(middleware: CrossOriginMiddleware(origins: options.pages.origins))
    }
    router.add(middleware: ErrorMiddleware(routes: routes, largestBody: options.largestBody))
    router.add(middleware: OriginMiddleware(rules: options.pages, routes: routes))
    router.add(
        middleware: AccessMiddleware(
            access: dependencies.access, streamed: Set(operations.filter(\.isStreamed).map(\.path))))
    for operation in operations {
        router.on(
            RouterPath(operation.path), method: operation.method, use: dependencies.access.guarding(operation)
        )
    }
    let tls = try options.tls?.load(logger: dependencies.logger)
    let http = HTTPServerBuilder.http1(configuration: connection(operations, options, dependencies.logger))
    return Application(
        router: router,
        server: try tls.map { try .tls(http, tlsConfiguration: $0.configuration) } ?? http,
        configuration: .init(address: .hostname(options.host, port: options.port), serverName: "triage"),
        services: services(dependencies, options, decider)
            + [dependencies.access.keys as (any Service)?, tls?.holder].compactMap { $0 },
        onServerRunning: { channel in onRunning(channel.localAddress?.port ?? options.port) },
        logger: dependencies.logger)
}

/// Runs the service until SIGTERM or SIGINT, and then until requests under way are answered, or the time for that is
/// over; SIGHUP reloads.
package func serve(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) async throws {
    FileDescriptorLimit.raise(connections: options.connection.connections, logger: dependencies.logger)
    let reload: [any Service] = dependencies.reloader.map { [ReloadSignal(reloader: $0)] } ?? []
    var configuration = ServiceGroupConfiguration(
        services: reload + [try buildApplication(dependencies, options, onRunning: onRunning)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: dependencies.logger)
    configuration.maximumGracefulShutdownDuration = options.drain
    do { try await ServiceGroup(configuration: configuration).run() } catch {
        throw ListenError(error, options) ?? error
    }
}

/// Everything the service can do.
func operations(
    _ dependencies: ServerDependencies, _ options: ServerOptions, _ decider: TriageService
) -> [Operation] {
    let snapshots = dependencies.snapshots
    let largest = options.largestBody
    var operations =
        LegacyAgentController(decider: decider, largestBody: largest, legacy: options.legacy).operations
        + TriageController(decider: decider, largestBody: largest).operations
        + BatchController(decider: decider, largestLine: largest).operations
        + DraftController(
            snapshots: snapshots, drafter: Drafter(dependencies.llm), largestBody: largest
        ).operations
        + SearchController(snapshots: snapshots).operations
        + ModelController(snapshots: snapshots, shadow: dependencies.shadow).operations
        + AdminController(reloader: dependencies.reloader, shadow: dependencies.shadow).operations
    if let store = dependencies.store {
        operations += TicketController(store: store, snapshots: snapshots, largestBody: largest).operations
        operations += DecisionController(store: store, snapshots: snapshots, largestBody: largest).operations
        operations += QueueController(store: store, largestBody: largest).operations
    }
    operations += HealthController(store: dependencies.store).operations
    if options.servesMetrics {
        operations += MetricsController(registry: dependencies.telemetry.metrics).operations
    }
    operations += PageController(decider: decider, largestBody: largest).operations
    if options.hasEcho { operations.append(EchoController(largestBody: largest).operation) }
    return operations + DocumentationController.operations(describing: operations)
}

/// How a connection is read and guarded.
private func connection(
    _ operations: [Operation], _ options: ServerOptions, _ logger: Logger
) -> HTTP1Channel.Configuration {
    let (limits, open) = (options.connection, OpenConnections(logger: logger))
    let streamed = Set(operations.filter(\.isStreamed).map(\.path))
    return .init(
        additionalChannelHandlers: [
            ConnectionGuard(
                limits, largestBody: options.largestBody, open: open, isTLS: options.tls != nil
            ) { request in
                streamed.contains(String((request.path ?? "").prefix { $0 != "?" }))
            }
        ],
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount))
}

/// What runs beside the requests.
private func services(
    _ dependencies: ServerDependencies, _ options: ServerOptions, _ decider: TriageService
) -> [any Service] {
    let logger = dependencies.logger
    // Services end in the reverse order: Redis after the requests that ask it.
    var services: [any Service] =
        [dependencies.redis as (any Service)?].compactMap { $0 } + [dependencies.shadow]
    if let exporter = dependencies.telemetry.exporter { services.append(exporter) }
    guard let store = dependencies.store else { return services }
    services.append(StoreMaintenance(store: store, logger: logger, headInterval: options.headInterval))
    if options.queueWorkers > 0 {
        services.append(
            QueueWorker(decider: decider, store: store, logger: logger, workers: options.queueWorkers))
    }
    return services
}
