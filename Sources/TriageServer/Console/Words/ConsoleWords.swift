internal import TriageEngine
internal import TriageStore
internal import TriageText

/// What the pages of the console show in one language.
///
/// A language is one file with one value; the compiler checks that no text is missing.
struct ConsoleWords: Sendable {
    /// ISO 639-1.
    let code: String
    /// The language's own name.
    let name: String
    let reasons: [Decision.Reason: String]
    /// A day and a time of UTC for readers without scripts.
    let moment: @Sendable (_ day: Int, _ month: Int, _ year: Int, _ time: String) -> String

    let tryPage: String
    let queue: String
    let ticket: String
    let interface: String
    let pages: String
    let mode: String
    let signIn: String
    let signOut: String
    let skip: String
    let key: String
    let keyHelp: String
    let signInFirst: String
    let wrongKey: String
    let signInThere: String
    let orWithKey: String
    let signOutThere: String
    let providerAway: String
    let signInLost: String
    let signInRefused: String
    let noRoleHere: String
    let aTicket: String
    let pasteHere: String
    let triage: String
    let orPress: String
    let samples: String
    let noText: String
    let severity: String
    let next: String
    let knownIssue: String
    let newIssue: String
    let nearest: String
    let readAndSetAside: String
    let copyJSON: String
    let showJSON: String
    let copied: String
    let pressCopy: String
    let decision: String
    let text: String
    let textGone: String
    let erasedText: String
    let filters: String
    let state: String
    let field: String
    let label: String
    let level: String
    let reason: String
    let language: String
    let order: String
    let any: String
    let show: String
    let leastSure: String
    let newest: String
    let oldest: String
    let stateOpen: String
    let stateReviewed: String
    let stateAutomatic: String
    let stateExpired: String
    let stateErased: String
    let levelAuto: String
    let levelSuggest: String
    let levelReview: String
    let emptyQueue: String
    let more: String
    let firstPage: String
    let accept: String
    let openTicket: String
    let undo: String
    let help: String
    let helpTitle: String
    let close: String
    let keyNext: String
    let keyPrevious: String
    let keyAccept: String
    let keyChoose: String
    let keyEdit: String
    let keyUndo: String
    let keyToggleHelp: String
    let saved: String
    let undone: String
    let conflict: String
    let notUndone: String
    let correct: String
    let note: String
    let save: String
    let history: String
    let nothingYet: String
    let decided: String
    let confirmed: String
    let corrected: String
    let wasUndone: String
    let by: String
    let draft: String
    let draftTitle: String
    let copy: String
    let similarTickets: String
    let alike: String
    let why: String
    let ratherThan: String
    let forIt: String
    let againstIt: String
    let modelsOwn: String
    let probability: String
    let withoutWords: String
    let currentModel: String
    let alsoLooking: String
    let newItems: String
    let unnamed: String
    let back: String
    let noPermission: String
    let requestID: String
    let away: String
    let operations: String
    let knowledge: String
    let day: String
    let days: String
    let decisions: String
    let overrideRate: String
    let knownIssueRate: String
    let perHour: String
    let perDay: String
    let table: String
    let others: String
    let size: String
    let intake: String
    let ticketWaiting: String
    let ticketLeased: String
    let ticketDone: String
    let ticketDead: String
    let article: String
    let titleOfArticle: String
    let category: String
    let answered: String
    let noArticle: String
    let search: String
    let neverMatched: String
    let allArticles: String
    let reply: String
    let symptoms: String
    let unanswered: String
    let unansweredHelp: String
    let nothingUnanswered: String
    let proposedArticle: String
    let proposedArticleHelp: String
    let editArticle: String
    let onePerLine: String
    let seeChanges: String
    let nothingChanged: String
    let effectOnTickets: String
    /// How many of the newest tickets would be decided otherwise.
    let ticketsChanged: @Sendable (_ changed: Int, _ looked: Int) -> String
    let afterwards: String
    let lookAgain: String
    let articleConflict: String
    let articleSaved: String
    let model: String
    let trainingRows: String
    let labels: String
    let nothingHeldOut: String
    let neverAutomatic: String
    let notOwnLabels: String
    let now: String
    let then: String
    let wantedPrecision: String
    let showEffect: String
    let saveThresholds: String
    let curve: String
    let automaticShare: String
    let rightShare: String
    let rightOfAutomatic: String
    let fromProbability: String
    let modelCard: String
    let registry: String
    let noRegistry: String
    let decidesNow: String
    let compare: String
    let comparedWith: String
    let comparisonNote: String
    let version: String
    let promote: String
    let rollback: String
    let inSpite: String
    let reasonForHistory: String
    let when: String
    let what: String
    let eventAdded: String
    let eventRefused: String
    let eventPromoted: String
    let eventRolledBack: String
    let eventKept: String
    let eventAlias: String
    let outcomeSaved: String
    let outcomeAdded: String
    let outcomePromoted: String
    let outcomeRolledBack: String
    let outcomeRefused: String
    let effectSentence:
        @Sendable (_ automatic: String, _ rows: Int, _ right: String, _ atLeast: String) -> String
    let fromThreshold: @Sendable (_ probability: String) -> String
    let heldOutSentence: @Sendable (_ rows: Int, _ right: String) -> String
    let outOfReachSentence: @Sendable (_ precision: String, _ rows: Int) -> String
    let objections: @Sendable (_ version: String) -> String
    let decimalPoint: String
    let access: String
    let keyOnce: String
    let noKeys: String
    let keys: String
    let owner: String
    let allows: String
    let ends: String
    let never: String
    let remark: String
    let revoke: String
    let role: String
    let roles: String
    let validFor: String
    let makeKey: String
    let sessions: String
    let since: String
    let idle: String
    let endSession: String
    let auditLog: String
    let details: String
    let keyRevoked: String
    let sessionEnded: String
    let keyValid: String
    let keyExpired: String
    let keyIsRevoked: String
    let who: String
    let outage: String
    /// How many tickets came in a time, and how many usually do.
    let burst: @Sendable (_ tickets: Int, _ minutes: Int64, _ usual: String) -> String
    let commonWords: String
    let tickets: String
    let drift: String
    let driftWait: String
    let notComputed: String
    let driftTooFew: @Sendable (_ found: Int, _ minimum: Int) -> String
    let driftCompared: @Sendable (_ tickets: Int, _ reference: Int) -> String
    let driftCourse: String
    let ticketsOldestFirst: String
    let sharePart: String
    let unseenText: String
    let unseenBefore: String
    let unsureAnswers: String
    let until: String
    let noDrift: String
    let driftAdvice: String
    let sinceWhen: String
    let shareBefore: String
    let newWords: String
    let changedShares: String
    let moreOfWord: @Sendable (_ word: String) -> String
    let moreOfLabel: @Sendable (_ field: String, _ label: String) -> String
    let lessSure: @Sendable (_ field: String) -> String
    let moreOutOfScope: String
    let moreUnseen: String
    let latency: String
    let noLatency: String
    let sinceStart: String
    let step: String
    let stepDeciding: String
    let stepStoring: String
    let stepLanguageModel: String
    let stepRequests: String
    let countOf: String
    let median: String
    let upTo: String
    let buckets: @Sendable (_ step: String, _ first: String, _ last: String) -> String
    let longer: String
    let budget: String
    let noLanguageModel: String
    let noBudget: String
    let budgetCaption: String
    let thisDay: String
    let thisMonth: String
    let time: String
    let spent: String
    let limit: String
    let left: String
    let callsSinceStart: @Sendable (_ calls: Int, _ cost: String) -> String
    let backToModel: String
    let labelAudit: String
    let auditWait: String
    let auditTooFew: @Sendable (_ labelled: Int, _ minimum: Int) -> String
    let auditHelp: String
    let auditWeak: String
    let auditNone: @Sendable (_ labelled: Int) -> String
    let byOtherLabels:
        @Sendable (_ suggested: String, _ its: String, _ label: String, _ own: String) -> String
    let keepLabel: String
    let otherLabel: String
    let wordsFor: String
    let keyKeep: String
    let learningCurve: String
    let noLearningCurve: String
    let learningCaption: @Sendable (_ rows: Int) -> String
    let interval: String
    let lastDoubling: @Sendable (_ rows: Int, _ half: String, _ whole: String) -> String
    let setAsideQuoted: String
    let setAsideSignature: String
    let setAsideBoilerplate: String
    let setAsideCut: String
}

