extension ModelManifest {
    /// The probability from which an answer is suggested when no target has been set.
    public static let defaultThreshold: Float = 0.5

    /// The files of a bundle with these tensors: the manifest vouches for the others; notes end the card.
    public func files(tensors: [UInt8], cardNotes: String = "") throws -> (
        files: [(name: String, bytes: [UInt8])], manifest: ModelManifest
    ) {
        var manifest = self
        let card = Array((ModelCard(self).markdown + cardNotes).utf8)
        manifest.files = [
            ModelBundle.tensorFile: Checksum.sha256(tensors),
            ModelBundle.cardFile: Checksum.sha256(card),
        ]
        let files = [
            (ModelBundle.tensorFile, tensors), (ModelBundle.cardFile, card),
            (ModelBundle.manifestFile, try manifest.encoded()),
        ]
        return (files, manifest)
    }
}
