package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import ServiceLifecycle
package import TriageLLM
package import TriageStore
package import TriageTelemetry
internal import UnixSignals

/// The service, for `triage serve` and tests.
///
/// `onRunning` is called with the port once it is bound.
///
/// - Throws: `AccessError` when the certificate cannot be used.
package func buildApplication(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) throws -> some ApplicationProtocol {
    let registry = dependencies.telemetry.metrics
    let state = StateMetrics(
        registry: registry, snapshots: dependencies.snapshots, store: dependencies.store,
        demotions: dependencies.demotions)
    registry.beforeReading { state.collect() }
    let service = TriageService(dependencies, blindSample: options.blindSample)
    let memory = dependencies.store.map {
        MemoryKeeper(
            $0, dependencies.snapshots, limit: options.rememberedCorrections, logger: dependencies.logger)
    }
    let console = ConsoleServices(dependencies, options, service)
    let operations = operations(dependencies, options, service, console, memory)
    let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    router.add(
        middleware: ObservationMiddleware(
            observer: RequestObserver(registry: registry, logger: dependencies.logger),
            tracer: dependencies.telemetry.tracer))
    let routes = RouteTable(operations)
    if !options.pages.origins.isEmpty {
        router.add(middleware: CrossOriginMiddleware(origins: options.pages.origins))
    }
    router.add(
        middleware: ErrorMiddleware(routes: routes, maximumBody: options.maximumBody, console: console))
    router.add(middleware: OriginMiddleware(rules: options.pages, routes: routes))
    router.add(
        middleware: AccessMiddleware(
            access: dependencies.access, streamed: Set(operations.filter(\.isStreamed).map(\.path)),
            maximumBody: options.maximumBody))
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
        services: services(dependencies, options, service, memory)
            + [dependencies.access.keys as (any Service)?, dependencies.access.provider, tls?.holder]
            .compactMap { $0 },
        onServerRunning: { channel in onRunning(channel.localAddress?.port ?? options.port) },
        logger: dependencies.logger)
}

/// Runs the service until SIGTERM or SIGINT, then finishes open requests within `drain`, which a second SIGINT cuts short;
/// SIGHUP reloads, and so does a registry's new champion.
package func serve(
    _ dependencies: ServerDependencies, _ options: ServerOptions,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
) async throws {
    FileDescriptorLimit.raise(connections: options.connection.connections, logger: dependencies.logger)
    let reload: [any Service] =
        dependencies.reloader.map { reloader in
            let follower = dependencies.pointers.map { PointerFollower($0, reloader: reloader) }
            let database = dependencies.database?.follower(reloader)
            return [ReloadSignal(reloader: reloader), follower as (any Service)?, database].compactMap { $0 }
        } ?? []
    var configuration = ServiceGroupConfiguration(
        services: reload + [
            try buildApplication(dependencies, options, onRunning: onRunning),
            StopNotice(drain: options.drain, logger: dependencies.logger),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: dependencies.logger)
    configuration.maximumGracefulShutdownDuration = options.drain
    do { try await ServiceGroup(configuration: configuration).run() } catch {
        throw ListenError(error, options) ?? error
    }
}

/// All operations of the service.
func operations(
    _ dependencies: ServerDependencies, _ options: ServerOptions, _ service: TriageService,
    _ console: ConsoleServices, _ memory: MemoryKeeper? = nil
) -> [Operation] {
    let snapshots = dependencies.snapshots
    let maximum = options.maximumBody
    var operations =
        LegacyAgentController(service: service, maximumBody: maximum, legacy: options.legacy).operations
        + TriageController(service: service, maximumBody: maximum).operations
        + BatchController(service: service, maximumLine: maximum).operations
        + DraftController(
            service: service, drafter: Drafter(dependencies.llm), maximumBody: maximum
        ).operations
        + SearchController(snapshots: snapshots).operations
        + ArticleController(snapshots: snapshots, store: dependencies.store).operations
        + ModelController(snapshots: snapshots, shadow: dependencies.shadow).operations
        + AdminController(reloader: dependencies.reloader, shadow: dependencies.shadow).operations
    if let store = dependencies.store {
        operations += TicketController(store: store, snapshots: snapshots, maximumBody: maximum).operations
        operations +=
            DecisionController(store: store, snapshots: snapshots, maximumBody: maximum, memory: memory)
            .operations
        operations += QueueController(store: store, maximumBody: maximum).operations
        operations += ListController(store: store).operations
        operations += StatisticsController(store: store).operations
        operations += OutageController(store: store).operations
        operations += SimilarController(store: store, snapshots: snapshots).operations
        operations += EventController(store: store).operations
    }
    operations += HealthController(store: dependencies.store).operations
    if options.servesMetrics {
        operations += MetricsController(registry: dependencies.telemetry.metrics).operations
    }
    operations += ConsoleController(console: console).operations
    if let provider = console.access.provider {
        operations += ProviderSignInController(console: console, provider: provider).operations
    }
    operations += ReviewController(console: console).operations
    operations += ReviewController(console: console).events
    operations += OverviewController(console: console).operations
    operations += AccessController(console: console).operations
    if let desk = dependencies.articles {
        operations += ArticleEditController(console: console, desk: desk).operations
    }
    if let desk = console.desk {
        operations += ModelPageController(console: console, desk: desk).operations
        if let store = console.store {
            operations += LabelAuditController(console: console, desk: desk, store: store).operations
        }
    }
    if options.hasEcho { operations.append(EchoController(maximumBody: maximum).operation) }
    return operations
        + DocumentationController.operations(
            describing: operations, version: options.version)
}

/// How connections are read and limited.
private func connection(
    _ operations: [Operation], _ options: ServerOptions, _ logger: Logger
) -> HTTP1Channel.Configuration {
    let (limits, open) = (options.connection, OpenConnections(logger: logger))
    let streamed = Set(operations.filter(\.isStreamed).map(\.path))
    return .init(
        additionalChannelHandlers: [
            ConnectionGuard(
                limits, maximumBody: options.maximumBody, open: open, isTLS: options.tls != nil
            ) { request in
                streamed.contains(String((request.path ?? "").prefix { $0 != "?" }))
            }
        ],
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount))
}