extension ConsoleWords {
    /// Every language; the first one is for readers of another.
    static let all = [english, german]

    /// The language of a code; nil when there is none.
    static func named(_ code: some StringProtocol) -> ConsoleWords? { all.first { $0.code == code } }

    /// The language that a browser prefers (RFC 9110, 12.5.4).
    static func preferred(_ field: String?) -> ConsoleWords {
        let wishes = (field ?? "").split(separator: ",").enumerated().map { place, part in
            let parts = part.split(separator: ";").map { $0.filter { $0 != " " } }
            let quality = parts.dropFirst().first.flatMap { Double($0.drop { $0 != "=" }.dropFirst()) } ?? 1
            return (
                code: parts.first?.prefix { $0 != "-" }.lowercased() ?? "", quality: quality, place: place
            )
        }
        let best = wishes.filter { $0.quality > 0 && named($0.code) != nil }
            .max { ($0.quality, -$0.place) < ($1.quality, -$1.place) }
        return best.flatMap { named($0.code) } ?? all[0]
    }

    func reason(_ reason: Decision.Reason) -> String { reasons[reason] ?? reason.sentence }

    func level(_ level: Decision.Level) -> String {
        switch level {
        case .auto: levelAuto
        case .suggest: levelSuggest
        case .review: levelReview
        }
    }

    func ticketState(_ state: TicketState) -> String {
        switch state {
        case .waiting: ticketWaiting
        case .leased: ticketLeased
        case .done: ticketDone
        case .dead: ticketDead
        }
    }

    func setAside(_ kind: SetAsideKind) -> String {
        switch kind {
        case .quoted: setAsideQuoted
        case .signature: setAsideSignature
        case .boilerplate: setAsideBoilerplate
        case .cut: setAsideCut
        }
    }
}
