/// Words that explain nothing to a reader when they are shown alone.
package enum StopWords {
    /// Whether a term has a word of two letters or three digits at least that is not a stop word.
    package static func hasContent(_ term: String) -> Bool {
        term.lowercased().replacing("’", with: "'")
            .split { !$0.isLetter && !$0.isNumber && $0 != "'" }
            .contains { word in
                word.count > (word.allSatisfy(\.isNumber) ? 2 : 1) && !words.contains(String(word))
            }
    }

    /// Function words of English, German, French and Spanish.
    package static let words = Set(
        (english + german + french + spanish).split(separator: " ").map(String.init))

    private static let english = """
        a about above after again all also am an and any are as at be because been before being below between both but by \
        can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further had \
        hadn't has hasn't have haven't having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's \
        its itself just let's me more most my myself no nor not of off on once only or other our ours out over own please \
        same she should shouldn't since so some such than that that's the their theirs them then there there's these they \
        they're this those through to too under until up upon us very was wasn't we we'd we'll we're we've were weren't \
        what when where which while who whom why will with won't would wouldn't you you'd you'll you're you've your yours \
        ll re ve don doesn isn didn wasn
        """
    private static let german = """
         aber alle als also am an auch auf aus bei bin bis bitte da das dass dem den der des die dies diese dieser doch du \
        durch ein eine einem einen einer er es für habe haben hat hatte ich ihr im in ist ja kann können man mein meine mich \
        mir mit nach nicht noch nun nur ob oder ohne schon sehr sein seit sich sie sind so über um und uns unser unsere \
        unter vom von vor war was wenn wer wie wir wird wurde zu zum zur
        """
    private static let french = """
         ai au aux avec ce cela ces cette dans de des du elle en est et eu il ils je la le les leur lui ma mais me mes moi \
        mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une vos votre vous
        """
    private static let spanish = """
         al como con del desde el ella ellos en entre era es esta está este esto están ha han hasta hay la las lo los me mi \
        mis muy más ni no nos o para pero por porque que se sin sobre su sus también te tengo un una uno y ya yo
        """
}
