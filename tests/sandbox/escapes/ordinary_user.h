#pragma once

#include <QString>

#include <expected>
#include <memory>

namespace burrow::escapes {

/// An account without any right, made for the suite and removed again with this object.
class OrdinaryUser {
public:
    /// Needs root. Errors: what useradd says.
    static std::expected<std::unique_ptr<OrdinaryUser>, QString> create();
    ~OrdinaryUser();

    unsigned id() const { return m_id; }
    /// Makes the file or folder @p path the user's own. Returns whether it worked.
    bool own(const QString& path) const;

private:
    OrdinaryUser(QString name, unsigned id) : m_name(std::move(name)), m_id(id) { }

    QString m_name;
    unsigned m_id;
};

} // namespace burrow::escapes
