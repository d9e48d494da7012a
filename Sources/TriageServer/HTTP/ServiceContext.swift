internal import Hummingbird
internal import NIOCore
internal import TriageData

/// What is known of one request while it is answered.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The caller's address; nil when the socket does not tell.
    let address: SocketAddress?
    /// Who calls, once a key was seen; nil where keys are off.
    var caller: Caller? { didSet { callerBox.keyID = caller?.keyID } }
    /// The same for who observes the request from outside.
    let callerBox = CallerBox()
    /// Why nobody is known to call, where keys are on.
    var credentialFault: CredentialError?
    /// The id that logs, errors and the answer's `X-Request-Id` carry.
    var requestID = ""

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress
    }

    /// The path's `{id}`, its percent-encoding undone.
    func identifier() throws -> String {
        let text = try parameters.require("id")
        return Hexadecimal.percentDecoded(text) ?? text
    }
}
