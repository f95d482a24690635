#pragma once

#include "inspector/node_texts.h"

#include <QObject>
#include <QThreadPool>

#include <functional>

namespace burrow {

/// Reads texts of a run file off the window's thread, one query after the other. Of several that wait only
/// the newest is read.
class TextsReader : public QObject {
    Q_OBJECT
public:
    explicit TextsReader(QObject* parent = nullptr);
    ~TextsReader() override;

    void read(const QString& runFile, const NodeQuery& query);

Q_SIGNALS:
    void arrived(const burrow::NodeQuery& query, const std::shared_ptr<const burrow::NodeTexts>& texts);

private:
    struct Connection;

    void readNext();

    QThreadPool m_pool; ///< of one thread: a connection is used by one at a time
    std::shared_ptr<Connection> m_connection; ///< used there alone
    std::optional<std::pair<QString, NodeQuery>> m_next;
    bool m_isReading = false;
};

} // namespace burrow
