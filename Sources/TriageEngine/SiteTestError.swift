import TriageData

/// A site's tests that cannot be read, or that a bundle does not pass.
package enum SiteTestError: Error, Equatable {
    /// A line that is not a test.
    case badTest(path: String, line: Int, problem: String)
    /// The bundle does not do what the site demands.
    case failed(path: String, failed: Int, tests: Int)
}

extension SiteTestError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badTest(let path, let line, let problem):
            "\(path): line \(line): \(problem); a test is a ticket and what it must be, such as "
                + #"{"text": "…", "severity": {"at_least": "High"}, "category": {"not": "Other"}}"#
        case .failed(let path, let failed, let tests):
            "\(path): \(failed) of \(tests) tests fail, so nothing was written; add labelled tickets like them, add a "
                + "floor to the playbook, or mend the tests"
        }
    }
}
