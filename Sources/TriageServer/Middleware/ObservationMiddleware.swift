internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Tracing
internal import TriageTelemetry

/// Gives each request its id and span, and records its end; it must be the outermost middleware.
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
        let record = RequestRecord(
            request.head, route: context.endpointPath, requestID: context.requestID,
            caller: context.callerBox, span: span, observer: observer)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        record.setStatus(response.status.code)
        if let bytes = response.body.contentLength {
            // Such a body is written whole after this call; wrapping it would cost time for nothing.
            record.addBytes(bytes)
            record.end(isWhole: true)
        } else {
            response.body = observed(response.body, record)
        }
        return response
    }

    /// A streamed body that counts its bytes and ends the record.
    private func observed(_ body: ResponseBody, _ record: RequestRecord) -> ResponseBody {
        let counted = body.map { buffer in
            record.addBytes(buffer.readableBytes)
            return buffer
        }
        return ResponseBody { writer in
            do {
                try await counted.write(writer)
                record.end(isWhole: true)
            } catch {
                record.end(isWhole: false)
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
