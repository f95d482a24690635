#include "document/document_search.h"

#include <QPointer>
#include <QThreadPool>

namespace burrow {

DocumentSearch::DocumentSearch(QObject* parent) : QObject(parent) { }

DocumentSearch::~DocumentSearch()
{
    m_stop.request_stop();
}

void DocumentSearch::start(std::shared_ptr<const OpenText> text, const SearchPattern& pattern)
{
    clear();
    Result<TextSearch> search = TextSearch::compile(pattern);
    if (!search)
        return end(State::Failed, search.error().message);
    m_stop = std::stop_source();
    m_state = State::Running;
    Q_EMIT stateChanged();
    const auto size = static_cast<double>(std::max<qint64>(1, text->end().value));
    // The pool's thread may outlive this object; what it sends then is dropped.
    const auto send = [self = QPointer(this), round = m_round](auto use) {
        QMetaObject::invokeMethod(
            qApp,
            [self, round, use = std::move(use)]() mutable {
                if (self && self->m_round == round)
                    use(*self);
            },
            Qt::QueuedConnection);
    };
    QThreadPool::globalInstance()->start([text = std::move(text), search = std::move(*search), send, size,
                                             stop = m_stop.get_token()] {
        const auto ending = search.run(
            *text,
            [&](TextSearch::Part part) {
                const double progress = static_cast<double>(part.searched.value) / size;
                send([part = std::move(part), progress](
                         DocumentSearch& self) mutable { self.add(std::move(part), progress); });
            },
            stop);
        send([ending](DocumentSearch& self) {
            if (!ending && ending.error().code == ErrorCode::Cancelled)
                self.end(State::Cancelled);
            else if (!ending)
                self.end(State::Failed, ending.error().message);
            else
                self.end(*ending == TextSearch::Ending::WholeText ? State::Finished : State::TooManyMatches);
        });
    });
}

void DocumentSearch::cancel()
{
    m_stop.request_stop();
}

void DocumentSearch::clear()
{
    m_stop.request_stop();
    ++m_round;
    m_state = State::Idle;
    m_matches.clear();
    m_progress = 0;
    m_problem.clear();
    Q_EMIT started();
    Q_EMIT stateChanged();
}

void DocumentSearch::add(TextSearch::Part part, double progress)
{
    m_progress = progress;
    const auto first = std::ssize(m_matches);
    m_matches.insert(m_matches.end(), part.matches.begin(), part.matches.end());
    if (!part.matches.empty())
        Q_EMIT found(first, std::ssize(part.matches));
    Q_EMIT stateChanged();
}

void DocumentSearch::end(State state, const QString& problem)
{
    m_state = state;
    m_problem = problem;
    Q_EMIT stateChanged();
}

std::optional<qsizetype> DocumentSearch::next(ByteOffset offset) const
{
    if (m_matches.empty())
        return std::nullopt;
    const auto match = std::ranges::lower_bound(m_matches, offset, {}, &TextMatch::begin);
    return match == m_matches.end() ? 0 : match - m_matches.begin();
}

std::optional<qsizetype> DocumentSearch::previous(ByteOffset offset) const
{
    if (m_matches.empty())
        return std::nullopt;
    const auto match = std::ranges::lower_bound(m_matches, offset, {}, &TextMatch::begin);
    return (match == m_matches.begin() ? m_matches.end() : match) - m_matches.begin() - 1;
}

} // namespace burrow
