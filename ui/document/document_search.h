#pragma once

#include "documents/text_search.h"

#include <QObject>

namespace burrow {

/// A search of one document in the background. Its matches are there as they are found. GUI thread only.
class DocumentSearch : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Running, Finished, TooManyMatches, Cancelled, Failed };

    explicit DocumentSearch(QObject* parent = nullptr);
    ~DocumentSearch() override;

    /// Searches from the start; what ran or was found before is forgotten.
    void start(std::shared_ptr<const OpenText> text, const SearchPattern& pattern);
    void cancel();
    /// Forgets the matches, too.
    void clear();

    State state() const { return m_state; }
    const std::vector<TextMatch>& matches() const { return m_matches; }
    double progress() const { return m_progress; } ///< 0 to 1
    const QString& problem() const { return m_problem; }

    /// The first match at or behind @p offset, or the last one before it; around the ends. Nothing where
    /// there is none.
    std::optional<qsizetype> next(ByteOffset offset) const;
    std::optional<qsizetype> previous(ByteOffset offset) const;

Q_SIGNALS:
    void started();
    void found(qsizetype first, qsizetype count); ///< were appended to the matches
    void stateChanged();

private:
    void add(TextSearch::Part part, double progress);
    void end(State state, const QString& problem = {});

    State m_state = State::Idle;
    std::vector<TextMatch> m_matches;
    double m_progress = 0;
    QString m_problem;
    std::stop_source m_stop;
    quint64 m_round = 0; ///< what an earlier search still sends is not of this one
};

} // namespace burrow
