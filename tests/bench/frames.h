#pragma once

#include "support/thread_time_posix.h"

#include <QString>

#include <algorithm>
#include <vector>

namespace burrow::bench {

/// How long a window's turns take: by the wall, which is what a person feels, and the processor's time of the
/// GUI thread, which is what is left of it on a machine that has other work.
class Frames {
public:
    /// A turn begins here, where none does otherwise.
    void begin()
    {
        m_begun = std::chrono::steady_clock::now();
        m_used = test::threadTime();
    }
    /// A turn ends, and the next one begins.
    void end()
    {
        using Milliseconds = std::chrono::duration<double, std::milli>;
        m_wall.push_back(Milliseconds(std::chrono::steady_clock::now() - m_begun).count());
        m_processor.push_back(Milliseconds(test::threadTime() - m_used).count());
        begin();
    }
    QString wall() { return summary(m_wall); }
    QString processor() { return summary(m_processor); }

private:
    static QString summary(std::vector<double>& all)
    {
        if (all.empty())
            return QStringLiteral("none");
        std::ranges::sort(all);
        return QStringLiteral("99 % %1 ms; worst %2 ms")
            .arg(all[(all.size() - 1) * 99 / 100], 0, 'f', 1)
            .arg(all.back(), 0, 'f', 1);
    }

    std::chrono::steady_clock::time_point m_begun;
    std::chrono::nanoseconds m_used{};
    std::vector<double> m_wall, m_processor; ///< milliseconds
};

} // namespace burrow::bench
