#pragma once

#include "engine/limits.h"

#include <QWidget>

class QLineEdit;
class QSpinBox;

namespace burrow {

/// The limits of a run, to be set. What is left empty does not limit.
class LimitsEditor : public QWidget {
    Q_OBJECT
public:
    explicit LimitsEditor(QWidget* parent = nullptr);

    RunLimits limits() const;
    void setLimits(const RunLimits& limits);
    /// `$2.00 · depth 2`.
    QString summary() const;

Q_SIGNALS:
    void changed();

private:
    QLineEdit* addField(const QString& label, const QString& example, const QString& toolTip);
    void check(QLineEdit* field, bool valid);

    QLineEdit* m_cost;
    QLineEdit* m_time;
    QLineEdit* m_calls;
    QLineEdit* m_tokens;
    QSpinBox* m_depth;
    QSpinBox* m_turns;
    RunLimits m_others; ///< what is not edited here
};

} // namespace burrow
