internal import TriageData
package import TriageNumerics

/// A file of named tensors (huggingface.co/docs/safetensors): an 8-byte header length, a JSON header, the data.
///
/// Reading is a pure function of bytes; every offset is checked against the shape and the file before use.
package struct SafeTensors: Sendable {
    private struct Entry: Sendable {
        var type: String
        var shape: [Int]
        var range: Range<Int>
    }

    private let bytes: MappedBytes
    private let entries: [String: Entry]

    /// Reads the header of `bytes`.
    ///
    /// - Throws: `ModelError.damaged` when the header is not one, or a tensor lies outside the file.
    package init(_ bytes: MappedBytes) throws(ModelError) {
        let length =
            bytes.count >= 8 ? bytes.withBytes { $0.loadUnaligned(as: UInt64.self).littleEndian } : .max
        guard length <= 100 << 20, Int(length) <= bytes.count - 8 else {
            throw .damaged(part: "safetensors header length")
        }
        let start = 8 + Int(length)
        guard case .object(let members)? = bytes.withBytes({ JSONValue(parsing: $0[8..<start]) }) else {
            throw .damaged(part: "safetensors header")
        }
        var entries: [String: Entry] = [:]
        for (name, value) in members where name != "__metadata__" {
            guard let entry = SafeTensors.entry(value, dataStart: start, fileSize: bytes.count) else {
                throw .damaged(part: "tensor \(name)")
            }
            entries[name] = entry
        }
        guard SafeTensors.tile(start..<bytes.count, entries.values.map(\.range)) else {
            throw .damaged(part: "tensors that overlap, leave holes, or end before the file does")
        }
        self.bytes = bytes
        self.entries = entries
    }

    /// Whether the ranges follow each other through the whole, as the format demands.
    private static func tile(_ whole: Range<Int>, _ ranges: [Range<Int>]) -> Bool {
        var position = whole.lowerBound
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            guard range.lowerBound == position else { return false }
            position = range.upperBound
        }
        return position == whole.upperBound
    }

    private static func entry(_ value: JSONValue, dataStart: Int, fileSize: Int) -> Entry? {
        guard let type = value["dtype"]?.text, let size = widths[type],
            let shape = integers(value["shape"]), let offsets = integers(value["data_offsets"]),
            offsets.count == 2,
            offsets[0] <= offsets[1], offsets[1] <= fileSize - dataStart
        else { return nil }
        var expected = size
        for extent in shape {
            let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            expected = product
        }
        guard expected == offsets[1] - offsets[0] else { return nil }
        return Entry(type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    private static func integers(_ value: JSONValue?) -> [Int]? {
        guard let elements = value?.elements else { return nil }
        var result: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else { return nil }
            result.append(Int(number))
        }
        return result
    }

    private static let widths = ["F32": 4, "I32": 4, "I8": 1, "U8": 1, "U64": 8]

    // MARK: - Tensors

    /// Whether there is a tensor of that name.
    package func contains(_ name: String) -> Bool { entries[name] != nil }

    package func shape(of name: String) throws(ModelError) -> [Int] { try entry(name).shape }

    /// The elements of a tensor of the given type and shape, row-major, where they lie.
    package func buffer<Element: TensorElement>(
        _ name: String, of type: Element.Type, shape: [Int]
    ) throws(ModelError) -> ConstantBuffer<Element> {
        let entry = try entry(name)
        guard entry.type == Element.tensorType, entry.shape == shape else {
            throw .shapeMismatch(
                tensor: name, expected: "\(Element.tensorType) \(shape)",
                found: "\(entry.type) \(entry.shape)")
        }
        do {
            return try ConstantBuffer(in: bytes, offset: entry.range.lowerBound, count: shape.reduce(1, *))
        } catch {
            throw .damaged(part: "tensor \(name)")
        }
    }

    /// The elements of an F32 tensor, none so large that sums and products of them could overflow.
    func numbers(_ name: String, shape: [Int]) throws(ModelError) -> ConstantBuffer<Float> {
        let numbers = try buffer(name, of: Float.self, shape: shape)
        for index in 0..<numbers.count where !(abs(numbers[index]) <= SafeTensors.maximumMagnitude) {
            throw .damaged(part: "tensor \(name), number \(index + 1)")
        }
        return numbers
    }

    private static let maximumMagnitude: Float = 1e9

    /// The elements of an I32 tensor of shape [n, 2].
    func pairs(_ name: String) throws(ModelError) -> [Int32] {
        let shape = try shape(of: name)
        guard shape.count == 2, shape[1] == 2 else { throw .damaged(part: "tensor \(name)") }
        return try buffer(name, of: Int32.self, shape: shape).array
    }

    private func entry(_ name: String) throws(ModelError) -> Entry {
        guard let entry = entries[name] else { throw .missingTensor(name) }
        return entry
    }
}

/// A number type that safetensors has a name for.
package protocol TensorElement: BitwiseCopyable, Sendable {
    /// The name in the header.
    static var tensorType: String { get }
}

extension Float: TensorElement {
    /// 32-bit IEEE.
    package static var tensorType: String { "F32" }
}
extension Int32: TensorElement {
    /// 32-bit two's complement.
    package static var tensorType: String { "I32" }
}
extension Int8: TensorElement {
    /// 8-bit two's complement.
    package static var tensorType: String { "I8" }
}
extension UInt8: TensorElement {
    /// 8-bit unsigned.
    package static var tensorType: String { "U8" }
}
extension UInt64: TensorElement {
    /// 64-bit unsigned.
    package static var tensorType: String { "U64" }
}

/// Gathers tensors and spells them as one safetensors file.
package struct SafeTensorsWriter {
    private var tensors: [(name: String, type: String, width: Int, shape: [Int], bytes: [UInt8])] = []

    package init() {}

    /// Adds a tensor; `elements` are row-major.
    package mutating func add<Element: TensorElement>(_ name: String, _ elements: [Element], shape: [Int]) {
        precondition(shape.reduce(1, *) == elements.count, "\(name): \(elements.count) elements for \(shape)")
        let width = MemoryLayout<Element>.size
        tensors.append((name, Element.tensorType, width, shape, elements.withUnsafeBytes { [UInt8]($0) }))
    }

    /// The file: wider types first, then by name, so that each tensor is aligned without holes.
    package func bytes() -> [UInt8] {
        let ordered = tensors.sorted { ($1.width, $0.name) < ($0.width, $1.name) }
        var header = JSONWriter()
        var offset = 0
        header.object { header in
            for tensor in ordered {
                header.key(named: tensor.name)
                header.object { entry in
                    entry.string("dtype", tensor.type)
                    entry.array("shape", tensor.shape) { $0.integer($1) }
                    entry.array("data_offsets", [offset, offset + tensor.bytes.count]) { $0.integer($1) }
                }
                offset += tensor.bytes.count
            }
        }
        var text = header.bytes
        while (8 + text.count) % 64 != 0 { text.append(0x20) }
        var file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { [UInt8]($0) }
        file.append(contentsOf: text)
        for tensor in ordered { file.append(contentsOf: tensor.bytes) }
        return file
    }
}
