#include "plumbline/program.h"

#include <Poco/Exception.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <iostream>

#include "platform/digest.h"
#include "plumbline/commands.h"
#include "values/errors.h"

namespace plumbline {
namespace {

constexpr int kUsage = 2;
constexpr std::size_t kProblemsShown = 100;

constexpr auto kLookEvery = std::chrono::milliseconds(100);

/// The signals that end a service. Blocked before any thread starts, so that each thread leaves them to
/// wait().
sigset_t endingSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT}) sigaddset(&signals, signal);
    return signals;
}

/// Returns when the process is asked to end; until then looks after the embedded database.
void wait(House& house) {
    const auto signals = endingSignals();
    const timespec pause{0, std::chrono::nanoseconds(kLookEvery).count()};
    while (sigtimedwait(&signals, nullptr, &pause) < 0) house.keepDatabase();
}

/// Does a command; every kind of error becomes its exit code.
int guarded(const std::function<int()>& command) {
    const auto say = [](const std::string& what, int code) {
        std::cerr << "plumbline: " << what << "\n";
        return code;
    };
    try {
        return command();
    } catch (const values::Invalid& error) {
        const auto shown = std::min(error.problems().size(), kProblemsShown);
        for (std::size_t i = 0; i < shown; ++i) std::cerr << error.problems()[i].text() << "\n";
        if (error.found() > shown)
            std::cerr << "… and " << error.found() - shown << " more; --json gives them all\n";
        return say(std::to_string(error.found()) + (error.found() == 1 ? " problem" : " problems") +
                       "; nothing was stored",
                   1);
    } catch (const values::Forbidden& error) {
        return say(error.what(), 3);
    } catch (const values::NotFound& error) {
        return say(error.what(), 4);
    } catch (const values::Conflict& error) {
        return say(error.what(), 5);
    } catch (const values::Unavailable& error) {
        return say(error.what(), 6);
    } catch (const Poco::Exception& error) {
        return say(error.displayText(), 70);
    } catch (const std::exception& error) {
        return say(error.what(), 70);
    }
}

/// What the parsed line chose to do.
struct Choice {
    std::function<int(House&, const CommandLine&)> command;
};

