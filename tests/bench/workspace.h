#pragma once

#include "programs.h"

#include <string>
#include <vector>

namespace burrow::bench {

/// The documents that the rows ask about, made when first needed.
class Workspace {
public:
    explicit Workspace(QString folder) : m_folder(std::move(folder)) { }

    /// The path of a sample of @p bytes. @p kind is `ascii` or `zh`.
    Measured<QString> sample(qint64 bytes, const char* kind) const;
    /// The path of a run file of about @p nodes nodes.
    Measured<QString> run(int nodes) const;
    /// The path of one line of text.
    QString small() const;

private:
    QString m_folder;
};

inline constexpr qint64 gigabyte = 1'000'000'000;

using Replies = std::vector<std::string>;

/// The script of a Server: the replies of the root model and of the sub-model, by turn.
QByteArray script(const Replies& root, const Replies& sub = {"ok"});
/// A reply that holds @p code as its cell.
std::string cell(const std::string& code);
/// Code that answers.
inline const std::string finish = "answer['content'] = 'done'; answer['ready'] = True";

} // namespace burrow::bench