/// Services that run beside the requests.
private func services(
    _ dependencies: ServerDependencies, _ options: ServerOptions, _ service: TriageService,
    _ memory: MemoryKeeper?
) -> [any Service] {
    let logger = dependencies.logger
    // Services end in reverse order, so Redis ends after the requests that use it, and what sends logs ends last.
    var services: [any Service] =
        (dependencies.telemetry.exporters.isEmpty
            ? [] : [ConcurrentServices(dependencies.telemetry.exporters)])
        + [dependencies.redis as (any Service)?].compactMap { $0 } + [dependencies.shadow]
    guard let store = dependencies.store, let memory else { return services }
    services.append(LedgerFollower(store: store, logger: logger))
    let precision = PrecisionKeeper(
        store, dependencies.snapshots, dependencies.demotions, folder: dependencies.monitorFolder,
        logger: logger)
    services.append(
        StoreMaintenance(
            store: store, logger: logger, headInterval: options.headInterval, memory: memory,
            precision: precision))
    if options.queueWorkers > 0 {
        services.append(
            QueueWorker(service: service, store: store, logger: logger, workers: options.queueWorkers))
    }
    return services
}

/// The parts of the service.
package struct ServerDependencies: Sendable {
    package var snapshots: SnapshotHolder
    /// Nil for a stateless service.
    package var store: TicketStore?
    /// Writes drafts; a template does when it is disabled.
    package var llm = LLMClient.disabled
    /// Chooses labels with the language model; nil for the engine's own decisions.
    package var modelDecider: LLMDecider?
    package var redis: SharedRedis?
    /// Where articles are searched instead of in memory; nil for none.
    package var database: KnowledgeDatabase?
    package var logger: Logger
    package var access = AccessControl()
    package var telemetry = TelemetryPipeline()
    package var shadow: Shadow
    /// Nil when the service has no model to change.
    package var desk: ModelDesk?
    /// Nil when the service has no folder of articles.
    package var articles: ArticleDesk?
    /// Nil when the service has no files to reload.
    package var reloader: SnapshotReloader?
    /// The registries that are followed; nil for none.
    package var pointers: Pointers?
    /// Which answers are no longer automatic.
    package var demotions = DemotionHolder()
    /// The state folder, in which monitoring keeps that; nil for none.
    package var monitorFolder: String?

    package init(snapshots: SnapshotHolder, store: TicketStore? = nil, logger: Logger) {
        self.snapshots = snapshots
        self.store = store
        self.logger = logger
        shadow = Shadow()
    }
}
