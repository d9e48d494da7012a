package import TriageVectors

extension ServiceSettings.Search {
    /// The database that these settings name; nil without an address. No connection is opened.
    ///
    /// - Parameter onChange: Called with nil when the server answers, and with the error when it does no longer.
    /// - Throws: `VectorError` when a setting cannot be used.
    package func database(
        onChange: @escaping @Sendable (VectorError?) -> Void = { _ in }
    ) throws(VectorError) -> SearchDatabase? {
        guard let url else { return nil }
        var options = SearchDatabaseOptions(url: url)
        options.secret = { [password] in password?.current }
        options.usesTLS = tls.map { $0 == .verify }
        options.authorities = ca
        options.timeout = timeout
        options.connections = connections
        return try SearchDatabase(options, onChange: onChange)
    }
}
