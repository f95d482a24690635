#pragma once

#include "sandbox_fixture.h"

#include <QDirIterator>
#include <QStandardPaths>
#include <QTemporaryDir>

/// What tst_guest_semantics needs beside the table of cells itself.
namespace burrow::sandbox_test {

/// One row of a table of cells: `row("name") << "first cell" << "last cell" << "what the last one shows"`.
class row {
public:
    explicit row(const char* name) : m_name(name) { }
    ~row() { QTest::newRow(m_name) << m_cells; }
    row& operator<<(const QByteArray& cell)
    {
        m_cells << cell;
        return *this;
    }

private:
    const char* m_name;
    QByteArrayList m_cells;
};

/// An output as text: stdout, the last line of stderr after `!`, the value after `=>`, the answer or draft.
inline QByteArray shown(const CellOutput& output)
{
    QByteArray text = output.out.head + output.out.tail;
    const QByteArray errors = (output.err.head + output.err.tail).trimmed();
    if (!errors.isEmpty())
        text += '!' + errors.sliced(errors.lastIndexOf('\n') + 1) + '\n';
    if (!output.value.head.isEmpty())
        text += "=> " + output.value.head + output.value.tail + '\n';
    if (output.answer)
        text += "answer: " + *output.answer + '\n';
    if (!output.answerDraft.isEmpty())
        text += "draft: " + output.answerDraft + '\n';
    return text;
}

/// Answers a prompt with itself in capitals, except for `fail`, `limit` and `never`.
class AnsweringCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken stop) override
    {
        batches.push_back(batch);
        if (holdUntil > 0)
            co_await holdUntilAllHaveCome();
        std::vector<QueryResult> results;
        for (const SubQuery& item : batch.items) {
            if (item.prompt == "limit")
                co_return std::unexpected(QueryRefusal{"LimitReached", "max calls"});
            if (item.prompt == "never")
                co_await sleepFor(std::chrono::hours(1), stop);
            const bool ok = item.prompt != "fail";
            results.push_back({ok, ok ? item.prompt.toUpper() : QByteArray("no luck")});
        }
        co_return results;
    }

    std::vector<QueryBatch> batches;
    size_t holdUntil = 0; ///< answers none before this many have come, and then the last first

private:
    Task<void> holdUntilAllHaveCome()
    {
        Completion<bool> mine;
        m_held.push_back(mine);
        if (m_held.size() == holdUntil) {
            for (size_t i = m_held.size(); i-- > 0;)
                m_held[i].resolve(true);
        }
        co_await mine;
    }

    std::vector<Completion<bool>> m_held;
};

/// A guest that starts at once, and its cells, which wait until it has.
class Notebook {
public:
    Notebook(SandboxOptions options, ReplSpec spec)
        : m_factory(std::move(options)), m_starting(m_factory.start(std::move(spec), &calls, {}))
    {
    }
    ~Notebook() { awaitStart(); }

    CellOutput run(const QByteArray& code)
    {
        awaitStart();
        if (!*m_repl) {
            QTest::qFail(qPrintable(m_repl->error().message), __FILE__, __LINE__);
            return {};
        }
        return QCoro::waitFor((**m_repl)->execute(cell(code), {})).value_or(CellOutput());
    }

    /// What a cell writes to either stream.
    QByteArray print(const QByteArray& code)
    {
        const CellOutput output = run(code);
        return output.out.head + output.err.head;
    }

    qint64 pid() const { return static_cast<const GuestRepl&>(***m_repl).pid(); }

    AnsweringCalls calls;

private:
    void awaitStart()
    {
        if (!m_repl)
            m_repl = QCoro::waitFor(std::move(m_starting));
    }

    SandboxedReplFactory m_factory;
    Task<Result<std::unique_ptr<Repl>>> m_starting;
    std::optional<Result<std::unique_ptr<Repl>>> m_repl;
};

/// Documents on disk, as the host would hand them to a guest.
class CorpusFiles {
public:
    /// @p pattern, repeated up to @p length characters.
    void add(const QList<char32_t>& pattern, qsizetype length, CharWidth width)
    {
        QByteArray once;
        for (const char32_t c : pattern) {
            for (int byte = 0; byte < bytesPerChar(width); ++byte)
                once += static_cast<char>(c >> (8 * byte));
        }
        const QByteArray bytes
            = once.repeated(length / pattern.size() + 1).first(length * bytesPerChar(width));
        const QString path = m_folder.filePath(QString::number(m_context.spans.size()));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("Cannot write %s.", qPrintable(path));
        m_context.names.push_back(QByteArray::number(m_context.spans.size()));
        m_context.spans.push_back({path, {}, {length}, width});
        m_context.isList = m_context.spans.size() > 1;
    }

