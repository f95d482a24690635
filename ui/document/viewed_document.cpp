#include "document/viewed_document.h"

#include <QThreadPool>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds progressEvery = 100ms, checkEvery = 1s;

} // namespace

Result<std::unique_ptr<ViewedDocument>> ViewedDocument::open(
    const QString& path, const std::optional<TextEncoding>& encoding)
{
    return OpenText::open(path, encoding).transform([](std::shared_ptr<const OpenText> text) {
        return std::unique_ptr<ViewedDocument>(new ViewedDocument(std::move(text)));
    });
}

ViewedDocument::ViewedDocument(std::shared_ptr<const OpenText> text)
    : m_text(std::move(text)), m_lines(std::make_shared<LineIndex>(m_text)), m_rows(*m_text)
{
    connect(&m_progress, &QTimer::timeout, this, [this] {
        if (m_lines->isComplete())
            m_progress.stop();
        Q_EMIT linesCounted();
    });
    connect(&m_check, &QTimer::timeout, this, &ViewedDocument::checkState);
    m_progress.start(progressEvery);
    m_check.start(checkEvery);
    // A change that it meets is one that checkState() meets, too.
    QThreadPool::globalInstance()->start(
        [lines = m_lines, stop = m_stop.get_token()] { std::ignore = lines->build(stop); });
}

ViewedDocument::~ViewedDocument()
{
    m_stop.request_stop();
}

void ViewedDocument::checkState()
{
    if (m_state != State::Unchanged)
        return;
    const Result<FileIdentity> now = identify(m_text->path());
    if (!now)
        m_state = State::Gone;
    else if (now->inode != m_text->identity().inode || !m_text->check())
        m_state = State::Changed;
    if (m_state == State::Unchanged)
        return;
    m_check.stop();
    Q_EMIT stateChanged();
}

} // namespace burrow
