internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Tracing
internal import TriageTelemetry

/// Gives each request its id and its place in a trace, and has its end observed.
///
/// Stands before all others.
struct ObservationMiddleware: RouterMiddleware {
    let observer: RequestObserver
    let tracer: TriageTracer

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = RequestID.validated(request.headers[.requestID]) ?? RequestID.generate()
        context.logger[metadataKey: "request_id"] = .string(context.requestID)
        var trace = InstrumentationContext.topLevel
        tracer.extract(request.headers, into: &trace, using: HeaderExtractor())
        guard tracer.isRecording || trace.traceContext != nil else {
            return try await answer(request, context, span: nil, next)
        }
        let method = RequestRecord.name(of: request.method)
        let name = (method == "_OTHER" ? "HTTP" : method) + (context.endpointPath.map { " \($0)" } ?? "")
        let span = tracer.startSpan(name, context: trace, ofKind: .server)
        return try await InstrumentationContext.$current.withValue(span.context) {
            try await answer(request, context, span: span, next)
        }
    }

    private func answer(
        _ request: Request, _ context: ServiceContext, span: RecordedSpan?,
        _ next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let exchange = RequestRecord(
            request.head, route: context.endpointPath, requestID: context.requestID,
            caller: context.callerBox, span: span, observer: observer)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        exchange.answer(response.status.code)
        if let bytes = response.body.contentLength {
            // Such a body goes out in one write behind this call; wrapping it would cost more than it tells.
            exchange.wrote(bytes)
            exchange.end(isWhole: true)
        } else {
            response.body = observed(response.body, exchange)
        }
        return response
    }

    /// A streamed body that counts its bytes and ends the exchange.
    private func observed(_ body: ResponseBody, _ exchange: RequestRecord) -> ResponseBody {
        let counted = body.map { buffer in
            exchange.wrote(buffer.readableBytes)
            return buffer
        }
        return ResponseBody { writer in
            do {
                try await counted.write(writer)
                exchange.end(isWhole: true)
            } catch {
                exchange.end(isWhole: false)
                throw error
            }
        }
    }
}

private struct HeaderExtractor: Extractor {
    func extract(key: String, from headers: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { headers[$0] }
    }
}
