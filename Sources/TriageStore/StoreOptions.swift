/// How a store behaves; each has a default that suits one machine.
package struct StoreOptions: Sendable, Equatable {
    /// Days for which masked text is kept: 0 keeps none at all, nil keeps it for ever.
    package var retentionDays: Int? = 30
    package var queue = QueueOptions()
    /// How writes are put together.
    package var commits = CommitOptions()
    /// Seconds that a connection waits for a lock of another process.
    package var busyTimeout = 5.0
    /// Bytes up to which a writer has SQLite check each page of the database whenever it opens it; beyond, only when the
    /// last writer did not close it.
    ///
    /// The check reads the whole file: `PRAGMA quick_check` of SQLite 3.40 took 0.9 s over 530 MB that lay in memory, which
    /// is 100,000 decisions with their text.
    package var checkedBytes = 512 << 20
    /// Connections that read at the same time.
    package var readers = 4

    package init() {}
}

/// The limits of the queue.
package struct QueueOptions: Sendable, Equatable {
    /// Tickets that may wait or be worked on at the same time.
    package var capacity = 10_000
    /// Seconds for which a leased ticket is hidden from others.
    package var lease = 60.0
    /// Deliveries after which a ticket that still fails is dead.
    package var attempts = 5
    /// Seconds before the first retry; doubled for each further one.
    package var backoff = 1.0
    /// Seconds that no retry waits longer than.
    package var maximumBackoff = 300.0
    /// Seeds the jitter of retries; nil for one of the process's own.
    package var seed: UInt64?

    package init() {}
}

/// How writes of many callers are put together into transactions.
package struct CommitOptions: Sendable, Equatable {
    /// Milliseconds for which the first write of a group waits for others.
    ///
    /// 0 waits for none: what comes in while the disk is busy is a group anyway.
    package var linger = 0
    /// Rows of a group at most.
    package var maximumRows = 512
    /// Rows that may wait; further ones are refused with `StoreError.busy`.
    package var maximumWaitingRows = 8_192

    package init() {}
}
