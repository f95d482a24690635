#pragma once

#include "documents/mapped_file.h"
#include "documents/text_decoder.h"

namespace burrow {

/// A document opened to be looked at: its bytes, and how they stand for characters. Immutable, so that any
/// number of threads may use one. Nothing of it is read before it is asked for, whatever its size.
class OpenText {
public:
    /// Maps @p path. Without @p encoding the first 16 MiB decide. Errors: those of MappedFile::open;
    /// InvalidArgument where this build has no codec for the encoding.
    static Result<std::shared_ptr<const OpenText>> open(
        const QString& path, const std::optional<TextEncoding>& encoding);

    const QString& path() const { return m_path; }
    const TextEncoding& encoding() const { return m_encoding; }
    const TextDecoder& decoder() const { return *m_decoder; }
    const FileIdentity& identity() const { return m_file.identity(); }

    /// The whole file. Offsets into a document count from its first byte; see MappedFile::bytes().
    Bytes bytes() const { return m_file.bytes(); }
    Bytes bytes(ByteOffset from, ByteOffset to) const;
    /// Of the first character, behind a byte order mark.
    ByteOffset begin() const { return m_begin; }
    ByteOffset end() const { return {m_file.identity().size}; }

    /// A place at @p nominal or up to 256 bytes before it, where the bytes may be cut: behind a space, or
    /// where none is near, between two characters.
    ByteOffset cutNear(ByteOffset nominal) const;

    /// Errors: DocumentChanged.
    Result<void> check() const { return m_file.check(); }

private:
    OpenText(const QString& path, MappedFile file) : m_path(path), m_file(std::move(file)) { }
    ByteOffset characterBorder(ByteOffset nominal) const;

    QString m_path;
    MappedFile m_file;
    TextEncoding m_encoding;
    std::unique_ptr<const TextDecoder> m_decoder;
    ByteOffset m_begin;
};

} // namespace burrow
