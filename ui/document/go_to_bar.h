#pragma once

#include "document/document_place.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace burrow {

/// Where a person names a place to go to: a line, a byte or a percentage.
class GoToBar : public QWidget {
    Q_OBJECT
public:
    explicit GoToBar(QWidget* parent = nullptr);

    void open();
    void close();
    /// Says why the place cannot be gone to yet, or at all.
    void say(const QString& text);

Q_SIGNALS:
    void placeWanted(const DocumentPlace& place);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void onReturn();

    QLineEdit* m_field;
    QLabel* m_note;
};

} // namespace burrow
