/// An error of this project whose description may be printed and logged.
///
/// Its text is made of our own sentences, of names and of numbers. It never quotes the content of a file or a request,
/// and never the text of another library's error.
package protocol DescribedError: Error, CustomStringConvertible {}

extension Error {
    /// Text that may be printed and logged: the description of a `DescribedError`, and only the type of any other error.
    ///
    /// The text of another library's error may quote the file that it read, such as a private key.
    package var safeDescription: String {
        (self as? any DescribedError)?.description
            ?? "an error of type \(String(reflecting: type(of: self as any Error)))"
    }
}
