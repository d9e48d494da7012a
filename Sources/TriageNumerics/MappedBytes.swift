import Glibc
internal import SystemPackage

/// Read-only bytes that live as long as this object: a mapped file or an owned copy.
///
/// The bytes never change after `init`, which is what makes sharing them between threads sound.
package final class MappedBytes: Sendable {
    nonisolated(unsafe) let pointer: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// A private, 64-byte aligned copy of `bytes`.
    package convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// Private bytes, 64-byte aligned, zero where `fill` writes nothing.
    init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
        pointer = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count])
        isMapped = false
    }

    /// The file at `path`, mapped: pages are read when they are touched.
    ///
    /// A later write to the file changes the bytes, and a file cut short ends the process when it touches a lost page; a
    /// file that replaces it does neither. With `copying` the bytes are read into private memory at once, and later
    /// changes of the file have no effect.
    ///
    /// - Throws: `NumericsError.cannotMap` with the system's reason, `notAFile` for a folder, a pipe or a device.
    package init(file path: String, copying: Bool = false) throws(NumericsError) {
        // Without waiting: to open a pipe without a writer would never end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotMap(path: path, errno: Errno(rawValue: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotMap(path: path, errno: Errno(rawValue: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        let size = Int(status.st_size)
        guard size > 0, !copying else {
            pointer = try MappedBytes.read(descriptor, size: size, path: path)
            isMapped = false
            return
        }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .cannotMap(path: path, errno: Errno(rawValue: errno))
        }
        pointer = UnsafeRawBufferPointer(start: start, count: size)
        isMapped = true
    }

    /// The first `size` bytes of an open file, or all there are, 64-byte aligned.
    private static func read(
        _ descriptor: Int32, size: Int, path: String
    ) throws(NumericsError) -> UnsafeRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(size, 1), alignment: 64)
        var filled = 0
        while filled < size {
            let count = pread(descriptor, copy.baseAddress.map { $0 + filled }, size - filled, off_t(filled))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let code = Errno(rawValue: errno)
                copy.deallocate()
                throw .cannotMap(path: path, errno: code)
            }
            if count == 0 { break }
            filled += count
        }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(copy)[..<filled])
    }

    deinit {
        guard let start = pointer.baseAddress else { return }
        let mutable = UnsafeMutableRawPointer(mutating: start)
        if isMapped { munmap(mutable, pointer.count) } else { mutable.deallocate() }
    }

    package var count: Int { pointer.count }

    /// Reads the bytes in place; the pointer must not leave `body`.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(pointer)
    }
}

/// A read-only run of numbers inside a `MappedBytes`, little-endian as on disk.
public struct ConstantBuffer<Element: BitwiseCopyable & Sendable>: Sendable {
    let owner: MappedBytes
    // Inlinable and public, although no program outside needs it: the compiler specialises generic code of another module only
    // then, and an unspecialised call for each element costs more than all else in scoring.
    @usableFromInline nonisolated(unsafe) let buffer: UnsafeBufferPointer<Element>

    /// The `count` numbers that begin at byte `offset`.
    ///
    /// - Throws: `NumericsError.outOfBounds` when they do not all lie inside `owner` or are not aligned.
    package init(in owner: MappedBytes, offset: Int, count: Int) throws(NumericsError) {
        let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, count >= 0, offset >= 0, offset <= owner.count, size <= owner.count - offset else {
            throw .outOfBounds(offset: offset, count: count, available: owner.count)
        }
        self.owner = owner
        guard count > 0, let start = owner.pointer.baseAddress else {
            buffer = UnsafeBufferPointer(start: nil, count: 0)
            return
        }
        guard (Int(bitPattern: start) + offset) % MemoryLayout<Element>.alignment == 0 else {
            throw .outOfBounds(offset: offset, count: count, available: owner.count)
        }
        let typed = (start + offset).assumingMemoryBound(to: Element.self)
        buffer = UnsafeBufferPointer(start: typed, count: count)
    }

    /// An owned copy of `elements`.
    package init(_ elements: [Element]) {
        let copy = elements.withUnsafeBytes { MappedBytes(copying: [UInt8]($0)) }
        owner = copy
        buffer = UnsafeBufferPointer(
            start: copy.pointer.baseAddress?.assumingMemoryBound(to: Element.self), count: elements.count)
    }

    /// The number of elements.
    @inlinable public var count: Int { buffer.count }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { buffer.isEmpty }

    /// The element at `index`, checked in every build: files decide these numbers.
    @inlinable public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < buffer.count, "index \(index) outside 0..<\(buffer.count)")
        return buffer[index]
    }

    /// Replaces the content of `array` by a copy.
    @inlinable public func copy(to array: inout [Element]) {
        array.removeAll(keepingCapacity: true)
        array.append(contentsOf: buffer)
    }

    /// A copy as an array.
    @inlinable public var array: [Element] { Array(buffer) }
}

extension ConstantBuffer<UInt8> {
    /// Bytes in place: they must not be used once the file's owner is gone.
    package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) outside 0..<\(count)")
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range])
    }
}
