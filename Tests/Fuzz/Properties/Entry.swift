@preconcurrency import Glibc

private let target: FuzzTarget = {
    let name = getenv("TRIAGE_FUZZ").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else { preconditionFailure("TRIAGE_FUZZ names no target") }
    return target
}()

/// What libFuzzer calls, in a program that `scripts/fuzz` links; TRIAGE_FUZZ names the target.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let failure = target.failure(on: bytes) else { return 0 }
    // In a release build the message of a trap is not shown.
    fputs("property broken: \(target.rawValue): \(failure)\n", stderr)
    abort()
}
