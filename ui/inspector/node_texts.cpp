#include "inspector/node_texts.h"

#include "base/json.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"
#include "trajectory/json_codec.h"
#include "trajectory/recorded_request.h"
#include "trajectory/run_file.h"
#include "trajectory/unfinished.h"

#include <QRegularExpression>

namespace burrow {

namespace {

using Json = nlohmann::ordered_json;

using words::tr;

/// Lines so long that no view lays them out in time are cut, at characters.
QByteArray withoutEndlessLines(QByteArray text)
{
    constexpr qsizetype longest = 16 * 1024;
    QByteArray cut;
    qsizetype begin = 0;
    for (qsizetype lineStart = 0; lineStart < text.size();) {
        qsizetype end = text.indexOf('\n', lineStart);
        end = end < 0 ? text.size() : end;
        while (end - lineStart > longest) {
            qsizetype at = lineStart + longest;
            while ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
                --at;
            cut += QByteArrayView(text).sliced(begin, at - begin);
            cut += "\u21A9\n";
            begin = lineStart = at;
        }
        lineStart = end + 1;
    }
    return begin == 0 ? text : cut + QByteArrayView(text).sliced(begin).toByteArray();
}

QByteArray shown(const QByteArray& text)
{
    return withoutEndlessLines(visibleText(text, LineMode::MultiLine));
}

/// Reads texts, and keeps the first failure.
class Reader {
public:
    Reader(RunFile& file, NodeTexts& texts) : m_file(file), m_texts(texts) { }

