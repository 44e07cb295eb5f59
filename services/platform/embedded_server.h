#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "platform/database.h"

namespace platform {

/// Whether what is committed outlives the machine. `none` is for data that is thrown away, as a test's is:
/// nothing waits for the disk, and the server begins small. Production never asks for it.
enum class Durability { full, none };

/// Whether a server is to be one that is there already, or a new one. Nothing is ever installed by looking.
enum class Opening { existing, creating };

/// The private database of a data folder. The first process to come owns it: it holds a lock on the folder,
/// starts mariadbd as the invoking user on a unix socket, and stops it when it ends. A second process finds
/// the lock taken and uses the same server, as a guest; the owner does not stop it under its guests, but
/// waits for them a while. Create it in the main thread: mariadbd stops when the thread that started it dies,
/// so that it is never left behind.
class EmbeddedServer {
public:
    /// Starts the server or finds the running one, and waits until it answers. With Opening::creating it
    /// first installs its files. Throws NotFound where there is no database, Conflict where there is
    /// something else than was expected, or anything at all where one is to be created; Unavailable where it
    /// does not come up.
    EmbeddedServer(const std::string& folder, int bufferMegabytes, Durability durability = Durability::full,
                   Opening opening = Opening::existing);
    EmbeddedServer(const EmbeddedServer&) = delete;
    EmbeddedServer& operator=(const EmbeddedServer&) = delete;
    /// Stops the server where this process owns it.
    ~EmbeddedServer();

    /// How to reach it under an account; `name` is the database, empty for none.
    DatabaseAddress address(Account account, const std::string& name) const;
    /// The same as its superuser: the operating system's user, without a password.
    DatabaseAddress superuser() const;
    bool isOwner() const { return process_ > 0; }
    /// Starts the server again where this process owns it and it has stopped without being asked. Call it now
    /// and then, from the thread that created the object. Until it answers again, requests are Unavailable.
    void keepRunning();

private:
    void refuseMissing() const;
    void refuseOccupied() const;
    bool lock();
    bool isGuest();
    void awaitGuests() const;
    void install() const;
    std::string temporaryFolder() const;
    void start();
    bool answers() const;
    void waitUntilReady();
    void readPasswords();
    void completePasswords();

    std::string folder_;
    std::string socket_;
    int bufferMegabytes_;
    Durability durability_;
    int lockFile_ = -1;
    int guestFile_ = -1;  ///< guests share a lock on it; an owner that ends wants it alone
    pid_t process_ = 0;
    std::map<std::string, std::string> passwords_;
};

}  // namespace platform
