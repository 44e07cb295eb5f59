#include "platform/certificate.h"

#include <Poco/Exception.h>
#include <Poco/Net/X509Certificate.h>

#include "values/errors.h"

namespace platform {

values::Instant certificateEnd(const std::string& path) try {
    const auto end = Poco::Net::X509Certificate(path).expiresOn().timestamp().epochMicroseconds();
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(end)));
} catch (const Poco::Exception& fault) {
    throw values::Unavailable("the certificate " + path + " cannot be read: " + fault.displayText());
}

}  // namespace platform
