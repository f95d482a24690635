#pragma once

#include <QWidget>

class QAction;
class QVBoxLayout;

namespace burrow {

/// What a person sees before there is a run: three doors.
class FirstPage : public QWidget {
    Q_OBJECT
public:
    explicit FirstPage(QWidget* parent = nullptr);

    /// A door that carries out @p action, with @p text below its name.
    void addDoor(QAction* action, const QString& text);

private:
    QVBoxLayout* m_doors;
};

} // namespace burrow
