internal import COpenBLAS
internal import Glibc

/// OpenBLAS, loaded once per process with one thread and the kernel family that fits the processor, and checked against
/// plain loops.
///
/// One thread, because small calls get slower with more and because a result must not depend on the thread count. The check,
/// because some builds of OpenBLAS compute wrong results on some processors. Where OpenBLAS is missing or wrong, the reference
/// kernels compute instead: slower, with the same results.
package enum BLASRuntime {
    /// The state of OpenBLAS in this process.
    package enum State: Sendable {
        case usable
        /// The library, or a function of it, was not found.
        case missing
        /// Its results differ from the reference kernels'.
        case wrong
    }

    /// What became of OpenBLAS in this process; the first use loads it.
    package static let state: State = {
        guard triage_openblas_load(triage_openblas_family()) == 1 else { return .missing }
        return isRight() ? .usable : .wrong
    }()

    /// Whether BLAS computes; false when the reference kernels do.
    package static let isUsable = state == .usable

    /// The kernel family in use, such as "SkylakeX"; "reference" without BLAS.
    ///
    /// Results may differ in their last bits between families, so a bundle's manifest records it.
    package static var kernelName: String {
        guard isUsable, let name = triage_openblas_corename() else { return "reference" }
        return String(cString: name)
    }

    /// The family that this process requests: `OPENBLAS_CORETYPE` where the environment has it, otherwise the one that fits the
    /// processor's instruction sets; nil where OpenBLAS is left to choose.
    package static var requestedKernel: String? {
        let named = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) } ?? ""
        return named.isEmpty ? triage_openblas_family().map { String(cString: $0) } : named
    }

    /// OpenBLAS's description of its build; nil where it was not found.
    package static var buildDescription: String? {
        guard state != .missing, let text = triage_openblas_config() else { return nil }
        return String(cString: text)
    }

    /// Small products of odd shape by each function in use, compared with the reference kernels.
    private static func isRight() -> Bool {
        let (m, n, k) = (19, 23, 37)
        var generator = SplitMix64(seed: 7)
        let a = (0..<m * k).map { _ in generator.unitFloat() - 0.5 }
        let b = (0..<k * n).map { _ in generator.unitFloat() - 0.5 }
        let table = ConstantBuffer(b)
        func areClose(_ count: Int, _ fast: (inout [Float]) -> Void, _ slow: (inout [Float]) -> Void) -> Bool
        {
            var results = [[Float](repeating: 0.25, count: count), [Float](repeating: 0.25, count: count)]
            fast(&results[0])
            slow(&results[1])
            return zip(results[0], results[1]).allSatisfy { abs($0 - $1) < 1e-4 }
        }
        return areClose(
            m * n, { DenseKernels.blasMultiply(a, b, into: &$0, m: m, n: n, k: k) },
            { ReferenceKernels.multiply(a, b, into: &$0, m: m, n: n, k: k) })
            && areClose(
                m * n, { DenseKernels.blasAddProduct(a, b, to: &$0, m: m, n: n, k: k) },
                { ReferenceKernels.addProduct(a, b, to: &$0, m: m, n: n, k: k) })
            && areClose(
                m * n, { DenseKernels.blasAddTransposedProduct(a, b, to: &$0, m: k, n: n, k: m) },
                { ReferenceKernels.addTransposedProduct(a, b, to: &$0, m: k, n: n, k: m) })
            && areClose(
                n, { DenseKernels.blasAddProduct(of: table, rows: k, columns: n, and: a, to: &$0) },
                { ReferenceKernels.addProduct(of: table, rows: k, columns: n, and: a, to: &$0) })
            && areClose(
                k, { DenseKernels.blasMultiply(table, rows: k, columns: n, by: a, into: &$0) },
                { ReferenceKernels.multiply(table, rows: k, columns: n, by: a, into: &$0) })
            && abs(triage_sdot(Int32(k), a, b) - zip(a[..<k], b).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4
    }
}
