#pragma once

#include <chrono>
#include <vector>

namespace burrow {

/// Real time with the gaps taken out in which nothing ran.
class TimeAxis {
public:
    struct Interval {
        std::chrono::microseconds begin, end; ///< since 1970
    };

    TimeAxis() = default;
    /// Of what ran in @p busy, in any order.
    explicit TimeAxis(std::vector<Interval> busy);

    /// In seconds from the beginning.
    double place(std::chrono::microseconds time) const;
    /// The other way around. A gap is shorter than it was: all of it but its beginning has no place.
    std::chrono::microseconds time(double place) const;

private:
    /// From `from` on, the place of a time is `taken` before it.
    struct Fold {
        std::chrono::microseconds from{0}, taken{0};
    };
    std::vector<Fold> m_folds;
};

} // namespace burrow
