extension TrainingSet {
    /// The same labels with some of the rows, in the order given.
    package func keeping(_ rows: [Int]) -> TrainingSet {
        var part = self
        part.examples = rows.map { examples[$0] }
        return part
    }
}

extension TrainingExample {
    /// A row without labels, to be clustered beside others.
    package init(subject: [UInt8], body: [UInt8]) {
        self.init(subject: subject, body: body, labels: [], group: nil, time: nil, origin: "")
    }
}
