@preconcurrency import Glibc
import SystemPackage
import TriageData

/// Lines out, to a file that appears when it is whole or to standard output, each as soon as it is there.
final class LineOutput {
    private let path: String?
    private let place: OutputPlace?
    private let file: OpenFile
    private var signals: StopSignals?

    /// Opens `path`; nil and "-" are standard output.
    ///
    /// - Throws: `DataError.unwritable` also when it is the file that `input` reads, which would be lost.
    init(path: String?, reading input: String? = nil) throws(DataError) {
        self.path = path == "-" ? nil : path
        try LineOutput.refuse(self.path, as: input.map { [$0] } ?? [])
        guard let path = self.path else {
            (place, file) = (nil, .standardOutput)
            signal(SIGPIPE, SIG_IGN)
            return
        }
        let place = try OutputPlace(path)
        if place.temporary != nil {
            signals = StopSignals { number in
                place.discard()
                signal(number, SIG_DFL)
                raise(number)
                _exit(128 + number)
            }
        }
        file = try place.open()
        self.place = place
    }

    /// Refuses an output that is one of the inputs, which would be lost; nil is standard output.
    static func refuse(_ output: String?, as inputs: [String]) throws(DataError) {
        for input in inputs where FileInput.isSameFile(input, asOutput: output) {
            throw .unwritable(
                path: output ?? "standard output", reason: "it is the input too",
                remedy: "name another file")
        }
    }

    /// Refuses outputs that are one of the inputs, or one file twice: one of them would be lost.
    ///
    /// `output` nil is standard output; of the others, nil is one that was not given.
    static func refuse(_ output: String?, _ others: [String?], as inputs: [String]) throws(DataError) {
        let given = others.compactMap(\.self)
        try refuse(output, as: inputs)
        for other in given { try refuse(other, as: inputs) }
        let files = [output].compactMap { $0 == "-" ? nil : $0 } + given
        for (place, file) in files.enumerated()
        where files[..<place].contains(where: { FileInput.isSamePlace($0, file) }) {
            throw .unwritable(path: file, reason: "it is another output too", remedy: "name another file")
        }
    }

    /// Writes all bytes.
    ///
    /// A reader that went away ends the program quietly, as `head` expects.
    func write(_ bytes: [UInt8]) throws(DataError) {
        do { try file.write(bytes) } catch {
            if error == .brokenPipe, path == nil { exit(0) }
            throw path.map { .unwritable($0, errno: error) } ?? .outputFailed(reason: error.description)
        }
    }

    /// Puts the file in its place.
    func finish() throws(DataError) {
        guard let place else { return }
        try place.publish(file)
        file.close()
        signals?.cancel()
    }

    /// Takes an unfinished file away.
    func abandon() {
        guard let place else { return }
        file.close()
        place.discard()
    }
}
