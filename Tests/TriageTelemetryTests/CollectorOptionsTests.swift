import Testing
import TriageTelemetry

struct CollectorOptionsTests {
    @Test(arguments: [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("HTTPS://collector.example/base/", "HTTPS://collector.example/base/v1/traces"),
    ])
    func `the endpoint is the base of the URL`(endpoint: String, url: String) throws {
        #expect(try CollectorOptions(endpoint: endpoint).url(for: .traces) == url)
    }

    @Test(arguments: ["", "collector:4317", "http://", "http:///x", "ftp://x", "http://a b"])
    func `another endpoint is an error`(endpoint: String) {
        #expect(throws: TelemetryError.badEndpoint) { _ = try CollectorOptions(endpoint: endpoint) }
    }

    @Test func `headers are pairs with percent-encoded values`() throws {
        let options = try CollectorOptions(
            endpoint: "http://c", headers: { "api-key=a%20b%3D1, x-tenant = seven ,authorization=Basic eA==" }
        )
        #expect(
            try options.headers() == [
                .init("api-key", "a b=1"), .init("x-tenant", "seven"), .init("authorization", "Basic eA=="),
            ])
        #expect(try CollectorOptions(endpoint: "http://c").headers().isEmpty)
    }

    @Test(arguments: [("a=1,secret", 2), ("=secret", 1), ("a=%zz-secret", 1), ("a=%f", 1), ("a=%ff", 1)])
    func `headers that are not pairs are an error that does not quote them`(headers: String, position: Int)
        throws
    {
        let error = #expect(throws: TelemetryError.self) {
            _ = try CollectorOptions(endpoint: "http://c", headers: { headers })
        }
        #expect(error == .badHeader(position: position))
        #expect(error?.description.contains("secret") == false)
    }
}