    ReplSpec spec() const
    {
        ReplSpec spec = textSpec();
        spec.context = m_context;
        return spec;
    }

private:
    QTemporaryDir m_folder;
    ReplContext m_context;
};

inline QByteArray pythonLiteral(const QList<char32_t>& text)
{
    QByteArray literal = "'";
    for (const char32_t c : text)
        literal += "\\U" + QByteArray::number(uint(c), 16).rightJustified(8, '0');
    return literal + "'";
}

/// `check(text, pattern, length)` compares a document in every way that might differ with the text that
/// Python itself makes of the pattern. Of a mapped str sys.getsizeof tells more than of another.
inline const QByteArray defineCheck = R"python(
import sys
def check(m, p, n):
    e = (p * (n // len(p) + 1))[:n]
    return {
        type(m) is str, len(m) == n, m == e, e == m, hash(m) == hash(e), {m: True}[e],
        m[5:50] == e[5:50], m[-9:] == e[-9:], m.find('zz') == -1, m.count(p) == e.count(p),
        m.upper() == e.upper(), m.isascii() == e.isascii(), m + 'x' == e + 'x',
        m.encode('utf-8', 'surrogatepass') == e.encode('utf-8', 'surrogatepass'),
        m.split(None, 9) == e.split(None, 9), m.rsplit(None, 9) == e.rsplit(None, 9),
        max(m[-99:], default='') == max(e[-99:], default=''), m.replace('a', 'bc') == e.replace('a', 'bc')}
def is_mapped(m):
    return sys.getsizeof(m) > sys.getsizeof(''.join(m))
)python";

/// Leaves a REPL as it began: its own names are put back.
inline const QByteArray forgetEverything
    = "[globals().pop(name) for name in [*globals()] if not name.startswith('__')];";

inline const QByteArray printOpenDescriptors = R"python(
import os
for descriptor in range(5, 256):
    try: os.fstat(descriptor)
    except OSError: continue
    print(descriptor))python";

/// Every CPython from 3.9 on of this machine, each once: on the PATH, where systems keep it, or beside others
/// of pyenv.
inline QList<std::pair<QByteArray, QString>> pythons()
{
    QStringList folders = qEnvironmentVariable("PATH").split(QLatin1Char(':'), Qt::SkipEmptyParts);
    // They are programs of pyenv, which find the interpreters below.
    folders.removeIf([](const QString& folder) { return QDir(folder).dirName() == QStringLiteral("shims"); });
    folders << QStringLiteral("/usr/bin");
    const QDir versions(QDir::home().filePath(QStringLiteral(".pyenv/versions")));
    for (const QString& version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        folders << versions.filePath(version + QStringLiteral("/bin"));
    QList<std::pair<QByteArray, QString>> found;
    for (int minor = 9; minor <= 14; ++minor) {
        const QString name = QStringLiteral("python3.%1").arg(minor);
        const QString path = QStandardPaths::findExecutable(name, folders);
        if (!path.isEmpty())
            found.emplaceBack(name.toLatin1(), path);
    }
    return found;
}

/// A copy of the guest that runs @p code before its own.
class ChangedGuest {
public:
    explicit ChangedGuest(const QByteArray& code)
    {
        const QDir from(realGuest().driverFolder);
        const QDir to(folder());
        to.mkpath(QStringLiteral("."));
        // The guest may run as a user of its own.
        QFile::setPermissions(m_folder.path(), QFile::permissions(from.path()));
        QDirIterator files(from.path(), {QStringLiteral("*.py"), QStringLiteral("*.pyc")}, QDir::Files,
            QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = from.relativeFilePath(files.next());
            to.mkpath(QFileInfo(file).path());
            QFile::copy(from.filePath(file), to.filePath(file));
        }
        QFile original(from.filePath(QStringLiteral("driver.py")));
        QFile driver(to.filePath(QStringLiteral("driver.py")));
        if (!original.open(QIODevice::ReadOnly) || !driver.open(QIODevice::WriteOnly))
            qFatal("Cannot copy the guest to %s.", qPrintable(folder()));
        driver.write(code + '\n' + original.readAll());
    }

    QString folder() const { return m_folder.filePath(QStringLiteral("guest")); }

private:
    QTemporaryDir m_folder;
};

} // namespace burrow::sandbox_test
