#pragma once

#include "edit/edit_plan.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace burrow {

class CodeView;
class ShownRun;

/// Where a person changes a node: in the place of what it was, with what the change keeps and runs again.
class EditPage : public QWidget {
    Q_OBJECT
public:
    /// @p run must outlive it.
    explicit EditPage(ShownRun& run, QWidget* parent = nullptr);

    /// Names to choose another model from.
    void setModels(const QStringList& models);
    /// Begins to change node @p at of the run that is shown; @p addition is put behind its text.
    void begin(const NodePath& at, Change::What what, const QByteArray& addition = {});
    CodeView* editor() const { return m_editor; }
    QComboBox* model() const { return m_model; }
    QDoubleSpinBox* temperature() const { return m_temperature; }
    QSpinBox* outputTokens() const { return m_outputTokens; }
    QPushButton* runButton() const { return m_run; }
    QString outlook() const;

Q_SIGNALS:
    void wantsToRun(const burrow::NodePath& at, const burrow::Change& change);
    void closed();
    /// The change that is planned keeps the run up to event @p lastEvent; all of it where none is.
    void keeps(qint64 lastEvent);

protected:
    void hideEvent(QHideEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void setupChoices();
    void setupModel();
    void setupParameters();
    void setupReach();
    void setupButtons();
    void plan();
    void showPlan(const Result<EditPlan>& plan);
    void showOutlook();
    void run();
    void onEdited();
    void markChanges();
    void showText(const QByteArray& text);
    void showParameters(const Parameters& parameters);
    Change change() const;
    Parameters parameters() const;

    ShownRun& m_shown;
    QLabel* m_title;
    QWidget* m_choices; ///< of what is no text
    QComboBox* m_model;
    QWidget* m_parameters;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_outputTokens;
    QComboBox* m_reach;
    CodeView* m_editor;
    QLabel* m_outlook;
    QPushButton* m_run;
    QPushButton* m_cancel;
    NodePath m_at;
    Change::What m_what = Change::What::Nothing;
    QByteArray m_addition;
    QByteArray m_before; ///< the text as it was
    ForkOutlook m_plan; ///< once m_hasText
    bool m_hasText = false; ///< of this edit, in the editor
    int m_generation = 0; ///< of the plan: an earlier one is dropped
    int m_marking = 0; ///< as for what differs from the text before
};

} // namespace burrow
