internal import Synchronization
internal import SystemPackage
internal import TriageData

/// What a budget counts over.
package enum BudgetWindow: String, Sendable, CaseIterable {
    /// One day, UTC.
    case daily
    /// One month, UTC.
    case monthly
}

/// What may be spent, in the price table's currency.
package struct BudgetOptions: Sendable, Equatable {
    /// A day; nil for no limit.
    package var daily: Double?
    /// A month; nil for no limit.
    package var monthly: Double?
    /// Where spending is written down, so that a restart does not forget it; nil keeps it in memory.
    package var file: String?

    package init(daily: Double? = nil, monthly: Double? = nil, file: String? = nil) {
        self.daily = daily
        self.monthly = monthly
        self.file = file
    }

    var isLimited: Bool { daily != nil || monthly != nil }
}

/// Adds up what calls cost, and refuses calls once a budget is used up.
///
/// A call is let through as long as something is left, and beside others when its worst case still fits, or later: so
/// spending ends within one call of the limit, also with many at once. Several processes may share the file; each change
/// is made under a lock on a file beside it.
actor BudgetTracker {
    /// Money set aside for a call under way.
    struct Reservation: Sendable {
        var amount: Double
    }

    private struct Spending: Equatable {
        var day: String
        var month: String
        var daily = 0.0
        var monthly = 0.0
    }

    private let options: BudgetOptions
    private let now: @Sendable () -> Int
    private var spending = Spending(day: "", month: "")
    private var reserved = 0.0
    /// A window that was found used up, and how long that is believed.
    private nonisolated let spent = Mutex<(window: BudgetWindow, until: ContinuousClock.Instant)?>(nil)

    /// A tracker that continues from its file; `now` gives seconds since 1970.
    init(_ options: BudgetOptions, now: @escaping @Sendable () -> Int = { Timestamp.now.seconds }) {
        self.options = options
        self.now = now
    }

    /// Checks that spending can be read and written; creates nothing.
    ///
    /// - Throws: `.badSetting` or `.data` with the reason: every call would be refused.
    static func check(_ options: BudgetOptions) throws(LLMError) {
        guard options.isLimited, let file = options.file else { return }
        if FileInput.exists(file) { _ = try read(file) }
        do { try AtomicOutput.checkFolder(of: file) } catch {
            throw .badSetting(name: "llm.budget-file", problem: error.description)
        }
    }

    /// The window that was found used up within the last second; costs no look at the file.
    nonisolated var spentWindow: BudgetWindow? {
        spent.withLock { $0.flatMap { $0.until > .now ? $0.window : nil } }
    }

    /// Sets aside the most that a call may cost; near the limit, calls wait for those under way, up to `end`.
    ///
    /// - Throws: `.overBudget`, `.cancelled`, or `.data` and `.badSetting` when the file cannot be used: with unknown
    ///   spending no call is made.
    func reserve(_ amount: Double, until end: ContinuousClock.Instant = .now) async throws(LLMError)
        -> Reservation
    {
        guard options.isLimited else { return Reservation(amount: 0) }
        while true {
            try locked { () throws(LLMError) in try refresh() }
            let remainders = remainders()
            if let used = remainders.first(where: { $0.1 <= 0 }) {
                spent.withLock { $0 = (used.0, .now + .seconds(1)) }
                throw .overBudget(window: used.0)
            }
            // A call alone needs only something left; beside others its worst case must fit.
            let short = remainders.first { reserved > 0 && amount > $0.1 - reserved }
            guard let short else { break }
            guard ContinuousClock.now < end else { throw .overBudget(window: short.0) }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { throw LLMError.cancelled }
        }
        // Written before anything is spent: a file that cannot be written must not be found out afterwards.
        try locked { () throws(LLMError) in
            try refresh()
            try save()
        }
        reserved += amount
        return Reservation(amount: amount)
    }

    /// Writes down what the call did cost, and frees what was set aside.
    func settle(_ reservation: Reservation, cost: Double) throws(LLMError) {
        guard options.isLimited else { return }
        reserved = max(0, reserved - reservation.amount)
        if reserved < 1e-12 { reserved = 0 }
        guard cost > 0 else { return }
        try locked { () throws(LLMError) in
            try refresh()
            spending.daily += cost
            spending.monthly += cost
            try save()
        }
    }

    /// What is left by window; only windows with a limit.
    func remaining() -> [BudgetWindow: Double] {
        guard options.isLimited else { return [:] }
        try? locked { () throws(LLMError) in try refresh() }
        return Dictionary(uniqueKeysWithValues: remainders().map { ($0, max(0, $1)) })
    }

    private func remainders() -> [(BudgetWindow, Double)] {
        var found: [(BudgetWindow, Double)] = []
        if let daily = options.daily { found.append((.daily, daily - spending.daily)) }
        if let monthly = options.monthly { found.append((.monthly, monthly - spending.monthly)) }
        return found
    }

    // MARK: - The file

    /// Takes over the file's amounts, and begins new windows.
    private func refresh() throws(LLMError) {
        if let file = options.file, FileInput.exists(file) { spending = try BudgetTracker.read(file) }
        let (day, month) = BudgetTracker.windows(at: now())
        if spending.day != day { (spending.day, spending.daily) = (day, 0) }
        if spending.month != month { (spending.month, spending.monthly) = (month, 0) }
    }

    private static func read(_ path: String) throws(LLMError) -> Spending {
        guard let value = JSONValue(parsing: try contents(of: path)), let day = value["day"]?.text,
            let month = value["month"]?.text, let daily = value["daily"]?.double,
            let monthly = value["monthly"]?.double, daily >= 0, monthly >= 0
        else {
            throw .badSetting(
                name: path,
                problem: "not a record of spending; correct it, or delete it to begin at 0")
        }
        return Spending(day: day, month: month, daily: daily, monthly: monthly)
    }

    private func save() throws(LLMError) {
        guard let file = options.file else { return }
        var json = JSONWriter()
        json.object { json in
            json.string("day", spending.day)
            json.string("month", spending.month)
            json.number("daily", spending.daily)
            json.number("monthly", spending.monthly)
        }
        json.newline()
        do { try AtomicOutput.write(json.bytes, to: file) } catch { throw .data(error) }
    }

    /// Runs `body` while no other process reads or writes the file.
    private func locked(_ body: () throws(LLMError) -> Void) throws(LLMError) {
        guard let file = options.file else { return try body() }
        let path = "\(file).lock"
        let lock: OpenFile
        do { lock = try OpenFile(path, .readWrite, options: .create, permissions: .ownerReadWrite) } catch {
            throw .data(.unwritable(path, errno: error))
        }
        defer { lock.close() }
        do { try lock.lock(waits: true) } catch { throw .data(.unwritable(path, errno: error)) }
        try body()
    }

    /// The UTC day and month, as `2026-11-25` and `2026-11`.
    static func windows(at seconds: Int) -> (day: String, month: String) {
        let text = Timestamp(milliseconds: Int64(seconds) * 1000).text
        return (String(text.prefix(10)), String(text.prefix(7)))
    }
}
