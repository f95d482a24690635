#include "documents/sample_text.h"

#include "base/words.h"
#include "documents/sample_grammar.h"

#include <QFileInfo>
#include <QLocale>
#include <QSaveFile>
#include <QStorageInfo>

#include <algorithm>
#include <deque>
#include <future>
#include <optional>
#include <string_view>
#include <thread>

namespace burrow {
namespace {

constexpr qint64 maxBlockBytes = qint64(1) << 20;

using words::tr;

bool holds(QByteArrayView text, const QByteArray& part)
{
    const std::string_view line(text.data(), size_t(text.size()));
    return line.find(std::string_view(part.data(), size_t(part.size()))) != line.npos;
}

/// Writes lines that neither give the fact away nor compete with it.
class SampleWriter {
public:
    SampleWriter(SampleKind kind, quint64 seed)
        : m_language(kind == SampleKind::Chinese ? chineseSamples() : englishSamples())
        , m_grammar(m_language)
        , m_withEmoji(kind == SampleKind::Emoji)
        , m_seed(seed)
    {
        SampleRandom random(seed);
        m_fact = m_grammar.drawFact(random);
    }

    const SampleFact& fact() const { return m_fact; }

    /// Whole lines of at least @p size bytes, ended by newlines; each index gives another block.
    QByteArray block(quint64 index, qint64 size) const
    {
        SampleRandom random(SampleRandom(m_seed ^ (index + 1) * 0xD6E8FEB86659FD93).next());
        QByteArray text;
        text.reserve(size + 4096);
        while (text.size() < size) {
            appendHarmless("line", random, text);
            if (m_withEmoji && random.below(4) == 0)
                m_grammar.expand("emoji", random, text += ' ');
            text += '\n';
        }
        return text;
    }

    /// The line that holds the fact, among other sentences where @p room allows it.
    QByteArray factLine(qint64 room, SampleRandom& random) const
    {
        QByteArray before, after;
        if (random.below(4) != 0) {
            appendHarmless("paragraph", random, before);
            before += m_language.gap;
        }
        if (random.below(4) != 0) {
            after += m_language.gap;
            appendHarmless("paragraph", random, after);
        }
        // Even the smallest sample holds an emoji, so that its width is that of its kind.
        const char* end = m_withEmoji ? " \U0001F9ED\n" : "\n";
        const bool roomy = (before.size() + m_fact.sentence.size() + after.size()) * 2 < room;
        return roomy ? before + m_fact.sentence + after + end : m_fact.sentence + end;
    }

private:
    void appendHarmless(const char* rule, SampleRandom& random, QByteArray& text) const
    {
        const qsizetype start = text.size();
        do {
            text.truncate(start);
            m_grammar.expand(rule, random, text);
        } while (competes(QByteArrayView(text).sliced(start)));
    }

    bool competes(QByteArrayView line) const
    {
        return holds(line, m_fact.answer) || (holds(line, m_fact.keys[0]) && holds(line, m_fact.keys[1]));
    }

    const SampleLanguage& m_language;
    SampleGrammar m_grammar;
    SampleFact m_fact;
    bool m_withEmoji;
    quint64 m_seed;
};

/// The blocks of a writer in order, made by all cores a little ahead of their use.
class BlockQueue {
public:
    BlockQueue(const SampleWriter& writer, qint64 blockBytes) : m_writer(writer), m_blockBytes(blockBytes) { }

