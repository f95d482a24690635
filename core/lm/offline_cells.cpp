#include "lm/offline_cells.h"

#include <array>

namespace burrow {
namespace {

constexpr qsizetype maxQuestionInCode = 2000; // characters

constexpr const char* lookCode = R"py(# What is the context, how long is it, and how does it begin?
if isinstance(context, str):
    texts = [context]
elif isinstance(context, dict):
    texts = [f"{key}: {value}" for key, value in context.items()]
else:
    texts = [str(part) for part in context]
names = [name for name, length in documents] or [f"context[{i}]" for i in range(len(texts))]
total = sum(len(text) for text in texts)

for name, text in list(zip(names, texts))[:3]:
    print(repr(name), "begins", repr(text[:160]))
print(f"Looked: a {type(context).__name__}, {len(texts):,} text(s), {total:,} characters")
)py";

constexpr const char* weighCode = R"py(import math

# How much does each term say? Count it in slices from all over the text: the rarer it is, the more.
slice_length = 20_000
sample = "\n".join(
    text[start : start + slice_length]
    for text in texts[:: 1 + len(texts) // 200]
    for start in range(0, len(text), max(slice_length, total // 200))
).lower()
weights = {}
for term in terms:
    count = sample.count(term.lower())
    weights[term] = max(0.1, math.log(1 + len(sample) / 50 / (1 + count)))
    print(f"{term!r}: {count:,} in the sample, weight {weights[term]:.1f}")
rarest = sorted(terms, key=lambda term: (-weights[term], -len(term)))[:24]
print(f"Weighed: {len(terms)} term(s) on {len(sample):,} characters")
)py";

constexpr const char* searchCode = R"py(import heapq, re
from itertools import islice

sentence_end = re.compile(r"(?<=[.!?])\s+(?=[^a-z])|(?<=[。！？])|\n(?![a-z])")

def sentences(text):
    "The sentences of a text, each with its position."
    start = 0
    for end in sentence_end.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]

def holds(text, term):
    "Whether a text holds a term, both in lower case. A number must stand alone: 113 is not in 31,113."
    if term not in text or not any(c.isdigit() for c in term):
        return term in text
    return re.search(rf"(?<![0-9a-z])(?<!\d[.,]){re.escape(term)}(?![.,]?\d|[a-z])", text) is not None

def score(sentence, around=""):
    "What the terms in a sentence are worth; those around it count less."
    sentence, around = sentence.lower(), around.lower()
    worth = 0.0
    for term in rarest:
        if holds(sentence, term.lower()):
            worth += weights[term]
        elif holds(around, term.lower()):
            worth += 0.4 * weights[term]
    if wants_digits and any(c.isdigit() for c in sentence):
        worth += 1
    return worth

def places(term):
    "Where a term stands, as (document, position), at most once in 200 characters and spelling."
    is_word = term.isascii() and term.isalpha() and len(term) > 4
    needle = term[1:] if is_word else term  # "ault" finds both "Vault" and "vault"
    for i, text in enumerate(texts):
        for spelling in dict.fromkeys([needle, needle.lower(), needle.upper(), needle.capitalize()]):
            at = text.find(spelling)
            while at >= 0:
                yield i, at
                at = text.find(spelling, at + 200)

# Search the whole text for one term after the other and score the sentences around each hit.
hits = {}  # (document, position of a sentence) -> score
expected = sum(weights[term] for term in rarest)  # what a sentence with all the terms is worth
best = floor = 0.0
unread = sum(weights[term] for term in rarest) + wants_digits
for term in rarest:
    if best > unread:
        break  # no sentence without the terms so far can score higher
    count = 0
    for i, at in islice(places(term), 100_000):
        count += 1
        low = max(0, at - 300)
        window = texts[i][low : at + 500]
        if score(window) <= floor:
            continue
        for start, sentence in sentences(window):
            worth = score(sentence, window)
            if worth > floor:
                hits[i, low + start] = worth
                best = max(best, worth)
        if len(hits) > 2000:
            hits = {place: hits[place] for place in heapq.nlargest(100, hits, key=hits.get)}
            floor = min(hits.values())
    unread -= weights[term]
    if count == 0 and len(term) == 2 and not term.isascii():
        expected -= 0.75 * weights[term]  # most likely no word: a pair across the border between two
    print(f"{term!r}: {count:,} place(s)")

top = heapq.nlargest(8, hits, key=lambda place: (hits[place], -place[0], -place[1]))
for i, start in top[:3]:
    print(f"{hits[i, start]:.1f}", repr(texts[i][start : start + 200]))
print(f"Found: {len(hits):,} sentence(s), the best worth {best:.1f}")
)py";

constexpr const char* readCode
    = R"py(# Read around the best hits: a sub-model quotes the sentence that answers the question.
passages = []  # (document, position, text), best first
for i, start in top:
    if not any(i == j and low <= start < low + 1000 for j, low, passage in passages):
        low = max(0, start - 500)
        passages.append((i, low, texts[i][low : start + 1000]))
task = "Quote the one sentence that answers the question, word for word."
prompts = [f"Question: {question}\n\n{task}\n\nPassage:\n{passage}" for i, low, passage in passages]
try:
    replies = llm_query_batched(prompts) if prompts else []
except Exception as refusal:
    print("No sub-calls:", refusal)
    replies = []

# Keep what really stands in the passage, and weigh it like a sentence of our own.
evidence = []  # (score, document, position, quote, short answer)
for (i, low, passage), reply in zip(passages, replies):
    short, _, quote = reply.partition("\nEvidence: ")
    at = passage.find(quote) if quote else -1
    if at >= 0:
        evidence.append((score(quote, passage), i, low + at, quote, short.replace("Answer: ", "", 1)))
)py";

