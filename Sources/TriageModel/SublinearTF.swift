#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The logarithm behind 1 + ln tf and idf.
package enum SublinearTF {
    package static func log(_ value: Float) -> Float { logf(value) }

    /// ln((1 + n) / (1 + df)) + 1, for a bucket seen in `df` of `n` documents.
    package static func idf(documents: Int, containing df: Int) -> Float {
        logf((1 + Float(documents)) / (1 + Float(df))) + 1
    }
}