void describe(CLI::App& app, CommandLine& line, Choice& choice) {
    const auto add = [&](CLI::App& parent, const std::string& name, const std::string& help, auto command) {
        auto* sub = parent.add_subcommand(name, help);
        sub->fallthrough();
        sub->callback([&choice, command] { choice.command = command; });
        return sub;
    };
    const auto json = [&](CLI::App* sub) {
        sub->add_flag("--json", line.isJson, "Print JSON to standard output");
        return sub;
    };

    const auto service = [](auto command) {
        return [command](House& house, const CommandLine& asked) {
            const auto signals = endingSignals();
            sigprocmask(SIG_BLOCK, &signals, nullptr);
            return command(house, asked, [&house] { wait(house); });
        };
    };
    auto* serve =
        add(app, "serve", "Serve the doors named, or every door and the worker", service(serveCommand));
    serve->add_option("door", line.names, "Doors to serve")
        ->check(CLI::IsMember({"authority", "inspection", "national"}));
    add(app, "work", "Check and store uploads, and compute figures", service(workCommand));
    json(add(app, "create", "Make a new database, where there is none", createCommand));
    json(add(app, "migrate", "Bring schema, accounts, grants and reference data up to date", migrateCommand));

    auto* catalogue = app.add_subcommand("catalogue", "Check or load the guidance catalogue");
    catalogue->require_subcommand(1);
    catalogue->fallthrough();
    json(add(*catalogue, "check", "Name every problem of catalogue files", catalogueCheckCommand))
        ->add_option("file", line.names, "Catalogue files; they lie over what is in force")
        ->required();
    auto* load =
        json(add(*catalogue, "load", "Put catalogue files in force, all or none", catalogueLoadCommand));
    load->add_option("file", line.names, "Catalogue files; they lie over what is in force")->required();
    load->add_flag("--replace", line.isReplacing, "These files alone, in place of what is in force");

    auto* compare =
        json(add(*catalogue, "compare", "What changes between two versions of a guide, and what it means",
                 catalogueCompareCommand));
    compare->add_option("guide", line.names, "Id of the guide")->required()->expected(1);
    compare->add_option("--from", line.fromVersion, "The earlier version")->required();
    compare->add_option("--to", line.toVersion, "The later version")->required();
    compare->add_option("--authority", line.authority, "Whose services it is about")->required();
    compare->add_option("--quarter", line.quarter, "Quarter; the last one that ended by default");

    auto* import = json(add(app, "import", "Bring in an authority's files, all or none", importCommand));
    import->add_option("folder", line.folder, "Folder of CSV files")->required();
    import->add_option("--authority", line.authority, "Code of the authority, like E06000001")->required();
    import->add_flag("--dry-run", line.isDryRun, "Check only; store nothing");

    auto* results = json(add(app, "results", "Print an authority's figures of a quarter", resultsCommand));
    results->add_option("--authority", line.authority, "Code of the authority, like E06000001")->required();
    results->add_option("--quarter", line.quarter, "Quarter, like \"2025-26 Q3\"")->required();
    results->add_option("--under", line.supposed, "Judge by another version of a guide: GUIDE@VERSION");
    results->add_flag("--breakdowns", line.hasGroups, "With --json, also each measure's breakdowns");

    auto* explain = json(
        add(app, "explain", "Unfold a figure to its records, or a level to its figures", explainCommand));
    explain->add_option("--authority", line.authority, "Code of the authority, like E06000001")->required();
    explain->add_option("--quarter", line.quarter, "Quarter, like \"2025-26 Q3\"")->required();
    explain->add_option("--service", line.service, "Reference of the service");
    explain->add_option("--measure", line.measure, "Name of the measure, like dose");
    explain->add_option("--recommendation", line.recommendation, "In place of these: id of a recommendation");
    explain->add_option("--page", line.page, "Page of the records")->check(CLI::Range(1, 1000000));
    explain->add_flag("--certificate", line.isCertificate,
                      "Print what a third party needs to check the figure");

    auto* report = json(
        add(app, "report", "How an authority's delivery stands against what is expected", reportCommand));
    report->add_option("--authority", line.authority, "Code of the authority, like E06000001")->required();
    report->add_option("--from", line.fromQuarter, "First quarter, like \"2025-26 Q1\"")->required();
    report->add_option("--to", line.toQuarter, "Last quarter")->required();
    report->add_option("--known-on", line.knownOn,
                       "As known at the end of this day, like 2026-09-30; now by default");

    auto* context = app.add_subcommand("context", "Look after official figures that stand beside delivery");
    context->require_subcommand(1);
    context->fallthrough();
    auto* contextLoad =
        json(add(*context, "load", "Load a published open-data file as it is", contextLoadCommand));
    contextLoad
        ->add_option("file", line.names, "The data file, and the metadata file that was published with it")
        ->required()
        ->expected(1, 2);
    contextLoad->add_option("--title", line.title, "What to call it; the file's name by default");
    contextLoad->add_option("--source", line.source, "Who published it, and when");

    auto* neighbours = app.add_subcommand("neighbours", "Look after models of statistical neighbours");
    neighbours->require_subcommand(1);
    neighbours->fallthrough();
    auto* neighboursLoad =
        json(add(*neighbours, "load", "Put a published model of statistical neighbours in force",
                 neighboursLoadCommand));
    neighboursLoad->add_option("file", line.names, "The model as CSV")->required()->expected(1);
    neighboursLoad->add_option("--edition", line.edition, "What to call it, like 2025-05")
        ->required()
        ->check(CLI::Validator(
            [](const std::string& text) {
                return text.empty() || text.size() > 60 ? "at most 60 characters" : "";
            },
            "NAME"));

    auto* openData = app.add_subcommand("open-data", "Look after files of open data");
    openData->require_subcommand(1);
    openData->fallthrough();
    json(add(*openData, "check", "Check a pair of files before it is uploaded", openDataCheckCommand))
        ->add_option("files", line.names, "NAME.csv and NAME.meta.csv")
        ->required()
        ->expected(2);

    auto* recompute = json(add(app, "recompute", "Compute figures that are out of date", recomputeCommand));
    recompute->add_flag("--all", line.isAll, "Compute every service again");
    recompute->add_flag("--verify", line.isVerify, "First compare what is kept with a fresh computation");
    recompute->add_flag("--from-records", line.isFromRecords,
                        "With --all, read the records again, not their columns");
    recompute->add_option("--workers", line.workers, "How many compute at once; one on each core by default")
        ->check(CLI::Range(1, 64));

    auto* user = app.add_subcommand("user", "Manage accounts");
    user->require_subcommand(1);
    user->fallthrough();
    auto* userAdd =
        json(add(*user, "add", "Add an account; its password is read from standard input", userAddCommand));
    auto* userInvite =
        json(add(*user, "invite", "Invite someone; prints the link that lets them join", userInviteCommand));
    for (auto* one : {userAdd, userInvite}) {
        one->add_option("--email", line.email, "E-mail address to sign in with")->required();
        one->add_option("--authority", line.authority,
                        "Code of the authority, for roles of one, like E06000001");
        one->add_option("--name", line.person, "Name to show");
        one->add_option("--role", line.role,
                        "Role, like service_manager; see deploy/docs/operations/access.md");
    }

    auto* subject = app.add_subcommand(
        "subject", "Answer a request about one child; the reference is read from standard input");
    subject->require_subcommand(1);
    subject->fallthrough();
    auto* subjectExport =
        add(*subject, "export", "Print everything that is kept about a child", subjectExportCommand);
    auto* subjectErase = json(add(*subject, "erase", "Forget a child", subjectEraseCommand));
    json(add(*subject, "replay", "After a backup was put back: forget again whom it brought back",
             subjectReplayCommand));
    auto* subjectReadmit = json(
        add(*subject, "readmit", "Let records of a child who was erased come again", subjectReadmitCommand));
    auto* pseudonym = app.add_subcommand("pseudonym", "Look after pseudonym keys");
    pseudonym->require_subcommand(1);
    pseudonym->fallthrough();
    auto* rotate =
        json(add(*pseudonym, "rotate", "Give an authority a new pseudonym key", pseudonymRotateCommand));
    rotate->add_flag("--forget-older", line.isForgetting,
                     "Destroy the keys that were replaced, in place of a new one");
    rotate->add_flag(
        "--lost", line.isLost,
        "The key is lost for good: a new one in its place; children known so far are not recognised again");
    auto* key = app.add_subcommand("key", "Look after the keys of this installation");
    key->require_subcommand(1);
    key->fallthrough();
    json(add(*key, "replace", "Make a key anew that is lost for good", keyReplaceCommand))
        ->add_option("name", line.names, "audit or sign-in")
        ->required()
        ->expected(1)
        ->check(CLI::IsMember({"audit", "sign-in"}));
    for (auto* one : {subjectExport, subjectErase, subjectReadmit, rotate})
        one->add_option("--authority", line.authority, "Code of the authority, like E06000001")->required();
    auto* retention = json(add(app, "retention", "Remove what was kept long enough", retentionCommand));
    retention->add_flag("--dry-run", line.isDryRun, "Only count");
    retention->add_flag("--yes", line.isConfirmed, "Also where much would go at once");

    auto* audit = app.add_subcommand("audit", "Look after the audit");
    audit->require_subcommand(1);
    audit->fallthrough();
    json(add(*audit, "verify", "Find entries that were altered, removed or moved", auditVerifyCommand));

    auto* clock = app.add_subcommand("clock", "Look after the clock that everything is written by");
    clock->require_subcommand(1);
    clock->fallthrough();
    json(add(
        *clock, "accept",
        "Say that the clock was ahead and is right now: nothing is written before the last entry otherwise",
        clockAcceptCommand));

    auto* demo = json(add(app, "demo", "Load a demonstration set with its sign-ins", demoCommand));
    demo->add_option("--scale", line.scale,
                     "small: two authorities and a year; national: all of England, three years")
        ->check(CLI::IsMember({"small", "national"}));
    demo->add_option("--seed", line.seed, "The same seed gives the same national set")
        ->check(CLI::Range(1, 2147483646));
    demo->add_option("--share", line.share, "Of the services of the national set, like 0.25")
        ->check(CLI::Range(0.01, 1.0));
    demo->add_flag("--codes", line.wantsCodes, "Only print the one-time code that the sign-ins need now");
    json(add(app, "doctor", "Say whether everything is well", doctorCommand));
}

