#include "steps.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

constexpr const char* newRoot = "/tmp"; // covered in the guest's own mount namespace only

enum class Content { Files, Code, Device };

std::expected<Tree, std::string> detach(const std::string& path, std::string at, Content content)
{
    Tree tree{-1, std::move(at), false};
    tree.fd = open_tree(AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree.fd < 0)
        return failed("detach " + path);
    struct stat entry{};
    if (fstat(tree.fd, &entry) != 0)
        return failed("look at " + path);
    tree.isFolder = S_ISDIR(entry.st_mode);
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY; // a device can be written to all the same
    if (content != Content::Device)
        attributes.attr_set |= MOUNT_ATTR_NODEV;
    if (content == Content::Files)
        attributes.attr_set |= MOUNT_ATTR_NOEXEC;
    if (mount_setattr(tree.fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0)
        return failed("make read-only " + path);
    return tree;
}

std::string under(const char* folder, const std::string& rest)
{
    return std::string(folder) + '/' + rest;
}

/// Makes @p path and what leads to it. Existing folders are fine.
Step makeFolders(const std::string& path)
{
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
        mkdir(path.substr(0, slash).c_str(), 0755);
    if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
        return failed("make the folder " + path);
    return {};
}

Step makeMountPoint(const std::string& path, bool isFolder)
{
    if (isFolder)
        return makeFolders(path);
    if (const Step made = makeFolders(path.substr(0, path.rfind('/'))); !made)
        return made;
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
    if (fd < 0)
        return failed("make the file " + path);
    close(fd);
    return {};
}

Step attach(const Tree& tree)
{
    const std::string at = newRoot + tree.at;
    if (const Step made = makeMountPoint(at, tree.isFolder); !made)
        return made;
    if (move_mount(tree.fd, "", AT_FDCWD, at.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return failed("attach " + tree.at);
    close(tree.fd);
    return {};
}

Step mountTmpfs(const std::string& at, unsigned long flags, const std::string& settings)
{
    if (mount("tmpfs", at.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | flags, settings.c_str()) != 0)
        return failed("mount a tmpfs");
    return {};
}

/// Cells have the standard library alone, so packages that people have installed into it are covered.
Step hidePackages(const Options& options)
{
    for (const char* name : {"site-packages", "dist-packages"}) {
        const std::string folder = newRoot + under(inside::python, options.stdlibAt) + '/' + name;
        if (access(folder.c_str(), F_OK) != 0)
            continue;
        if (const Step hidden = mountTmpfs(folder, MS_NOEXEC | MS_RDONLY, "mode=0555,size=4k,nr_inodes=1");
            !hidden)
            return hidden;
    }
    return {};
}

/// The dynamic linker has no cache here; these are the folders in which the various distributions' linkers
/// look without one.
Step linkLibraryFolders(const Options& options)
{
    const std::string root = newRoot;
    using Link = std::array<std::string, 2>;
    for (const auto& [at, target] :
        {Link{"/lib", "usr/lib"}, Link{"/lib64", "usr/lib"}, Link{"/usr/lib64", "lib"}})
        if (symlink(target.c_str(), (root + at).c_str()) != 0)
            return failed("link " + at);
    for (const Library& library : options.libraries) {
        const std::string file = library.path.substr(library.path.rfind('/') + 1);
        for (const std::string& name : library.names)
            symlink(
                file.c_str(), (root + under(inside::libraries, name)).c_str()); // the first of a name wins
    }
    // A linker that lies elsewhere, and is named by its full path in the interpreter.
    const std::string loader = root + options.loader;
    if (options.loader.empty() || access(loader.c_str(), F_OK) == 0)
        return {};
    if (const Step made = makeFolders(loader.substr(0, loader.rfind('/'))); !made)
        return made;
    const std::string target = under(inside::libraries, options.loader.substr(options.loader.rfind('/') + 1));
    return symlink(target.c_str(), loader.c_str()) == 0 ? Step() : failed("link the loader");
}

Step pivot()
{
    if (chdir(newRoot) != 0)
        return failed("enter the new root");
    if (syscall(SYS_pivot_root, ".", ".") != 0)
        return failed("pivot_root");
    // Both roots now lie on top of each other at "."; the upper one is the old one.
    if (umount2(".", MNT_DETACH) != 0)
        return failed("leave the old root");
    if (chdir("/") != 0)
        return failed("enter the new root");
    if (mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr) != 0)
        return failed("make the root read-only");
    return {};
}

} // namespace

std::string executableInside(const Options& options)
{
    return under(inside::python, "bin" + options.executable.substr(options.executable.rfind('/')));
}

std::expected<std::vector<Tree>, std::string> detachTrees(const Options& options)
{
    struct Source {
        std::string path;
        std::string at;
        Content content;
    };
    std::vector<Source> sources = {{options.executable, executableInside(options), Content::Code},
        {options.stdlib, under(inside::python, options.stdlibAt), Content::Code},
        {options.driverFolder, inside::guest, Content::Files}, {"/dev/null", "/dev/null", Content::Device}};
    if (!options.dynload.empty())
        sources.push_back({options.dynload, under(inside::python, options.dynloadAt), Content::Code});
    for (const Library& library : options.libraries) {
        const std::string file = library.path.substr(library.path.rfind('/') + 1);
        const std::string at = under(inside::libraries, file);
        if (std::ranges::find(sources, at, &Source::at) == sources.end())
            sources.push_back({library.path, at, Content::Code});
    }
    std::vector<Tree> trees;
    for (const Source& source : sources) {
        auto tree = detach(source.path, source.at, source.content);
        if (!tree) {
            for (const Tree& open : trees)
                close(open.fd);
            return std::unexpected(tree.error());
        }
        trees.push_back(*std::move(tree));
    }
    return trees;
}

Step enterRoot(const Options& options, const std::vector<Tree>& trees)
{
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return failed("make the mounts private");
    Step step = mountTmpfs(newRoot, 0, "mode=0755,size=1m,nr_inodes=1024");
    for (auto tree = trees.begin(); step && tree != trees.end(); ++tree)
        step = attach(*tree);
    if (step)
        step = hidePackages(options);
    if (step)
        step = linkLibraryFolders(options);
    const std::string scratch = std::string(newRoot) + inside::scratch;
    if (step)
        step = makeFolders(scratch);
    if (step)
        step = mountTmpfs(scratch, MS_NOEXEC,
            "mode=0700,nr_inodes=" + std::to_string(std::max<std::uint64_t>(options.scratchFiles, 1))
                + ",size=" + std::to_string(std::max<std::uint64_t>(options.scratch, 4096)));
    if (step)
        step = pivot();
    if (step && chdir(inside::scratch) != 0)
        step = failed("enter the scratch folder");
    return step;
}

} // namespace burrow::launcher
