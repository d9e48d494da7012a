internal import RealModule

/// The logarithm behind 1 + ln tf and idf.
package enum SublinearTF {
    package static func log(_ value: Float) -> Float { Float.log(value) }

    /// ln((1 + n) / (1 + df)) + 1, for a bucket seen in `df` of `n` documents.
    package static func idf(documents: Int, containing df: Int) -> Float {
        Float.log((1 + Float(documents)) / (1 + Float(df))) + 1
    }
}
