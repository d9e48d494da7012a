internal import TriageData
internal import TriageNumerics
package import TriageText
package import TriageTickets

/// The description of a bundle: `manifest.json`.
///
/// Nothing in it depends on date, path, timing or thread count.
package struct ModelManifest: Codable, Sendable, Equatable {
    /// The newest format this build reads and the one it writes.
    package static let currentFormat = 1

    /// Format version.
    package var format: Int
    /// The bundle's name.
    package var name: String
    /// `StableHash.contract` of the build that trained it.
    package var hashContract: String
    /// How text is prepared and which n-grams are made.
    package var text: TextOptions
    /// Buckets of the two sparse blocks, as powers of two.
    package var bucketBits: BucketBits
    /// Columns of the weight tables, padding included.
    package var columns: Int
    /// The columns that the training read; nil in bundles trained before it was kept, and where no file was read.
    package var input: InputColumns?
    /// The heads, in the order of their columns.
    package var heads: [Head]
    /// The embedding matrix that the weights were fitted to; nil when no field uses one.
    package var embedding: EmbeddingReference?
    package var training: Training
    /// The share of each language among the training rows, as ISO 639-1 codes; nil when they were not counted.
    package var languages: [String: Float]?
    /// How many training rows are in each language, as ISO 639-1 codes; nil in bundles trained before they were counted.
    package var languageRows: [String: Int]?
    /// SHA-256 of each other file of the bundle, by name.
    package var files: [String: String]
    /// SHA-256 of this file's text with these 64 digits as zeros.
    package var digest: String

    /// How text becomes n-grams.
    package struct TextOptions: Codable, Sendable, Equatable {
        /// Shortest and longest runs of characters.
        package var characterRuns: [Int]
        /// The longest run of adjacent words.
        package var wordRun: Int
        /// Whether the subject's words are features of their own beside the body's.
        package var subjectCopies: Bool
        /// Whether UUIDs, paths, times and numbers are reduced to their shapes.
        package var normalizesMachineText: Bool
        /// Kinds of identifiers masked before anything else sees the text: all that this build knows, or it refuses
        /// the bundle.
        package var masked: [String]
        /// The paragraphs that are set aside as boilerplate; nil when none were learned, and in bundles trained before
        /// they were.
        package var repeatedParagraphs: ParagraphHashes?

        package init(
            ngrams: NGramOptions, normalizesMachineText: Bool, masked: [String],
            repeated: RepeatedParagraphs = RepeatedParagraphs()
        ) {
            characterRuns = [ngrams.minimumRun, ngrams.maximumRun]
            wordRun = ngrams.wordRun
            subjectCopies = ngrams.subjectCopies
            self.normalizesMachineText = normalizesMachineText
            self.masked = masked
            repeatedParagraphs = repeated.isEmpty ? nil : ParagraphHashes(repeated)
        }

        /// The paragraphs that are set aside as boilerplate, maybe none; nil when they are damaged.
        package var repeated: RepeatedParagraphs? {
            repeatedParagraphs.map(\.paragraphs) ?? RepeatedParagraphs()
        }

        /// The options for making n-grams; nil when out of range.
        package var ngrams: NGramOptions? {
            guard characterRuns.count == 2, characterRuns[0] >= 1, characterRuns[1] >= characterRuns[0],
                characterRuns[1] <= 8, (0...2).contains(wordRun)
            else { return nil }
            return NGramOptions(
                minimumRun: characterRuns[0], maximumRun: characterRuns[1], wordRun: wordRun,
                subjectCopies: subjectCopies)
        }
    }

    /// Paragraphs that requesters repeat, as hashes under a key: their text cannot be read from them.
    package struct ParagraphHashes: Codable, Sendable, Equatable {
        /// The key, 16 hexadecimal digits.
        package var key: String
        /// The hashes, 16 hexadecimal digits each, in order.
        package var hashes: [String]

        package init(_ repeated: RepeatedParagraphs) {
            key = ParagraphHashes.text(repeated.key)
            hashes = repeated.hashes.sorted().map(ParagraphHashes.text)
        }

        /// The paragraphs; nil when they are too many or one is not a hash.
        package var paragraphs: RepeatedParagraphs? {
            let numbers = hashes.compactMap(ParagraphHashes.number)
            guard let key = ParagraphHashes.number(key), numbers.count == hashes.count,
                hashes.count <= RepeatedParagraphs.maximumCount
            else { return nil }
            return RepeatedParagraphs(key: key, hashes: Set(numbers))
        }

        private static func text(_ number: UInt64) -> String {
            Hexadecimal.text(withUnsafeBytes(of: number.bigEndian) { Array($0) })
        }

        private static func number(_ text: String) -> UInt64? {
            guard let bytes = Hexadecimal.bytes(text), bytes.count == 8 else { return nil }
            return bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// 2^bits buckets for each sparse block.
    package struct BucketBits: Codable, Sendable, Equatable {
        /// Words and word pairs.
        package var words: Int
        /// Runs of characters.
        package var characters: Int

        /// The bits of each block.
        package init(words: Int, characters: Int) {
            self.words = words
            self.characters = characters
        }
    }

    /// The classifier of one field.
    package struct Head: Codable, Sendable, Equatable {
        /// Two probabilities closer than this are called ambiguous.
        package static let ambiguityMargin: Float = 0.1

        /// The field's name, as in the training data.
        package var field: String
        /// "category" or "severity" when the field fills that place of a decision.
        package var role: String?
        /// The closed set of labels, in column order.
        package var labels: [String]
        /// Whether other forms of a label stand for it, since training joined them; nil when it did not.
        package var joinsLabelForms: Bool?
        /// Probabilities are softmax(logits / temperature).
        package var temperature: Float
        /// Whether the temperature comes from the site's own labels.
        package var isCalibrated: Bool
        /// Probability from which the answer is suggested rather than left for review.
        package var threshold: Float
        /// The rule for level `auto`; nil when no answer is `auto`.
        package var auto: AutoRule?
        /// How little a ticket may look like the training data; nil when too few labels could tell.
        package var scope: OutOfScopeModel?
        /// The weights of the blocks and C that were chosen.
        package var settings: Hyperparameters
        /// Measures on rows that were held out while choosing, by name.
        package var metrics: [String: Double]
        /// Each label's share of the training rows as the fit weighed them; nil in bundles trained before it was kept.
        package var labelShares: [Float]?
        /// The live label mix that probabilities are corrected for; nil for training's own.
        package var labelMix: ClassPriors?
        /// The tree whose leaves the labels are; nil for labels without parents.
        package var tree: Tree?
        /// The thresholds of labels that are tags, of which a ticket has any number; nil for one label a ticket.
        package var tags: TagRule?
        /// What models of parts of the rows reached on held-out rows, few rows first; nil where it was not measured.
        package var learningCurve: [LearningStep]?
        /// When corrected tickets move an answer; nil in bundles trained before it was fitted, and without held-out rows.
        package var memory: MemoryRule?

        package init(
            field: String, role: String?, labels: [String], temperature: Float, isCalibrated: Bool,
            threshold: Float, auto: AutoRule? = nil, scope: OutOfScopeModel? = nil,
            settings: Hyperparameters, metrics: [String: Double], labelShares: [Float]? = nil,
            joinsLabelForms: Bool = false
        ) {
            self.field = field
            self.role = role
            self.labels = labels
            self.joinsLabelForms = joinsLabelForms ? true : nil
            self.temperature = temperature
            self.isCalibrated = isCalibrated
            self.threshold = threshold
            self.auto = auto
            self.scope = scope
            self.settings = settings
            self.metrics = metrics
            self.labelShares = labelShares
        }
    }

    /// A model of part of the training rows on rows that were held out.
    package struct LearningStep: Codable, Sendable, Equatable {
        /// Rows that it was fitted to.
        package var rows: Int
        /// Held-out rows, and those whose answer is right.
        package var right: Int
        package var measured: Int

        package init(rows: Int, right: Int, measured: Int) {
            (self.rows, self.right, self.measured) = (rows, right, measured)
        }

        package var accuracy: Double { measured == 0 ? 0 : Double(right) / Double(measured) }

        /// The exact 95 % interval of the accuracy, by Clopper and Pearson (1934).
        package var interval: ClosedRange<Double> {
            let low = Binomial.lowerBound(right, of: measured, error: 0.025)
            return low...max(low, Binomial.upperBound(right, of: measured, error: 0.025))
        }
    }

    /// The probability thresholds for level `auto`, and their results on held-out rows.
    package struct AutoRule: Codable, Sendable, Equatable {
        /// The target, such as "precision=0.95".
        package var target: String
        /// The threshold of all labels; nil when the target is out of reach, or thresholds are by label.
        package var threshold: Float?
        /// The thresholds by label, if requested; a label without one is never `auto`.
        package var labelThresholds: [String: Float]?
        /// Held-out rows.
        package var rows: Int
        /// Held-out rows that would be `auto`.
        package var above: Int
        /// Rows of `above` whose answer is wrong.
        package var errors: Int
        /// What the rule assumes of tickets that none of the labels fits; nil when it was solved without any.
        package var foreign: ForeignTickets?

        package init(
            target: String, threshold: Float?, labelThresholds: [String: Float]? = nil, rows: Int, above: Int,
            errors: Int
        ) {
            (self.target, self.threshold, self.labelThresholds) = (target, threshold, labelThresholds)
            (self.rows, self.above, self.errors) = (rows, above, errors)
        }

        /// A rule that no rows can show, so that no answer is auto.
        package init(unshown target: String) {
            self.init(target: target, threshold: nil, rows: 0, above: 0, errors: 0)
        }

        /// Whether any answer can be `auto`.
        package var isReachable: Bool { labelThresholds.map { !$0.isEmpty } ?? (threshold != nil) }

        /// The threshold for a label; nil when it is never `auto`.
        package func threshold(of label: String) -> Float? { labelThresholds.map { $0[label] } ?? threshold }

        /// Whether an answer is `auto`.
        package func allows(_ label: String, probability: Float) -> Bool {
            threshold(of: label).map { probability >= $0 } ?? false
        }
    }

    /// What cross-validation chooses for one field.
    package struct Hyperparameters: Codable, Sendable, Equatable {
        /// Weight of the block of characters; the block of words has 1.
        package var characterWeight: Float
        /// Weight of the embedding; 0 leaves it out.
        package var embeddingWeight: Float
        /// The inverse of the L2 penalty, as in scikit-learn.
        package var inversePenalty: Float
        /// Whether the names of labels with few rows are rows too; nil when they are not.
        private var labelNames: Bool?
        /// What a ticket without a label counts for, where it counts at all.
        private var unlabelled: Float?

        package init(characterWeight: Float, embeddingWeight: Float, inversePenalty: Float) {
            self.characterWeight = characterWeight
            self.embeddingWeight = embeddingWeight
            self.inversePenalty = inversePenalty
        }

        /// Whether the names of labels with few rows are rows of the fit too.
        package var usesLabelNames: Bool {
            get { labelNames ?? false }
            set { labelNames = newValue ? true : nil }
        }

        /// What a ticket without a label counts for beside a labelled row's 1; 0 for nothing.
        package var unlabelledWeight: Float {
            get { unlabelled ?? 0 }
            set { unlabelled = newValue > 0 ? newValue : nil }
        }

        private enum CodingKeys: String, CodingKey {
            case characterWeight, embeddingWeight, inversePenalty, labelNames
            case unlabelled = "unlabelledWeight"
        }
    }

    /// The matrix a bundle needs.
    package struct EmbeddingReference: Codable, Sendable, Equatable {
        /// The folder's name.
        package var name: String
        /// SHA-256 of its `table.safetensors`.
        package var sha256: String
        /// SHA-256 of its `vocab.txt`; nil in bundles that were trained before it was kept.
        package var vocabularySHA256: String?

        /// A reference to a matrix.
        package init(name: String, sha256: String, vocabularySHA256: String? = nil) {
            self.name = name
            self.sha256 = sha256
            self.vocabularySHA256 = vocabularySHA256
        }
    }

    /// Where the weights come from.
    package struct Training: Codable, Sendable, Equatable {
        /// Rows that were used.
        package var rows: Int
        /// SHA-256 over the rows' prepared text and labels, in order.
        package var dataFingerprint: String
        /// The kernel family of the BLAS that fitted it.
        package var blasKernel: String
        /// Share of the sparse weights' energy that pruning removed.
        package var prunedEnergy: Double
        /// Training rows whose best label changed by pruning and rounding to bytes, by field.
        package var changedByRounding: [String: Int]
        /// SHA-256 of the bundle whose weights the fit began with; nil for none.
        package var warmStart: String?
        /// Rows whose text the bundle has a hash of; nil in bundles that were trained before hashes were kept.
        package var hashedTexts: Int?
        /// Tickets without labels that taught beside the rows; nil for none.
        package var unlabelledTickets: Int?

        package init(
            rows: Int, dataFingerprint: String, blasKernel: String, prunedEnergy: Double,
            changedByRounding: [String: Int], warmStart: String? = nil, hashedTexts: Int? = nil
        ) {
            self.rows = rows
            self.dataFingerprint = dataFingerprint
            self.blasKernel = blasKernel
            self.prunedEnergy = prunedEnergy
            self.changedByRounding = changedByRounding
            self.warmStart = warmStart
            self.hashedTexts = hashedTexts
        }
    }

    /// A manifest of the given parts; `files` and `digest` are filled when it is written.
    package init(
        name: String, text: TextOptions, bucketBits: BucketBits, columns: Int, heads: [Head],
        embedding: EmbeddingReference?, training: Training
    ) {
        format = ModelManifest.currentFormat
        self.name = name
        hashContract = StableHash.contract
        self.text = text
        self.bucketBits = bucketBits
        self.columns = columns
        self.heads = heads
        self.embedding = embedding
        self.training = training
        files = [:]
        digest = ""
    }
}
