#pragma once

#include "engine/run_settings.h"
#include "settings/model_choice.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace burrow {

class LimitsEditor;

/// Where a question is asked: what, of which documents, of which models, within which limits.
class AskBar : public QWidget {
    Q_OBJECT
public:
    explicit AskBar(QWidget* parent = nullptr);

    void setModels(const QList<ModelChoice>& models);
    void choose(const ModelChoice& model);
    void setDocuments(const QStringList& paths);
    const QStringList& documents() const { return m_documents; }
    void setQuestion(const QString& question);
    QString question() const;
    void setLimits(const RunLimits& limits);
    /// All but the question. The models are of one server: that of the root.
    RunSettings settings() const;
    /// Where something is missing, says so at its place and returns false.
    bool isReady();
    void focusQuestion();

Q_SIGNALS:
    void asked();
    void wantsDocuments();
    void changed();

private:
    QComboBox* addModelBox(const QString& label, const QString& toolTip);
    void setupQuestion();
    void setupLimits();
    void showDocuments();
    ModelChoice choiceOf(const QComboBox* box) const;

    QStringList m_documents;
    QList<ModelChoice> m_models;
    QToolButton* m_documentsButton;
    QLineEdit* m_question;
    QComboBox* m_root;
    QComboBox* m_sub;
    QToolButton* m_limitsButton;
    LimitsEditor* m_limits;
    QPushButton* m_ask;
};

} // namespace burrow
