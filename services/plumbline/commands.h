#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "identity/audit.h"
#include "plumbline/house.h"

namespace plumbline {

/// What the command line asked for, beyond the settings.
struct CommandLine {
    bool isJson = false;
    std::vector<std::string> names;  ///< files, doors
    std::string folder;
    std::string authority;
    std::string quarter;
    std::string email;
    std::string person;
    std::string role = "service_manager";
    bool isDryRun = false;
    bool isConfirmed = false;
    bool isAll = false;
    bool isVerify = false;
    bool isFromRecords = false;
    bool isReplacing = false;
    bool hasGroups = false;
    int workers = 0;       ///< 0 for one on each core
    std::string supposed;  ///< GUIDE@VERSION
    std::string scale = "small";
    std::uint32_t seed = 1;
    double share = 1;  ///< of the national set
    bool wantsCodes = false;
    bool isForgetting = false;
    bool isLost = false;
    std::string service;
    std::string measure;
    std::string recommendation;
    int page = 1;
    bool isCertificate = false;
    std::string fromVersion;
    std::string toVersion;
    std::string fromQuarter;
    std::string toQuarter;
    std::string knownOn;
    std::string edition;
    std::string title;
    std::string source;
};

/// Each does one subcommand and gives the exit code where that is not 0 or an error. What a machine reads
/// goes to standard output, everything else to standard error.
int createCommand(House& house, const CommandLine& line);
int migrateCommand(House& house, const CommandLine& line);
int catalogueCheckCommand(House& house, const CommandLine& line);
int catalogueLoadCommand(House& house, const CommandLine& line);
int importCommand(House& house, const CommandLine& line);
int resultsCommand(House& house, const CommandLine& line);
int explainCommand(House& house, const CommandLine& line);
int catalogueCompareCommand(House& house, const CommandLine& line);
int reportCommand(House& house, const CommandLine& line);
int contextLoadCommand(House& house, const CommandLine& line);
int neighboursLoadCommand(House& house, const CommandLine& line);
int openDataCheckCommand(House& house, const CommandLine& line);
int recomputeCommand(House& house, const CommandLine& line);
int userAddCommand(House& house, const CommandLine& line);
int userInviteCommand(House& house, const CommandLine& line);
int subjectExportCommand(House& house, const CommandLine& line);
int subjectEraseCommand(House& house, const CommandLine& line);
int subjectReplayCommand(House& house, const CommandLine& line);
int subjectReadmitCommand(House& house, const CommandLine& line);
int pseudonymRotateCommand(House& house, const CommandLine& line);
int retentionCommand(House& house, const CommandLine& line);
int keyReplaceCommand(House& house, const CommandLine& line);
int clockAcceptCommand(House& house, const CommandLine& line);
int auditVerifyCommand(House& house, const CommandLine& line);
int demoCommand(House& house, const CommandLine& line);
int doctorCommand(House& house, const CommandLine& line);
/// `wait` returns when the process is asked to end.
int serveCommand(House& house, const CommandLine& line, const std::function<void()>& wait);
int workCommand(House& house, const CommandLine& line, const std::function<void()>& wait);

/// Follows every chain of the audit, compares it with its noted ends, and notes them anew where all is well.
identity::AuditVerdict verifiedAudit(House& house);

/// What `who` does from the command line, for the audit.
platform::Actor operatorActor(const std::string& command,
                              const std::optional<identity::AuthorityId>& authority = std::nullopt);

/// The person's choice of authority, by code; throws Invalid where there is none.
delivery::Authority authorityNamed(House& house, platform::Account account, const std::string& code);

}  // namespace plumbline
