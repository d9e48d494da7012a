extension ModelManifest {
    /// The probability from which an answer is suggested when no target has been set.
    package static let defaultThreshold: Float = 0.5

    /// The files of a bundle with these tensors: the manifest has the SHA-256 of the others; notes end the card.
    ///
    /// Without `words`, the file of words that this manifest lists stays as it is.
    package func files(tensors: [UInt8], words: TopFeatures? = nil, cardNotes: String = "") throws -> (
        files: [(name: String, bytes: [UInt8])], manifest: ModelManifest
    ) {
        var manifest = self
        let card = Array((ModelCard(self).markdown + cardNotes).utf8)
        var files: [(name: String, bytes: [UInt8])] = [
            (ModelBundle.tensorFile, tensors), (ModelBundle.cardFile, card),
        ]
        if let words { files.append((ModelBundle.wordsFile, words.json)) }
        manifest.files = self.files.filter { words == nil && $0.key == ModelBundle.wordsFile }
        for file in files { manifest.files[file.name] = Checksum.sha256(file.bytes) }
        files.append((ModelBundle.manifestFile, try manifest.encoded()))
        return (files, manifest)
    }
}
