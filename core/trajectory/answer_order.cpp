#include "trajectory/answer_order.h"

#include <QTimer>

#include <algorithm>

namespace burrow {

namespace {

using namespace std::chrono_literals;

/// Beyond what an answer took when it was recorded: a machine may be slower now.
constexpr auto patience = 10s;

} // namespace

AnswerOrder::AnswerOrder(std::vector<Answer> answers)
{
    m_places.reserve(answers.size());
    for (Answer& answer : answers)
        m_places.push_back({std::move(answer), false, false, std::nullopt});
}

Task<void> AnswerOrder::turn(QByteArray question, StopToken stop)
{
    while (m_taken < m_places.size() && m_places[m_taken].isTaken)
        ++m_taken;
    const std::optional<size_t> found = find(question);
    if (!found)
        co_return;
    const size_t place = *found;
    m_places[place].isTaken = true;
    if (place > m_given) {
        const Completion<bool> own = m_places[place].turn.emplace();
        const auto giveUp = [own]() { Completion<bool>(own).resolve(false); };
        const std::stop_callback onStop(stop, giveUp);
        QTimer tooLong;
        tooLong.setSingleShot(true);
        QObject::connect(&tooLong, &QTimer::timeout, &tooLong, giveUp);
        tooLong.start(std::chrono::ceil<std::chrono::milliseconds>(m_places[place].answer.took) + patience);
        co_await own;
    }
    give(place);
}

/// Those without a name come first: once calls might overlap, all have one.
std::optional<size_t> AnswerOrder::find(const QByteArray& question) const
{
    const auto isNext = [&](const Place& place) {
        return !place.isTaken && (place.answer.question == question || place.answer.question.isEmpty());
    };
    const auto found = std::find_if(m_places.begin() + std::ptrdiff_t(m_taken), m_places.end(), isNext);
    if (found == m_places.end())
        return std::nullopt;
    return size_t(found - m_places.begin());
}

/// The next one goes on when this answer is on its way.
void AnswerOrder::give(size_t place)
{
    m_places[place].isGiven = true;
    m_places[place].turn.reset();
    const size_t before = m_given;
    while (m_given < m_places.size() && m_places[m_given].isGiven)
        ++m_given;
    if (m_given > before)
        QMetaObject::invokeMethod(&m_context, [this] { wakeNext(); }, Qt::QueuedConnection);
}

void AnswerOrder::wakeNext()
{
    if (m_given < m_places.size() && m_places[m_given].turn)
        Completion<bool>(*m_places[m_given].turn).resolve(true);
}

} // namespace burrow
