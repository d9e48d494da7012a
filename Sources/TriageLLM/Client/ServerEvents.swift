/// Takes a stream of server-sent events apart (WHATWG HTML, 9.2), as far as chats use them: the data of each event.
struct ServerEvents {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var endedWithCR = false

    /// The data of the events that `bytes` complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            if byte == 0x0A, endedWithCR {
                endedWithCR = false
                continue
            }
            endedWithCR = byte == 0x0D
            if byte == 0x0A || byte == 0x0D {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
            }
        }
        return events
    }

    /// Some servers close without the last empty line.
    mutating func finish() -> [UInt8]? {
        if !line.isEmpty { _ = endLine() }
        return endEvent()
    }

    private mutating func endLine() -> [UInt8]? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return endEvent() }
        let name = Array("data:".utf8)
        guard line.starts(with: name) else { return nil }
        var value = line[name.count...]
        if value.first == 0x20 { value = value.dropFirst() }
        if hasData { data.append(0x0A) }
        data.append(contentsOf: value)
        hasData = true
        return nil
    }

    private mutating func endEvent() -> [UInt8]? {
        guard hasData else { return nil }
        defer { (data, hasData) = ([], false) }
        return data
    }
}
