#pragma once

#include <QWidget>

namespace burrow {

/// Holds what changes many times a second. A label that gets another text asks for another place, and all
/// layouts up to the window's answer, which takes several milliseconds; here they do so only where the
/// content needs another height.
class LayoutIsland : public QWidget {
public:
    /// @p content becomes its child. It may become narrower than it asks for.
    explicit LayoutIsland(QWidget* content, QWidget* parent = nullptr);

    QSize sizeHint() const override { return {m_content->sizeHint().width(), m_height}; }
    QSize minimumSizeHint() const override { return {0, m_height}; }

protected:
    bool event(QEvent* event) override;

private:
    void fit();

    QWidget* m_content;
    int m_height;
};

} // namespace burrow
