import Foundation

/// Users of this machine.
enum Account {
    /// The name of this machine's account, else the user's number.
    ///
    /// Foundation and `getpwuid` would ask a name service, and open a socket.
    static func name(of user: uid_t) -> String {
        let accounts = (try? String(contentsOfFile: "/etc/passwd", encoding: .utf8)) ?? ""
        let fields = accounts.split(separator: "\n").lazy.map { $0.split(separator: ":", maxSplits: 3) }
        let account = fields.first { $0.count > 2 && $0[2] == "\(user)" }
        return account.map { String($0[0]) } ?? "user \(user)"
    }
}
