import Testing
import TriageNumerics

@testable import TriageModel

struct SafeTensorsTests {
    /// A file of a header and so many bytes of data.
    private static func file(_ header: String, data: Int) -> [UInt8] {
        let text = Array(header.utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { [UInt8]($0) } + text
            + [UInt8](repeating: 0, count: data)
    }

    private static func tensor(_ shape: String, _ offsets: String, type: String = "F32") -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    @Test func `tensors of each type are read back as they were written`() throws {
        var writer = SafeTensorsWriter()
        writer.add("bytes", [Int8(-128), 0, 127], shape: [3])
        writer.add("floats", [Float(1.5), -0.25, 3, 4, 5, 6], shape: [2, 3])
        writer.add("integers", [Int32.min, Int32.max], shape: [1, 2])
        writer.add("words", [UInt64.max], shape: [1])
        writer.add("none", [Float](), shape: [0, 8])
        let tensors = try SafeTensors(MappedBytes(copying: writer.bytes()))
        #expect(try tensors.buffer("bytes", of: Int8.self, shape: [3]).array == [-128, 0, 127])
        #expect(try tensors.numbers("floats", shape: [2, 3]).array == [1.5, -0.25, 3, 4, 5, 6])
        #expect(try tensors.pairs("integers") == [.min, .max])
        #expect(try tensors.buffer("words", of: UInt64.self, shape: [1]).array == [.max])
        #expect(try tensors.buffer("none", of: Float.self, shape: [0, 8]).isEmpty)
        #expect(try tensors.shape(of: "floats") == [2, 3] && !tensors.contains("other"))
    }

    @Test func `a tensor is given only by its own type and shape`() throws {
        var writer = SafeTensorsWriter()
        writer.add("a", [Float(1), 2], shape: [2])
        let tensors = try SafeTensors(MappedBytes(copying: writer.bytes()))
        #expect(throws: ModelError.missingTensor("b")) { try tensors.shape(of: "b") }
        let wrongType = ModelError.shapeMismatch(tensor: "a", expected: "I32 [2]", found: "F32 [2]")
        #expect(throws: wrongType) { try tensors.buffer("a", of: Int32.self, shape: [2]) }
        let wrongShape = ModelError.shapeMismatch(tensor: "a", expected: "F32 [1, 2]", found: "F32 [2]")
        #expect(throws: wrongShape) { try tensors.numbers("a", shape: [1, 2]) }
        #expect(throws: ModelError.damaged(part: "tensor a")) { try tensors.pairs("a") }
    }

    @Test(
        arguments: [
            ("three bytes", [1, 2, 3], "safetensors header length"),
            (
                "a header longer than the file", [200] + [UInt8](repeating: 0, count: 20),
                "safetensors header length"
            ),
            ("a length beyond any memory", [UInt8](repeating: 255, count: 16), "safetensors header length"),
            ("a header that is a list", file("[]", data: 0), "safetensors header"),
            ("a header cut short", file("{\"a\":", data: 0), "safetensors header"),
            ("an unknown type", file(#"{"a":\#(tensor("[2]", "[0,4]", type: "F16"))}"#, data: 4), "tensor a"),
            ("a negative extent", file(#"{"a":\#(tensor("[-1]", "[0,4]"))}"#, data: 4), "tensor a"),
            ("a shape that is too small", file(#"{"a":\#(tensor("[1]", "[0,8]"))}"#, data: 8), "tensor a"),
            (
                "a shape whose product overflows",
                file(#"{"a":\#(tensor("[4294967296,4294967296]", "[0,0]"))}"#, data: 0), "tensor a"
            ),
            ("an end before the start", file(#"{"a":\#(tensor("[0]", "[4,0]"))}"#, data: 4), "tensor a"),
            ("an end behind the file", file(#"{"a":\#(tensor("[2]", "[0,8]"))}"#, data: 4), "tensor a"),
            ("one offset", file(#"{"a":\#(tensor("[0]", "[0]"))}"#, data: 0), "tensor a"),
            (
                "tensors that overlap",
                file(#"{"a":\#(tensor("[2]", "[0,8]")),"b":\#(tensor("[1]", "[4,8]"))}"#, data: 8),
                "tensors that overlap, leave holes, or end before the file does"
            ),
            (
                "a hole", file(#"{"a":\#(tensor("[1]", "[4,8]"))}"#, data: 8),
                "tensors that overlap, leave holes, or end before the file does"
            ),
            (
                "bytes at the end", file(#"{"a":\#(tensor("[1]", "[0,4]"))}"#, data: 5),
                "tensors that overlap, leave holes, or end before the file does"
            ),
        ] as [(String, [UInt8], String)])
    func `a file that contradicts itself is refused with the part`(
        name: String, bytes: [UInt8], part: String
    ) {
        #expect(throws: ModelError.damaged(part: part)) { try SafeTensors(MappedBytes(copying: bytes)) }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1.1e9, -2e9])
    func `numbers that could overflow a sum are refused with their place`(number: Float) throws {
        var writer = SafeTensorsWriter()
        writer.add("a", [1e9, number], shape: [2])
        let tensors = try SafeTensors(MappedBytes(copying: writer.bytes()))
        #expect(throws: ModelError.damaged(part: "tensor a, number 2")) {
            try tensors.numbers("a", shape: [2])
        }
    }
}
