import Foundation
import Testing

/// Which OpenBLAS kernel the program uses, as `doctor` reports it.
struct BLASTests {
    /// What this processor can do, as the system lists it.
    private static let features: Set<Substring> = {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        return Set(line.split(separator: " "))
    }()

    /// The kernels that can run here, slowest first.
    private static let runnable: [String] = {
        let wide: Set<Substring> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
        var kernels = features.contains("sse3") || features.contains("pni") ? ["Prescott"] : []
        if features.isSuperset(of: ["avx2", "fma"]) { kernels.append("Haswell") }
        if features.isSuperset(of: wide) { kernels.append("SkylakeX") }
        return kernels
    }()

    private func doctor(_ environment: String) throws -> [String] {
        let workspace = try Workspace()
        return try workspace.shell("\(environment) \"$TRIAGE\" doctor --kb none").text
            .split(separator: "\n").map(String.init).filter { $0.contains(" blas ") }
    }

    @Test(.enabled(if: !runnable.isEmpty))
    func `the kernel fits the processor's instruction sets`() throws {
        let line = try #require(try doctor("").first)
        let fitting =
            switch Self.runnable.last {
            case "SkylakeX": ["SkylakeX", "Cooperlake"]
            case "Haswell": ["Haswell", "Zen"]
            default: ["Sandybridge", "Nehalem", "Prescott", "Core2"]
            }
        #expect(
            fitting.contains { line.hasPrefix("ok   blas") && line.contains(" \($0), self-check passed") },
            "\(line)")
        #expect(try doctor("").count == 1)
        #expect(try doctor("OPENBLAS_CORETYPE=") == doctor(""))
    }

    @Test(arguments: runnable)
    func `a kernel of the operator's own is used and passes the self-check`(kernel: String) throws {
        let lines = try doctor("OPENBLAS_CORETYPE=\(kernel)")
        #expect(lines.count == 1 && lines[0].contains(" \(kernel), self-check passed"), "\(lines)")
    }

    @Test func `a kernel that this OpenBLAS does not have is a warning`() throws {
        let lines = try doctor("OPENBLAS_CORETYPE=Abacus")
        #expect(
            lines.contains { $0.hasPrefix("warn blas") && $0.contains("the kernel Abacus was requested") },
            "\(lines)")
    }

    /// Every kernel decides alike: labels are equal, probabilities to the fifth decimal.
    @Test func `kernels agree on a decision, and so do plain loops`() throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        try workspace.write("broken/libopenblas.so.0", "not a library")
        let environments = Self.runnable.map { "OPENBLAS_CORETYPE=\($0)" } + ["LD_LIBRARY_PATH=broken"]
        let answers = try environments.map { environment in
            try workspace.shell(
                "\(environment) \"$TRIAGE\" classify --model embedded --kb none --input t.jsonl"
            ).objects
        }
        #expect(answers.allSatisfy { $0.count == 36 })
        for answer in answers.dropFirst() {
            for (one, other) in zip(answers[0], answer) {
                #expect(one["category"] as? String == other["category"] as? String)
                #expect(abs(probability(one) - probability(other)) < 1e-5)
            }
        }
    }

    private func probability(_ decision: [String: Any]) -> Double {
        let predictions = decision["predictions"] as? [String: [String: Any]]
        return predictions?["category"]?["probability"] as? Double ?? .nan
    }

    @Test func `without OpenBLAS plain loops compute, and doctor names the package`() throws {
        let workspace = try Workspace()
        try workspace.write("broken/libopenblas.so.0", "not a library")
        let outcome = try workspace.shell("LD_LIBRARY_PATH=broken \"$TRIAGE\" doctor --kb none")
        #expect(outcome.text.contains("warn blas"))
        #expect(outcome.text.contains("libopenblas0-pthread"), "\(outcome.text)")
    }

    /// OpenBLAS's threads would have the program's name; those of the concurrency library have names of their own.
    @Test func `loading OpenBLAS starts no thread`() throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        let outcome = try workspace.shell(
            """
            mkfifo rows
            "$TRIAGE" classify --model embedded --kb none --input rows >out &
            exec 3>rows
            for i in $(seq 2000); do printf '{"text":"password"}\\n' >&3; done
            for i in $(seq 200); do [ -s out ] && break; sleep 0.05; done
            grep -q openblas /proc/$!/maps && grep -cx triage /proc/$!/task/*/comm | grep -c ':1$'
            exec 3>&-
            wait
            """)
        #expect(
            outcome.text.trimmingCharacters(in: .whitespacesAndNewlines) == "1",
            "\(outcome.text) \(outcome.errors)")
    }
}
