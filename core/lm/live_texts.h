#pragma once

#include "base/node_path.h"

#include <QHash>

#include <mutex>

namespace burrow {

/// What has arrived so far of the replies that are under way: written by the engine, read by whoever shows
/// them. Any thread.
class LiveTexts {
public:
    void set(const NodePath& path, const QByteArray& text)
    {
        const std::scoped_lock lock(m_mutex);
        m_texts.insert(path, text);
    }
    void remove(const NodePath& path)
    {
        const std::scoped_lock lock(m_mutex);
        m_texts.remove(path);
    }
    /// Empty where nothing is under way.
    QByteArray text(const NodePath& path) const
    {
        const std::scoped_lock lock(m_mutex);
        return m_texts.value(path);
    }

private:
    mutable std::mutex m_mutex;
    QHash<NodePath, QByteArray> m_texts;
};

} // namespace burrow
