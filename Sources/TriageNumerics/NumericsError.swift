package import SystemPackage

/// Numbers that could not be reached.
package enum NumericsError: Error, Equatable {
    /// The file could not be opened or mapped; `errno` is the system's error number.
    case cannotMap(path: String, errno: Errno)
    /// A folder, a pipe or a device where a file was expected.
    case notAFile(path: String)
    /// The run of numbers does not lie, aligned, inside the bytes there are.
    case outOfBounds(offset: Int, count: Int, available: Int)
}

extension NumericsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotMap(let path, let code):
            "cannot read \(path): \(code)"
        case .notAFile(let path):
            "cannot read \(path): it is not a regular file"
        case .outOfBounds(let offset, let count, let available):
            "\(count) numbers at byte \(offset) do not fit in \(available) bytes: the file is damaged, restore it"
        }
    }
}