    QByteArray text(BlobId id)
    {
        const Result<QByteArray> text = m_file.text(id);
        if (!text && m_texts.error.isEmpty())
            m_texts.error = text.error().message;
        return text.value_or(QByteArray());
    }
    std::vector<Message> messages(BlobId request)
    {
        if (request == BlobId::None)
            return {};
        const Result<std::vector<Message>> messages = readMessages(m_file, text(request));
        if (!messages && m_texts.error.isEmpty())
            m_texts.error = messages.error().message;
        return messages.value_or(std::vector<Message>());
    }
    Json json(BlobId id)
    {
        // Whoever writes it again recurses as deep as it is nested, and the file may come from anybody.
        constexpr int deepest = 64;
        const auto keep = [](int depth, Json::parse_event_t, const Json&) { return depth <= deepest; };
        const QByteArray source = text(id);
        return Json::parse(source.begin(), source.end(), keep, false);
    }

private:
    RunFile& m_file;
    NodeTexts& m_texts;
};

QString wordFor(Role role)
{
    switch (role) {
    case Role::System:
        return tr("System");
    case Role::Assistant:
        return tr("Model");
    case Role::User:
        break;
    }
    return tr("To the model");
}

QByteArray heading(const QString& who, qsizetype bytes)
{
    return tr("%1 · %2 bytes").arg(who, formatCount(bytes)).toUtf8();
}

void addPart(NodeTexts& texts, const QString& who, const QByteArray& text, bool isNew)
{
    if (!text.isEmpty())
        texts.conversation.push_back({heading(who, text.size()), shown(text), isNew});
}

void readConversation(Reader& reader, const NodeQuery& query, NodeTexts& texts)
{
    addPart(texts, tr("Question"), reader.text(query.question), true);
    const std::vector<Message> now = reader.messages(query.request);
    const std::vector<Message> before = reader.messages(query.previousRequest);
    for (size_t i = 0; i < now.size(); ++i) {
        const bool isKnown = i < before.size() && before[i] == now[i];
        addPart(texts, wordFor(now[i].role), now[i].text, !isKnown && now[i].role != Role::System);
    }
    const QByteArray extra = reader.text(query.replyExtra);
    if (query.replyFailed)
        addPart(texts, tr("Error"), decodeError(extra, {}).message.toUtf8(), true);
    else if (query.request != BlobId::None)
        addPart(texts, tr("Thoughts of the model"), extra, false);
    addPart(
        texts, query.request == BlobId::None ? tr("Answer") : tr("Reply"), reader.text(query.reply), true);
}

void addCaptured(QByteArray& output, const QString& title, const CapturedText& text)
{
    if (text.head.isEmpty() && text.tail.isEmpty())
        return;
    if (!title.isEmpty())
        output += (output.isEmpty() || output.endsWith('\n') ? "" : "\n") + title.toUtf8() + '\n';
    output += text.head;
    if (text.droppedChars > 0)
        output += tr("\n… %1 characters are left out here …\n").arg(formatCount(text.droppedChars)).toUtf8();
    output += text.tail;
}

QByteArray textOf(const CellOutput& output)
{
    QByteArray text;
    addCaptured(text, {}, output.out);
    addCaptured(text, {}, output.value);
    addCaptured(text, text.isEmpty() ? QString() : tr("── errors ──"), output.err);
    if (output.answer)
        text += (text.isEmpty() || text.endsWith('\n') ? "" : "\n") + tr("── answer ──").toUtf8() + '\n'
            + *output.answer;
    return text;
}

std::vector<ShownVariable> changesOf(const std::vector<Variable>& now, const std::vector<Variable>& before)
{
    std::vector<ShownVariable> shownVariables;
    for (const Variable& variable : now) {
        const auto old = std::ranges::find(before, variable.name, &Variable::name);
        const auto change = old == before.end() ? ShownVariable::Change::New
            : *old == variable                  ? ShownVariable::Change::Same
                                                : ShownVariable::Change::Changed;
        shownVariables.push_back({variable, change});
    }
    return shownVariables;
}

/// What stood in the place of @p code in the nearest branch that this one comes from and that has another.
std::optional<QByteArray> codeBefore(RunFile& file, const NodeQuery& query, const QByteArray& code)
{
    const auto parentOf = [&file](int branch) {
        const auto found = std::ranges::find(file.branches(), branch, &Branch::id);
        return found == file.branches().end() ? 0 : found->parent;
    };
    for (int branch = parentOf(query.branch); branch != 0; branch = parentOf(branch)) {
        const Result<RunTree> tree = loadTree(file, branch);
        const NodeIndex cell = tree ? tree->findPath(query.editedCell) : noNode;
        if (cell == noNode)
            break;
        Result<QByteArray> text = file.text(tree->node(cell).input);
        if (!text)
            break;
        if (*text != code)
            return shown(*text);
    }
    return std::nullopt;
}

/// As the guest names cells in tracebacks: `File "<cell 7>", line 3, in f`.
std::vector<CodeReference> referencesIn(const QByteArray& output)
{
    constexpr size_t most = 1000; // a person follows few
    static const QRegularExpression form(QStringLiteral("^File \"<cell (\\d{1,9})>\", line (\\d{1,9})\\b"));
    std::vector<CodeReference> found;
    int line = 0;
    for (qsizetype from = 0, at = 0; found.size() < most; from = at + 1) {
        at = output.indexOf("File \"<cell ", from);
        if (at < 0)
            break;
        line += int(QByteArrayView(output).sliced(from, at - from).count('\n'));
        const auto match = form.match(QString::fromLatin1(output.mid(at, 64)));
        const bool isFirst = found.empty() || found.back().at != line;
        if (match.hasMatch() && isFirst)
            found.push_back({line, match.captured(1).toInt(), match.captured(2).toInt()});
    }
    return found;
}

void readCell(Reader& reader, const NodeQuery& query, NodeTexts& texts)
{
    texts.code = shown(reader.text(query.code));
    const auto output = decodeOutput({reader.text(query.output), reader.text(query.outputExtra)});
    if (!output)
        return;
    texts.output = shown(textOf(*output));
    texts.references = referencesIn(texts.output);
    const auto before = query.outputExtraBefore == BlobId::None
        ? std::nullopt
        : decodeOutput({reader.text(query.outputBefore), reader.text(query.outputExtraBefore)});
    texts.variables = changesOf(output->variables, before ? before->variables : std::vector<Variable>());
}

QByteArray rawOf(Reader& reader, const NodeQuery& query)
{
    Json raw = Json::object();
    const auto add = [&](const char* name, const Json& value) {
        if (!value.is_discarded() && !value.is_null())
            raw[name] = value;
    };
    add("request", reader.json(query.request));
    if (query.question != BlobId::None)
        raw["question"] = reader.text(query.question).toStdString();
    if (query.reply != BlobId::None)
        raw["reply"] = reader.text(query.reply).toStdString();
    if (query.replyFailed)
        add("error", reader.json(query.replyExtra));
    if (query.code != BlobId::None)
        raw["code"] = reader.text(query.code).toStdString();
    add("output", reader.json(query.outputExtra));
    return shown(toText(raw, JsonForm::Indented));
}

} // namespace

NodeTexts readTexts(RunFile& file, const NodeQuery& query)
{
    NodeTexts texts;
    Reader reader(file, texts);
    readConversation(reader, query, texts);
    readCell(reader, query, texts);
    if (!query.editedCell.isEmpty())
        if (const auto before = codeBefore(file, query, reader.text(query.code)))
            texts.changes = changedLines(*before, texts.code);
    texts.raw = rawOf(reader, query);
    return texts;
}

} // namespace burrow
