#include "engine/output_text.h"

namespace burrow {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
}

qsizetype charactersIn(QByteArrayView utf8)
{
    return std::count_if(utf8.begin(), utf8.end(), [](char c) { return !isContinuation(c); });
}

QByteArrayView firstCharacters(QByteArrayView utf8, qsizetype count)
{
    qsizetype at = 0;
    while (at < utf8.size() && count > 0) {
        ++at;
        while (at < utf8.size() && isContinuation(utf8[at]))
            ++at;
        --count;
    }
    return utf8.first(at);
}

QByteArrayView lastCharacters(QByteArrayView utf8, qsizetype count)
{
    qsizetype at = utf8.size();
    while (at > 0 && count > 0) {
        --at;
        while (at > 0 && isContinuation(utf8[at]))
            --at;
        --count;
    }
    return utf8.sliced(at);
}

void addSection(QByteArray& text, QByteArrayView title, const QByteArray& body)
{
    if (body.isEmpty())
        return;
    text += title;
    text += ":\n";
    text += body;
    if (!body.endsWith('\n'))
        text += '\n';
}

/// For a cell of which no limit is known.
QByteArray endingOf(CellStatus status)
{
    switch (status) {
    case CellStatus::Ok:
    case CellStatus::Raised:
        return {};
    case CellStatus::Interrupted:
        return "The cell was interrupted; its variables are kept.\n";
    case CellStatus::TimedOut:
        return "The cell ran longer than the limit on one cell and was stopped.\n";
    case CellStatus::Killed:
        return "The cell's process was killed.\n";
    case CellStatus::Crashed:
        return "The cell ended the REPL's process.\n";
    case CellStatus::OutOfMemory:
        return "The cell passed the limit on memory.\n";
    case CellStatus::Violation:
        return "The cell did what the sandbox does not allow, and its process was ended.\n";
    }
    return {};
}

QByteArray exceptLost(const CellOutput& output)
{
    if (output.lostNames.empty())
        return {};
    return ", but for these, which are gone: "
        + QByteArrayList(output.lostNames.begin(), output.lostNames.end()).join(", ");
}

/// How the cell ended, and what became of its variables; nothing where it ran to its end.
QByteArray endingOf(const CellOutput& output)
{
    QByteArray text = output.limit ? describe(*output.limit) + '\n' : endingOf(output.status);
    if (output.undone)
        text += "The variables are as they were before this cell" + exceptLost(output) + ".\n";
    else if (output.limit && output.status == CellStatus::TimedOut && !output.restarted)
        text += "It was interrupted; its variables are kept.\n";
    return text;
}

} // namespace

QByteArray elided(const CapturedText& text, qsizetype limit)
{
    const qsizetype inHead = charactersIn(text.head), inTail = charactersIn(text.tail);
    const qint64 total = inHead + inTail + text.droppedChars;
    if (total <= limit && text.droppedChars == 0)
        return text.head + text.tail;
    // Two thirds for the head: what comes first explains the rest.
    const qsizetype headRoom = limit * 2 / 3, tailRoom = limit - headRoom;
    const QByteArray whole = text.droppedChars == 0 ? text.head + text.tail : QByteArray();
    const QByteArrayView head = firstCharacters(text.head, headRoom);
    const QByteArrayView tail = lastCharacters(whole.isEmpty() ? text.tail : whole, tailRoom);
    const qint64 missing = total - charactersIn(head) - charactersIn(tail);
    return head.toByteArray() + "\n[… " + grouped(missing) + " characters left out …]\n" + tail.toByteArray();
}

QByteArray limitThatEnded(const CellOutput& output)
{
    if (output.status != CellStatus::Raised)
        return {};
    const QByteArray traceback = (output.err.head + output.err.tail).trimmed();
    const QByteArray last = traceback.sliced(traceback.lastIndexOf('\n') + 1);
    const QByteArrayView name("LimitReached: ");
    return last.startsWith(name) ? last.sliced(name.size()) : QByteArray();
}

QByteArray describeVariables(const std::vector<Variable>& variables)
{
    if (variables.empty())
        return "none";
    constexpr size_t most = 100;
    QByteArrayList parts;
    for (size_t i = 0; i < std::min(variables.size(), most); ++i) {
        const Variable& variable = variables[i];
        const QByteArray length = variable.length < 0 ? QByteArray() : ", " + grouped(variable.length);
        parts << variable.name + " (" + variable.type + length + ')';
    }
    if (variables.size() > most)
        parts << "and " + grouped(qint64(variables.size() - most)) + " more";
    return parts.join(", ");
}

QByteArray describeOutput(int ordinal, const CellOutput& output)
{
    // A traceback is never crowded out by what was printed before it.
    const QByteArray err = elided(output.err, outputLimit / 2);
    // Half of the room at least for each of the others; what one leaves is the other's.
    const qsizetype room = outputLimit - charactersIn(err);
    const qint64 printed
        = charactersIn(output.out.head) + charactersIn(output.out.tail) + output.out.droppedChars;
    const QByteArray value = elided(output.value, qsizetype(std::max<qint64>(room / 2, room - printed)));
    const QByteArray out = elided(output.out, room - charactersIn(value));

    QByteArray text = "[cell " + QByteArray::number(ordinal) + "]\n";
    addSection(text, "Output", out);
    addSection(text, "Value", value);
    addSection(text, "Errors", err);
    text += endingOf(output);
    if (out.isEmpty() && value.isEmpty() && err.isEmpty() && output.status == CellStatus::Ok)
        text += "No output.\n";
    text += "Variables: " + describeVariables(output.variables) + '\n';
    return text;
}

} // namespace burrow