    QByteArray take()
    {
        const size_t ahead = std::max(2U, std::thread::hardware_concurrency());
        while (m_blocks.size() < ahead)
            m_blocks.push_back(std::async(std::launch::async,
                [this, index = m_next++] { return m_writer.block(index, m_blockBytes); }));
        QByteArray block = m_blocks.front().get();
        m_blocks.pop_front();
        return block;
    }

private:
    const SampleWriter& m_writer;
    qint64 m_blockBytes;
    quint64 m_next = 0;
    std::deque<std::future<QByteArray>> m_blocks;
};

/// Cuts @p text to @p size bytes between two characters; newlines take the place of a cut character.
void cutTo(QByteArray& text, qsizetype size)
{
    if (size == text.size())
        return;
    qsizetype end = size;
    while (end > 0 && (static_cast<unsigned char>(text.at(end)) & 0xC0) == 0x80)
        --end;
    text.truncate(end);
    text.append(size - end, '\n');
}

std::unexpected<Error> cannotWrite(const QSaveFile& file)
{
    const QFileInfo target(file.fileName());
    const auto code = [&] {
        if (target.isDir())
            return ErrorCode::NotAFile;
        if (!QFileInfo(target.path()).isDir())
            return ErrorCode::NotFound;
        if (file.error() == QFileDevice::ResourceError)
            return ErrorCode::DiskFull;
        return file.error() == QFileDevice::WriteError ? ErrorCode::Io : ErrorCode::PermissionDenied;
    }();
    return fail(
        code, tr("Cannot write %1: %2. Choose another place.").arg(file.fileName(), file.errorString()));
}

Result<void> checkRoom(const QString& path, qint64 bytes)
{
    const QStorageInfo disk(QFileInfo(path).absolutePath());
    if (!disk.isValid() || disk.bytesAvailable() >= bytes)
        return {};
    const QLocale locale;
    return fail(ErrorCode::DiskFull,
        tr("Cannot write %1: it needs %2 and the disk has %3 free. Make room or choose another place.")
            .arg(path, locale.formattedDataSize(bytes), locale.formattedDataSize(disk.bytesAvailable())));
}

/// Writes @p fillerBytes of lines, and @p factLine between two of them. Returns where the line begins.
Result<ByteOffset> writeLines(QSaveFile& file, const SampleWriter& writer, const QByteArray& factLine,
    qint64 fillerBytes, qint64 factTarget, const std::stop_token& stop)
{
    BlockQueue blocks(writer, std::clamp<qint64>(fillerBytes, 1, maxBlockBytes));
    std::optional<ByteOffset> factOffset;
    qint64 written = 0;
    do {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, tr("Writing %1 was stopped.").arg(file.fileName()));
        QByteArray block = blocks.take();
        cutTo(block, std::min(block.size(), fillerBytes - written));
        const qint64 within = factTarget - written;
        written += block.size();
        if (!factOffset && within <= block.size()) {
            const qsizetype at = QByteArrayView(block).first(within).lastIndexOf('\n') + 1;
            factOffset = {factTarget - within + at};
            block.insert(at, factLine);
        }
        if (file.write(block) != block.size())
            return cannotWrite(file);
    } while (written < fillerBytes);
    return *factOffset;
}

} // namespace

Result<SamplePlan> writeSample(
    QString path, qint64 bytes, SampleKind kind, quint64 seed, std::stop_token stop)
{
    const SampleWriter writer(kind, seed);
    const SampleFact& fact = writer.fact();
    SampleRandom random(~seed);
    const QByteArray factLine = writer.factLine(bytes, random);
    if (bytes < factLine.size())
        return fail(ErrorCode::InvalidArgument,
            tr("A sample of %1 bytes cannot hold its fact. Ask for at least 1 KiB.").arg(bytes));
    if (const QFileInfo target(path); target.exists() && !target.isFile())
        return fail(ErrorCode::NotAFile,
            tr("%1 is not a file, so no sample is written there. Choose another place.").arg(path));
    if (const Result<void> room = checkRoom(path, bytes); !room)
        return std::unexpected(room.error());

    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return cannotWrite(file);
    const qint64 fillerBytes = bytes - factLine.size();
    const auto target = qint64(random.next() % quint64(fillerBytes + 1));
    const Result<ByteOffset> line = writeLines(file, writer, factLine, fillerBytes, target, stop);
    if (!line)
        return std::unexpected(line.error());
    if (!file.commit())
        return cannotWrite(file);
    return SamplePlan{.question = fact.question,
        .answer = fact.answer,
        .fact = fact.sentence,
        .offset = *line + ByteOffset{factLine.indexOf(fact.sentence)}};
}

} // namespace burrow
