#include "documents/folder_listing.h"

#include "documents/document_errors.h"

#include <QFile>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace burrow {

namespace fs = std::filesystem;

namespace {

bool isLeftOut(std::string_view name)
{
    // The other version-control folders are hidden ones.
    return name.starts_with('.') || name == "CVS" || name == "_darcs" || name == "SCCS" || name == "RCS";
}

QByteArray bytesOf(const fs::path& path)
{
    // On Windows paths are UTF-16; elsewhere these are the bytes of the file system.
#ifdef _WIN32
    const std::u8string text = path.generic_u8string();
    return QByteArray(reinterpret_cast<const char*>(text.data()), std::ssize(text));
#else
    return QByteArray::fromStdString(path.native());
#endif
}

class Walk {
public:
    explicit Walk(const StopToken& stop) : m_stop(stop) { }

    /// @p inside is the path of @p folder inside the first one, with a `/` at its end, or empty.
    void enter(const fs::path& folder, const QByteArray& inside)
    {
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
            entry.increment(error)) {
            if (m_stop.stop_requested())
                return;
            visit(*entry, inside);
        }
        if (!error)
            return;
        if (inside.isEmpty())
            m_rootError = error;
        else
            skip(inside.chopped(1),
                error == std::errc::permission_denied ? SkipReason::PermissionDenied
                                                      : SkipReason::Unreadable);
    }

    std::error_code rootError() const { return m_rootError; }
    FolderListing take() { return std::move(m_listing); }

private:
    void visit(const fs::directory_entry& entry, const QByteArray& inside)
    {
        const QByteArray name = bytesOf(entry.path().filename());
        if (isLeftOut({name.constData(), static_cast<size_t>(name.size())}))
            return;
        if (!name.isValidUtf8())
            return skip(inside + name, SkipReason::NameNotUtf8);
        std::error_code error;
        const fs::file_type type = entry.symlink_status(error).type();
        if (type == fs::file_type::directory)
            enter(entry.path(), inside + name + '/');
        else if (type == fs::file_type::regular)
            m_listing.files.push_back(inside + name);
        else if (type == fs::file_type::symlink)
            skip(inside + name, SkipReason::SymbolicLink);
        else
            skip(inside + name, error ? SkipReason::Unreadable : SkipReason::SpecialFile);
    }

    void skip(const QByteArray& path, SkipReason reason)
    {
        m_listing.skipped.push_back({QFile::decodeName(path), reason});
    }

    const StopToken& m_stop;
    FolderListing m_listing;
    std::error_code m_rootError;
};

} // namespace

Result<FolderListing> listFolder(const QString& folder, const StopToken& stop)
{
    Walk walk(stop);
#ifdef _WIN32
    walk.enter(fs::path(folder.toStdWString()), {});
#else
    walk.enter(fs::path(QFile::encodeName(folder).toStdString()), {});
#endif
    if (stop.stop_requested())
        return errors::cancelled();
    if (walk.rootError() == std::errc::permission_denied)
        return errors::permissionDenied(folder);
    if (walk.rootError())
        return errors::cannotRead(folder, QString::fromStdString(walk.rootError().message()));
    FolderListing listing = walk.take();
    std::ranges::sort(listing.files);
    return listing;
}

} // namespace burrow
