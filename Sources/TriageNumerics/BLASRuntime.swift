internal import COpenBLAS

/// OpenBLAS made fit for use: one thread, and checked against plain loops once per process.
///
/// One thread, because small calls get slower with more and because a result must not depend on how many there
/// are. The check, because some builds of OpenBLAS compute wrong results on some processors: then the reference
/// kernels take over, slower and right.
public enum BLASRuntime {
    /// Whether BLAS answers are used; false when the self-check failed.
    public static let isUsable: Bool = {
        openblas_set_num_threads(1)
        return selfCheck()
    }()

    /// The kernel family that OpenBLAS picked for this processor, such as "SkylakeX".
    ///
    /// Results may differ in their last bits between families, so a bundle's manifest records it.
    public static var kernelName: String {
        guard isUsable, let name = openblas_get_corename() else { return "reference" }
        return String(cString: name)
    }

    /// OpenBLAS's own description of its build.
    public static var buildDescription: String {
        guard let text = openblas_get_config() else { return "unknown" }
        return String(cString: text)
    }

    /// A small product of odd shape through sgemm and sgemv, compared with the reference kernels.
    private static func selfCheck() -> Bool {
        let (m, n, k) = (19, 23, 37)
        var generator = SplitMix64(seed: 7)
        let a = (0..<m * k).map { _ in generator.unitFloat() - 0.5 }
        let b = (0..<k * n).map { _ in generator.unitFloat() - 0.5 }
        var fast = [Float](repeating: 0, count: m * n)
        var slow = fast
        DenseKernels.blasMultiply(a, b, into: &fast, m: m, n: n, k: k)
        ReferenceKernels.multiply(a, b, into: &slow, m: m, n: n, k: k)
        var fastVector = [Float](repeating: 0, count: n)
        var slowVector = fastVector
        DenseKernels.blasAddProduct(of: ConstantBuffer(b), rows: k, columns: n, and: a, to: &fastVector)
        ReferenceKernels.addProduct(of: ConstantBuffer(b), rows: k, columns: n, and: a, to: &slowVector)
        return zip(fast + fastVector, slow + slowVector).allSatisfy { abs($0 - $1) < 1e-4 }
    }
}
