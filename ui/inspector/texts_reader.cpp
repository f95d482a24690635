#include "inspector/texts_reader.h"

#include "run/background.h"
#include "trajectory/run_file.h"

namespace burrow {

struct TextsReader::Connection {
    std::optional<RunFile> file;

    NodeTexts read(const QString& path, const NodeQuery& query)
    {
        // An open file knows the branches that it had when it was opened.
        if (!file || file->path() != path || !hasBranch(query.branch)) {
            file.reset();
            Result<RunFile> opened = RunFile::open(path, RunFile::Access::Read);
            if (!opened)
                return {.error = opened.error().message};
            file = std::move(*opened);
        }
        return readTexts(*file, query);
    }
    bool hasBranch(int branch) const
    {
        return std::ranges::find(file->branches(), branch, &Branch::id) != file->branches().end();
    }
};

TextsReader::TextsReader(QObject* parent) : QObject(parent), m_connection(std::make_shared<Connection>())
{
    m_pool.setMaxThreadCount(1);
}

TextsReader::~TextsReader()
{
    m_pool.waitForDone();
}

void TextsReader::read(const QString& runFile, const NodeQuery& query)
{
    m_next.emplace(runFile, query);
    if (!m_isReading)
        readNext();
}

void TextsReader::readNext()
{
    if (!m_next)
        return;
    m_isReading = true;
    const auto [path, query] = *std::exchange(m_next, std::nullopt);
    inBackground(
        &m_pool, this,
        [connection = m_connection, path, query] {
            return std::shared_ptr<const NodeTexts>(
                std::make_shared<NodeTexts>(connection->read(path, query)));
        },
        [this, query](const std::shared_ptr<const NodeTexts>& texts) {
            m_isReading = false;
            Q_EMIT arrived(query, texts);
            readNext();
        });
}

} // namespace burrow
