#include "platform/embedded_server.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/digest.h"
#include "platform/file_writer.h"
#include "platform/log.h"
#include "values/errors.h"

namespace platform {
namespace {

namespace fs = std::filesystem;
using values::Unavailable;

constexpr auto kStartTime = std::chrono::seconds(60);  // recovery after a crash under load takes seconds
constexpr auto kPoll = std::chrono::milliseconds(20);
constexpr auto kGuestTime = std::chrono::seconds(20);  // how long an owner that ends waits for its guests
constexpr std::size_t kLongestSocket = 100;            // the kernel allows 107 bytes

std::string userName() {
    const auto* entry = ::getpwuid(::geteuid());
    if (entry == nullptr)
        throw Unavailable("the embedded database needs a user that the system knows by name");
    return entry->pw_name;
}

/// A long data folder does not leave room for a socket's path: then it stands in a private folder of its own,
/// whose name both owner and guests derive from the data folder.
std::string socketFor(const std::string& folder) {
    auto path = folder + "/mariadb.sock";
    if (path.size() <= kLongestSocket) return path;
    const auto place =
        "/tmp/plumbline-" + std::to_string(::geteuid()) + "-" + sha256Hex(folder).substr(0, 16);
    if (::mkdir(place.c_str(), 0700) != 0 && errno != EEXIST)
        throw Unavailable("cannot make a folder for the database's socket: " + place);
    struct stat info {};
    if (::lstat(place.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid() ||
        (info.st_mode & 077) != 0)
        throw Unavailable("the folder for the database's socket is not ours alone: " + place);
    return place + "/s.sock";
}

void writePrivately(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw Unavailable("cannot write " + path + ": " + std::strerror(errno));
    ::close(file);
}

/// Stands after the rest: of two lines for one setting, the later counts. Small files are cheap to copy,
/// small caches cheap to clear at a start.
constexpr const char* kNothingLasts =
    "debug_no_sync\n"
    "innodb_flush_log_at_trx_commit = 0\n"
    "innodb_flush_method = nosync\n"
    "innodb_doublewrite = OFF\n"
    "innodb_log_file_size = 8M\n"
    "innodb_autoextend_increment = 1\n"
    "innodb_temp_data_file_path = ibtmp1:5M:autoextend\n"
    "aria_pagecache_buffer_size = 8M\n"
    "key_buffer_size = 8M\n";

std::string configuration(int bufferMegabytes, Durability durability) {
    return "[mariadbd]\n"
           "skip-networking\n"
           "skip-name-resolve\n"
           "character-set-server = utf8mb4\n"
           "collation-server = utf8mb4_unicode_ci\n"
           "sql_mode = "
           "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,"
           "NO_ZERO_DATE,NO_ZERO_IN_DATE\n"
           "default-time-zone = +00:00\n"
           "secure_timestamp = YES\n"  // nobody can backdate history, not even the superuser
           "innodb_flush_log_at_trx_commit = 1\n"
           "innodb_flush_method = fsync\n"
           "innodb_buffer_pool_size = " +
           std::to_string(bufferMegabytes) +
           "M\n"
           "innodb_log_file_size = 512M\n"
           "max_connections = 64\n"
           "table_open_cache = 400\n"
           "performance_schema = OFF\n"
           "local_infile = OFF\n"
           "max_allowed_packet = 64M\n" +
           (durability == Durability::none ? kNothingLasts : "");
}

/// Runs a program to its end, its output into a file; gives its exit code.
int runToEnd(std::vector<std::string> words, const std::string& output) {
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

EmbeddedServer::EmbeddedServer(const std::string& folder, int bufferMegabytes, Durability durability,
                               Opening opening)
    : folder_(folder), bufferMegabytes_(bufferMegabytes), durability_(durability) {
    if (opening == Opening::creating) makePrivateFolder(folder_);
    else refuseMissing();
    socket_ = socketFor(folder_);
    guestFile_ = ::open((folder_ + "/guests").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (guestFile_ < 0) throw Unavailable("cannot write to the data folder: " + folder_);
    // An owner that is just ending may still hold the lock while its server no longer answers: so try both.
    const auto until = std::chrono::steady_clock::now() + kStartTime;
    while (!lock()) {
        if (isGuest()) {
            readPasswords();
            return;
        }
        if (std::chrono::steady_clock::now() > until)
            throw Unavailable("another process holds the data folder, but its database does not answer: " +
                              folder_);
        std::this_thread::sleep_for(kPoll);
    }
    if (opening == Opening::creating) {
        refuseOccupied();
        install();
    } else {
        refuseMissing();
    }
    readPasswords();
    completePasswords();
    start();
    waitUntilReady();
}

EmbeddedServer::~EmbeddedServer() {
    if (process_ > 0) {
        awaitGuests();
        ::kill(process_, SIGTERM);
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        logEvent(LogLevel::debug, "platform.database_stopped");
    }
    if (guestFile_ >= 0) ::close(guestFile_);
    if (lockFile_ >= 0) ::close(lockFile_);
}

void EmbeddedServer::refuseMissing() const {
    const bool isInstalled = fs::exists(folder_ + "/installed");
    const bool hasFiles = fs::exists(folder_ + "/files");
    if (isInstalled && hasFiles) return;
    if (fs::exists(folder_ + "/installing"))
        throw values::Conflict("the installation in " + folder_ +
                               " was cut short; run plumbline create again, it begins anew");
    if (isInstalled)
        throw values::Conflict(
            "the database files of " + folder_ +
            " are gone: is a disk missing? Put them back. Nothing is installed in their place");
    if (hasFiles)
        throw values::Conflict(folder_ +
                               "/files holds database files without the mark of an installation that ended: "
                               "a copy that was put back? "
                               "Put the files \"installed\" and \"passwords\" of the folder that it comes "
                               "from beside it, then run "
                               "plumbline migrate. Nothing is installed over it");
    throw values::NotFound(
        "there is no database in " + folder_ +
        ". Is that the right folder, and is its disk there? plumbline create makes a new one");
}

void EmbeddedServer::refuseOccupied() const {
    if (fs::exists(folder_ + "/installing")) return;
    if (fs::exists(folder_ + "/installed") || fs::exists(folder_ + "/files"))
        throw values::Conflict("there is a database in " + folder_ +
                               " already; plumbline migrate brings it up to date");
}

bool EmbeddedServer::lock() {
    if (lockFile_ < 0) lockFile_ = ::open((folder_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lockFile_ < 0) throw Unavailable("cannot write to the data folder: " + folder_);
    if (::flock(lockFile_, LOCK_EX | LOCK_NB) == 0) return true;
    return false;
}

/// Whether a running server takes us in. The owner that is just ending holds the guests' lock alone: then
/// nobody is taken in any more.
bool EmbeddedServer::isGuest() {
    if (::flock(guestFile_, LOCK_SH | LOCK_NB) == 0 && answers()) return true;
    ::flock(guestFile_, LOCK_UN);
    return false;
}

void EmbeddedServer::awaitGuests() const {
    const auto until = std::chrono::steady_clock::now() + kGuestTime;
    while (::flock(guestFile_, LOCK_EX | LOCK_NB) != 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(kPoll);
}

/// A server that starts clears its folder for temporary tables: in one that is shared, also those of others.
std::string EmbeddedServer::temporaryFolder() const {
    auto folder = folder_ + "/temporary";
    makePrivateFolder(folder);
    return folder;
}

void EmbeddedServer::install() const {
    // An installation that is cut short leaves this mark: what is there is nobody's, and the next begins
    // anew.
    writePrivately(folder_ + "/installing", "1\n");
    fs::remove_all(folder_ + "/files");
    const auto code = runToEnd({"env", "TMPDIR=" + temporaryFolder(), "mariadb-install-db", "--no-defaults",
                                "--datadir=" + folder_ + "/files", "--auth-root-authentication-method=socket",
                                "--auth-root-socket-user=" + userName(), "--skip-test-db",
                                "--skip-name-resolve", "--cross-bootstrap", "--user=" + userName()},
                               folder_ + "/install.log");
    if (code != 0)
        throw Unavailable("mariadb-install-db failed (exit code " + std::to_string(code) + "); see " +
                          folder_ + "/install.log. Is the package mariadb-server-core installed?");
    writePrivately(folder_ + "/installed", "1\n");
    fs::remove(folder_ + "/installing");
}

void EmbeddedServer::readPasswords() {
    std::ifstream file(folder_ + "/passwords");
    std::string account;
    std::string password;
    while (file >> account >> password) passwords_[account] = password;
}

/// A program that knows a new account gives it a password in a data folder made before.
void EmbeddedServer::completePasswords() {
    std::string passwords;
    for (const auto account : allAccounts()) {
        auto& password = passwords_[accountName(account)];
        if (password.empty()) password = randomHex(24);
    }
    for (const auto& [account, password] : passwords_) passwords += account + " " + password + "\n";
    writePrivately(folder_ + "/passwords", passwords);
}

void EmbeddedServer::keepRunning() {
    int status = 0;
    if (process_ <= 0 || ::waitpid(process_, &status, WNOHANG) != process_) return;
    logEvent(LogLevel::error, "platform.database_died", {{"status", std::to_string(status)}});
    start();
}

void EmbeddedServer::start() {
    writePrivately(folder_ + "/my.cnf", configuration(bufferMegabytes_, durability_));
    std::error_code ignored;
    fs::remove(socket_, ignored);
    std::vector<std::string> words{"mariadbd",
                                   "--defaults-file=" + folder_ + "/my.cnf",
                                   "--datadir=" + folder_ + "/files",
                                   "--tmpdir=" + temporaryFolder(),
                                   "--socket=" + socket_,
                                   "--pid-file=" + folder_ + "/mariadb.pid",
                                   "--log-error=" + folder_ + "/error.log",
                                   "--user=" + userName()};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) throw Unavailable("cannot start a process for the database");
    if (process_ == 0) {
        // Its own group: a terminal's Ctrl-C reaches us, and we stop it in order. If we are killed, it stops
        // too. The lock on the folder is kept until it has: its descriptor goes along.
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(1);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        ::fcntl(lockFile_, F_SETFD, 0);
        const int sink = ::open("/dev/null", O_WRONLY);
        ::dup2(sink, STDOUT_FILENO);
        ::dup2(sink, STDERR_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
}

bool EmbeddedServer::answers() const {
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0) return false;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, socket_.c_str(), sizeof(name.sun_path) - 1);
    const bool connected = ::connect(file, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
    std::array<char, 1> greeting{};
    const bool greeted = connected && ::read(file, greeting.data(), 1) == 1;
    ::close(file);
    return greeted;
}

void EmbeddedServer::waitUntilReady() {
    const auto until = std::chrono::steady_clock::now() + kStartTime;
    while (!answers()) {
        int status = 0;
        if (::waitpid(process_, &status, WNOHANG) == process_) {
            process_ = 0;
            throw Unavailable("the embedded database stopped while it was starting; see " + folder_ +
                              "/error.log");
        }
        if (std::chrono::steady_clock::now() > until) {
            throw Unavailable("the embedded database did not become ready; see " + folder_ + "/error.log");
        }
        std::this_thread::sleep_for(kPoll);
    }
}

DatabaseAddress EmbeddedServer::address(Account account, const std::string& name) const {
    const auto known = accountName(account);
    const auto password = passwords_.find(known);
    return {"", 0, socket_, name, "plumbline_" + known, password == passwords_.end() ? "" : password->second};
}

DatabaseAddress EmbeddedServer::superuser() const { return {"", 0, socket_, "", userName(), ""}; }

}  // namespace platform
