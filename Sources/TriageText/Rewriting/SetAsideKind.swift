/// What a part of a ticket is that neither the model nor the search reads.
public enum SetAsideKind: String, Sendable, CaseIterable {
    /// A quoted reply, with its header.
    case quoted
    /// A signature with a name and several of title, company, telephone number and address.
    case signature
    /// A disclaimer, a banner, or an advertisement of a mail program.
    case boilerplate
    /// What lies behind the size limit.
    case cut

    /// What people call it.
    package var name: String {
        switch self {
        case .quoted: "quoted reply"
        case .signature, .boilerplate: rawValue
        case .cut: "text behind the size limit"
        }
    }
}