/// The file first, then the environment, then options.
platform::Settings settingsOf(const std::string& config, const std::string& dataDir,
                              const std::map<std::string, std::string>& ports) {
    platform::Settings settings;
    if (!config.empty()) settings.readFile(config);
    settings.readEnvironment();
    if (!dataDir.empty()) settings.set("data.dir", dataDir);
    // Who says where the first door stands leaves the others to find their own places.
    const bool isPlaced = !ports.at("authority").empty();
    for (const auto& [door, port] : ports)
        if (!port.empty() || isPlaced) settings.set(door + ".port", port.empty() ? "0" : port);
    return settings;
}

}  // namespace

int Program::main(const ArgVec& /*ignored*/) {
    CLI::App app{"Plumbline shows how true local delivery is to national practice guidance.", "plumbline"};
    app.set_version_flag("--version", std::string("plumbline ") + PLUMBLINE_VERSION);
    app.require_subcommand(1);
    std::string config;
    std::string dataDir;
    std::map<std::string, std::string> ports;
    app.add_option("--config", config, "Configuration file; see deploy/plumbline.properties");
    app.add_option("--data-dir", dataDir, "Folder of the data, by default var");
    app.add_option("--port", ports["authority"], "Port of the authority's door, by default 8080");
    app.add_option("--inspection-port", ports["inspection"], "Port of the inspectors' door, by default 8081");
    app.add_option("--national-port", ports["national"], "Port of the national door, by default 8082");
    CommandLine line;
    Choice choice;
    describe(app, line, choice);

    std::vector<std::string> words(words_.rbegin(), words_.rend());  // the parser takes them from the back
    if (!words.empty()) words.pop_back();
    try {
        app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    return guarded([&] {
        platform::prepareCryptography();
        House house(settingsOf(config, dataDir, ports));
        return choice.command(house, line);
    });
}

}  // namespace plumbline
