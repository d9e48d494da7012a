import Testing

@testable import TriageNumerics

struct KernelTests {
    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in generator.unitFloat() - 0.5 }
    }

    @Test(arguments: [1, 7, 8, 11, 16, 77, 80, 150])
    func `gathering bytes equals the reference`(columns: Int) {
        var generator = SplitMix64(seed: 3)
        let table = ConstantBuffer(
            (0..<50 * columns).map { _ in Int8(truncatingIfNeeded: generator.below(255) - 127) })
        let indices = (0..<40).map { _ in UInt32(generator.below(50)) }
        let values = numbers(40, seed: 4)
        var fast = numbers(columns, seed: 5)
        var slow = fast
        SparseKernels.gather(
            indices, values, count: 40, rows: ByteRows(table, columns: columns), into: &fast)
        ReferenceKernels.gather(indices, values, rows: table, columns: columns, into: &slow)
        for (a, b) in zip(fast, slow) { #expect(abs(a - b) < 1e-2) }
    }

    @Test(arguments: [1, 8, 16, 56, 80, 150])
    func `packed rows give what was packed`(columns: Int) {
        var generator = SplitMix64(seed: 3)
        let table = ConstantBuffer(
            (0..<50 * columns).map { _ in Int8(truncatingIfNeeded: generator.below(255) - 127) })
        let (scales, factors) = (numbers(50, seed: 6), numbers(50, seed: 7))
        let packed = PackedRows(
            table, columns: columns, scales: ConstantBuffer(scales), factors: ConstantBuffer(factors))
        #expect(packed.scales.array == scales && packed.factors.array == factors)
        #expect(packed.bytes[49, columns - 1] == table[50 * columns - 1])
        let indices = (0..<40).map { _ in UInt32(generator.below(50)) }
        let values = numbers(40, seed: 4)
        var fast = numbers(columns, seed: 5)
        var slow = fast
        SparseKernels.gather(indices, values, count: 40, rows: packed, into: &fast)
        let scaled = zip(values, indices).map { $0 * scales[Int($1)] }
        ReferenceKernels.gather(indices, scaled, rows: table, columns: columns, into: &slow)
        for (a, b) in zip(fast, slow) { #expect(abs(a - b) < 1e-2) }
    }

    @Test func `counting and weighing equal the reference`() {
        var generator = SplitMix64(seed: 17)
        let column = ConstantColumn(numbers(300, seed: 8))
        let factors = numbers(700, seed: 9)
        for size in [0, 1, 15, 16, 64, 600] {
            let rows = (0..<size).map { _ in UInt32(generator.below(300)) }
            var (places, slots) = (rows, [UInt32](repeating: 7, count: 1))
            var (distinct, occurrences) = (rows, rows)
            let count = SparseKernels.count(
                &places, first: size, &slots, of: column, distinct: &distinct, &occurrences)
            let expected = ReferenceKernels.count(rows)
            #expect(Array(distinct[..<count]) == expected.distinct)
            #expect(Array(occurrences[..<count]) == expected.occurrences)
            #expect(places.map { distinct[Int($0)] } == rows)
            var values = [Float](repeating: 0, count: count)
            let squares = SparseKernels.weigh(
                distinct, occurrences, count: count, factors: factors, column, into: &values)
            let weighed = zip(expected.distinct, expected.occurrences).map {
                factors[Int($1)] * column[Int($0)]
            }
            #expect(values == weighed)
            #expect(squares == weighed.reduce(0) { $0 + $1 * $1 })
        }
    }

    @Test(arguments: [1, 7, 8, 16, 80, 256])
    func `products of byte rows with one vector equal the reference`(columns: Int) {
        var generator = SplitMix64(seed: 13)
        let table = ConstantBuffer(
            (0..<50 * columns).map { _ in Int8(truncatingIfNeeded: generator.below(255) - 127) })
        let indices = (0..<40).map { _ in UInt32(generator.below(50)) }
        let (values, vector) = (numbers(40, seed: 4), numbers(columns, seed: 5))
        let fast = SparseKernels.dots(
            indices, values, count: 40, rows: ByteRows(table, columns: columns), with: vector)
        let slow = ReferenceKernels.dots(indices, values, rows: table, columns: columns, with: vector)
        #expect(fast.count == 40)
        for (a, b) in zip(fast, slow) { #expect(abs(a - b) < 1e-2) }
    }

    @Test func `rows of hashes equal the reference`() {
        var generator = SplitMix64(seed: 11)
        let bitmap = (0..<16).map { _ in generator.next() & generator.next() }
        var ranks: [UInt32] = [0]
        for word in bitmap.dropLast() { ranks.append((ranks.last ?? 0) + UInt32(word.nonzeroBitCount)) }
        let hashes = (0..<500).map { _ in generator.next() }
        var rows: [UInt32] = []
        let count = SparseKernels.rows(
            of: hashes, bits: 10, bitmap: ConstantBuffer(bitmap), ranks: ranks, into: &rows)
        let expected = ReferenceKernels.rows(of: hashes, bits: 10, bitmap: bitmap)
        #expect(Array(rows[..<count]) == expected)
        #expect(count > 50 && count < 450)
    }

    @Test func `probabilities equal those of the exact exponential`() {
        for (seed, size) in [1, 15, 16, 17, 77, 150].enumerated() {
            let logits = numbers(size, seed: UInt64(seed)).map { $0 * 80 }
            let fast = Softmax.probabilities(logits[...], temperature: 1.7)
            let slow = ReferenceKernels.probabilities(logits, temperature: 1.7)
            for (a, b) in zip(fast, slow) { #expect(abs(a - b) <= 1e-5 * b + 1e-12) }
        }
    }

    @Test(arguments: [1, 7, 8, 16, 77, 80])
    func `gathering and scattering floats equals the reference`(columns: Int) {
        var generator = SplitMix64(seed: 9)
        let indices = (0..<30).map { _ in UInt32(generator.below(20)) }
        let values = numbers(30, seed: 1)
        let rows = numbers(20 * columns, seed: 2)
        var fast = [Float](repeating: 0, count: columns)
        var slow = fast
        SparseKernels.gather(indices, values, count: 30, rows: rows, columns: columns, into: &fast)
        ReferenceKernels.gather(indices, values, rows: rows, columns: columns, into: &slow)
        for (a, b) in zip(fast, slow) { #expect(abs(a - b) < 1e-4) }
        var fastRows = rows
        var slowRows = rows
        let range = columns / 3..<columns
        SparseKernels.scatter(
            indices, values, count: 30, fast, range: range, into: &fastRows, columns: columns)
        ReferenceKernels.scatter(indices, values, fast, range: range, into: &slowRows, columns: columns)
        for (a, b) in zip(fastRows, slowRows) { #expect(abs(a - b) < 1e-4) }
    }

    @Test(arguments: [(1, 1, 1), (3, 5, 7), (19, 23, 37), (64, 80, 256)])
    func `dense products equal the reference`(shape: (m: Int, n: Int, k: Int)) {
        let a = numbers(shape.m * shape.k, seed: 1)
        let b = numbers(shape.k * shape.n, seed: 2)
        var fast = [Float](repeating: 0, count: shape.m * shape.n)
        var slow = fast
        DenseKernels.multiply(a, b, into: &fast, m: shape.m, n: shape.n, k: shape.k)
        ReferenceKernels.multiply(a, b, into: &slow, m: shape.m, n: shape.n, k: shape.k)
        for (x, y) in zip(fast, slow) { #expect(abs(x - y) < 1e-4) }
    }

    @Test func `BLAS passes its self-check here, with one thread and the kernel requested`() {
        #expect(BLASRuntime.isUsable)
        #expect(BLASRuntime.requestedKernel.map { $0 == BLASRuntime.kernelName } ?? true)
    }

    @Test(arguments: [1, 2, 3])
    func `long sums do not depend on the number of threads`(threads: Int) {
        let a = numbers(200_001, seed: 6)
        let b = numbers(200_001, seed: 7)
        #expect(VectorKernels.dot(a, b, Workers(threads)) == VectorKernels.dot(a, b, Workers(1)))
    }

    @Test func `probabilities survive extreme logits and sum to one`() {
        let p = Softmax.probabilities([1000, 999, -1000][...])
        #expect(abs(p.reduce(0, +) - 1) < 1e-6)
        #expect(abs(p[0] - 0.731_058_6) < 1e-5)
        #expect(p[2] == 0)
    }

    @Test func `the best few come in order and ties go to the smaller index`() {
        #expect(TopK.indices(of: [1, 3, 3, 2, .nan], count: 3) == [1, 2, 3])
        #expect(TopK.indices(of: [], count: 3) == [])
        #expect(TopK.indices(of: [5], count: 0) == [])
        #expect([1, 3, 3, 2].placeOfMaximum == 1 && [Int]().placeOfMaximum == nil)
    }

    @Test func `the generator gives its published sequence`() {
        var generator = SplitMix64(seed: 0)
        #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
        #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    }

    @Test func `a run of numbers outside its bytes is an error`() {
        let bytes = MappedBytes(copying: [UInt8](repeating: 0, count: 10))
        #expect(throws: NumericsError.self) { try ConstantBuffer<Float>(in: bytes, offset: 4, count: 2) }
        #expect(throws: NumericsError.self) { try ConstantBuffer<Float>(in: bytes, offset: 1, count: 1) }
        #expect(throws: NumericsError.self) { try ConstantBuffer<Float>(in: bytes, offset: 0, count: .max) }
    }
}
