/// Questions of everyday life that the KB of a help desk does not answer, in several languages.
///
/// No subject has more than a few of them, so that a KB about one of these subjects is fitted hardly worse.
enum ForeignQuestions {
    static let all = [
        "How long do I boil an egg until the yolk is firm?", "Which tyres should I put on for winter?",
        "My dog scratches its ears all night, what can I do?", "When is the best time to plant tulips?",
        "Is it cheaper to fly to Lisbon in May or in June?", "How many players are in a handball team?",
        "What does the word serendipity mean?", "Who painted the ceiling of that chapel in Rome?",
        "Can I take cough syrup together with antibiotics?", "My neighbour plays loud music after midnight.",
        "How do I get red wine out of a white shirt?", "How tall is the highest mountain in Africa?",
        "The bread did not rise in the oven.", "Which bus goes to the harbour on Sundays?",
        "What is the difference between a crocodile and an alligator?",
        "I would like to book a table for four this evening.", "Does the museum open on public holidays?",
        "How much tip should I leave for a taxi driver?", "My knee hurts when I walk down stairs.",
        "Please recommend a novel for a long train ride.", "it is what it is", "what do I do", "hello",
        "thank you very much for your help", "?", "yes please", "and or not", "is there anybody there",
        "Who won the match last night?", "Where can I rent a bicycle near the lake?",
        "How do I teach my child to swim?", "What is the capital of Mongolia?",
        "Wie lange muss ein Kuchen bei 180 Grad backen?", "Meine Katze frisst seit gestern nicht mehr.",
        "Wann fährt der letzte Zug nach Kassel?", "Welche Pflanzen mögen Schatten?",
        "Darf ich den Balkon meiner Mietwohnung streichen?", "Guten Tag, ich hätte da eine Frage.",
        "Wie wird das Wetter am Wochenende?", "Combien de temps faut-il cuire les lentilles ?",
        "Quel est le meilleur quartier pour habiter à Lyon ?", "Mon fils a de la fièvre depuis hier soir.",
        "À quelle heure commence le concert ?", "¿Cómo se prepara una buena tortilla de patatas?",
        "¿Qué autobús va al aeropuerto?", "Me duele la espalda desde hace una semana.",
        "Quanto costa un biglietto per il traghetto?", "Come si toglie una macchia di caffè?",
        "Onde fica a praia mais próxima?", "Hoe laat gaat de bakker open?", "Jak ugotować żurek?",
        "Kde se dá koupit lístek na tramvaj?", "Hur långt är det till närmaste sjö?",
        "En yakın eczane nerede?", "Как вырастить помидоры на балконе?", "Во сколько начинается фильм?",
        "Який автобус їде до вокзалу?", "ما هو أفضل وقت لزيارة البتراء؟", "משהו טוב לאכול לארוחת ערב?",
        "桜はいつ咲きますか。", "美味しいラーメンの作り方を教えてください。", "明天会下雨吗？", "怎么做红烧肉？",
        "김치찌개는 어떻게 끓이나요?", "วันนี้อากาศเป็นอย่างไร", "อยากไปเที่ยวทะเล", "Trời hôm nay có mưa không?",
    ]
}
