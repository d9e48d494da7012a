import Testing
import TriageNumerics

struct ByteVectorsTests {
    @Test(arguments: [1, 31, 256, 512]) func `products are those of plain loops`(width: Int) {
        var random = SplitMix64(seed: UInt64(width))
        func vector() -> [Int8] { (0..<width).map { _ in Int8(random.below(255) - 127) } }
        let rows = (0..<9).map { _ in vector() } + [[Int8](repeating: -128, count: width)]
        let query = [Int8](repeating: -128, count: width)
        let table = ByteVectors(rows, width: width)
        for other in [vector(), query] {
            let plain = rows.map { ReferenceKernels.product($0, other) }
            #expect(table.products(other) == plain)
            #expect(rows.indices.map { table.product(row: $0, other) } == plain)
        }
    }

    @Test func `a row of another length is zeros, and no rows have no products`() {
        #expect(ByteVectors([[1, 2], [3]], width: 2).products([5, 7]) == [19, 0])
        #expect(ByteVectors([], width: 4).products([1, 2, 3, 4]).isEmpty)
        #expect(ByteVectors([[]], width: 0).products([]).isEmpty)
    }
}
