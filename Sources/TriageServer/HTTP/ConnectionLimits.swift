/// What one connection may take of memory and time, and how many there may be.
package struct ConnectionLimits: Sendable, Equatable {
    /// Bytes of a request's head: of all its fields together, and of each.
    package var headerBytes = 16 << 10
    /// Fields of a request's head.
    package var headerCount = 100
    /// The time in which the first request's head must be there.
    package var headerTime = Duration.seconds(10)
    /// The time between an answer and the next request's head.
    package var idleTime = Duration.seconds(60)
    /// The time from a request's head to the end of its answer, batches aside.
    package var requestTime = Duration.seconds(30)
    /// Bytes a second that a sender must keep up, and a reader must take; 0 for any patience.
    package var minimumRate = 1 << 10
    /// The time before the minimum rate counts.
    package var patience = Duration.seconds(5)
    /// The time in which an idle connection may still send a request after the service began to end; that answer
    /// tells that it is the last.
    package var endingGrace = Duration.milliseconds(500)
    /// Connections that may be open at a time; a further one is told 503.
    package var connections = 4096

    /// The usual ones.
    package init() {}
}
