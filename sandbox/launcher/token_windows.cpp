#include "steps_windows.h"

#include <sddl.h>

namespace burrow::launcher {

namespace {

/// A security identifier from its text.
class Sid {
public:
    explicit Sid(const wchar_t* text) { ConvertStringSidToSidW(text, &m_sid); }
    ~Sid() { LocalFree(m_sid); }
    Sid(const Sid&) = delete;
    Sid& operator=(const Sid&) = delete;
    PSID get() const { return m_sid; }

private:
    PSID m_sid = nullptr;
};

} // namespace

std::expected<Handle, std::string> makeWriteRestrictedToken()
{
    HANDLE own = nullptr;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own))
        return failed("open the token");
    const Handle ownToken(own);
    // Writing needs a permission for this identity too, which no file of a person gives.
    const Sid restrictedCode(L"S-1-5-12");
    SID_AND_ATTRIBUTES restricting{restrictedCode.get(), 0};
    HANDLE restricted = nullptr;
    if (!CreateRestrictedToken(own, DISABLE_MAX_PRIVILEGE | WRITE_RESTRICTED, 0, nullptr, 0, nullptr, 1,
            &restricting, &restricted))
        return failed("restrict the token");
    Handle token(restricted);
    const Sid lowIntegrity(L"S-1-16-4096");
    TOKEN_MANDATORY_LABEL label{{lowIntegrity.get(), SE_GROUP_INTEGRITY}};
    if (!SetTokenInformation(restricted, TokenIntegrityLevel, &label, sizeof label))
        return failed("lower the token's integrity");
    return token;
}

} // namespace burrow::launcher