constexpr const char* readAloneCode = R"py(# There are no sub-models here: take the sentences as they stand.
evidence = []  # (score, document, position, quote, short answer)
)py";

constexpr const char* rankCode = R"py(for i, start in top if not evidence else []:
    quote = next(sentence for _, sentence in sentences(texts[i][start : start + 600])).strip()
    evidence.append((hits[i, start], i, start, quote, quote))
evidence.sort(key=lambda entry: (-entry[0], entry[1], entry[2]))
for worth, i, at, quote, short in evidence[:3]:
    print(f"{worth:.1f}", repr(short), "from", repr(quote[:200]))
if evidence:
    answer["content"] = evidence[0][3]  # a draft, in case there is no further turn
    print("Best so far:", repr(evidence[0][3][:300]))
print(f"Read: {len(evidence)} quote(s)")
)py";

constexpr const char* answerCode = R"py(# The answer first, then the evidence for it and where it stands.
note = "(Offline demo: keyword search, not a language model.)"
def cite(entry):
    worth, i, at, quote, short = entry
    return f"\u201c{quote}\u201d\n{names[i]}, character {at:,}"

if not evidence:
    content = "I found nothing for this question" + (
        f": no text holds any of {', '.join(terms[:12])}." if terms else ", which holds no word to search for.")
    for name, text in [entry for entry in zip(names, texts) if entry[1]][:3]:
        content += f"\n\n{name} begins: \u201c{text[:300].strip()}\u201d"
elif evidence[0][0] >= 0.4 * expected:
    content = evidence[0][4] + "\n\n" + cite(evidence[0])
else:
    content = "I found no sentence that answers this. The nearest passages are:\n\n" + "\n\n".join(
        cite(entry) for entry in evidence[:3])
answer["content"] = content + "\n\n" + note
answer["ready"] = True
)py";

bool mustBeEscaped(char32_t c)
{
    if (c == '\\' || c == '\'' || c == '`' || c == '<' || c == QChar::ReplacementCharacter)
        return true;
    return c != ' ' && !QChar::isPrint(c);
}

QByteArray weighHeader(const OfflineQuestion& question)
{
    using Wants = OfflineQuestion::Wants;
    QByteArrayList terms;
    for (const QString& term : question.terms)
        terms += pythonLiteral(term);
    const bool digits = question.wants == Wants::Number || question.wants == Wants::Time;
    return "question = " + pythonLiteral(question.text.left(maxQuestionInCode)) + "\nterms = ["
        + terms.join(", ") + "]\nwants_digits = " + (digits ? "True" : "False") + "\n\n";
}

} // namespace

const char* markOf(OfflineStep step)
{
    static constexpr std::array marks = {"Looked: ", "Weighed: ", "Found: ", "Read: ", "Answered: "};
    return marks.at(size_t(step));
}

QByteArray cellFor(OfflineStep step, const OfflineQuestion& question, SubModels subModels)
{
    switch (step) {
    case OfflineStep::Look:
        return lookCode;
    case OfflineStep::Weigh:
        return weighHeader(question) + weighCode;
    case OfflineStep::Search:
        return searchCode;
    case OfflineStep::Read:
        return QByteArray(subModels == SubModels::Present ? readCode : readAloneCode) + rankCode;
    case OfflineStep::Answer:
        return answerCode;
    }
    return {};
}

QByteArray pythonLiteral(const QString& text)
{
    QByteArray literal = "'";
    for (const char32_t c : text.toUcs4()) {
        if (!mustBeEscaped(c))
            literal += QString::fromUcs4(&c, 1).toUtf8();
        else if (c < 0x100)
            literal += "\\x" + QByteArray::number(uint(c), 16).rightJustified(2, '0');
        else if (c < 0x10000)
            literal += "\\u" + QByteArray::number(uint(c), 16).rightJustified(4, '0');
        else
            literal += "\\U" + QByteArray::number(uint(c), 16).rightJustified(8, '0');
    }
    return literal + '\'';
}

} // namespace burrow
