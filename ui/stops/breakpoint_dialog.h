#pragma once

#include "engine/breakpoint.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace burrow {

/// The conditions of a breakpoint: all that are filled in must hold.
class BreakpointDialog : public QDialog {
    Q_OBJECT
public:
    explicit BreakpointDialog(const Breakpoint& breakpoint, QWidget* parent = nullptr);

    /// Errors: InvalidArgument, naming the field.
    Result<Breakpoint> breakpoint() const;

    void accept() override;

private:
    QLineEdit* addField(
        QFormLayout* form, const QString& name, const QString& value, const QString& placeholder);

    QComboBox* m_point;
    QLineEdit* m_at;
    QLineEdit* m_depth;
    QLineEdit* m_model;
    QLineEdit* m_text;
    QLineEdit* m_cost;
    QLineEdit* m_tokens;
    QSpinBox* m_hits;
    QCheckBox* m_logOnly;
    QLabel* m_problem;
};

} // namespace burrow
