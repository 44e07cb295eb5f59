#include "delivery/authorities.h"

#include "platform/csv.h"
#include "platform/text_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace delivery {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;
using platform::Value;

/// Whoever names an authority by its code: operators, and administrators who belong to none. An authority's
/// own people never do; theirs is known from their session.
constexpr auto kNamers =
    Account::admin | Account::work | Account::national | Account::retention | Account::inspection;
constexpr auto kAuthorityReaders = kNamers | Account::authority;

const Statement kSelectByCode("select authority by code", kNamers, R"(
    SELECT authority.id, current.code, authority.name, region.name
    FROM authority_code AS asked
    JOIN authority ON authority.id = asked.authority_id
    JOIN authority_code AS current ON current.authority_id = authority.id
    JOIN region ON region.code = authority.region_code
    WHERE asked.code = ?
    ORDER BY current.valid_to IS NULL DESC, current.valid_to DESC LIMIT 1)");
const Statement kSelectById("select authority by id", kAuthorityReaders, R"(
    SELECT authority.id, current.code, authority.name, region.name
    FROM authority
    JOIN authority_code AS current ON current.authority_id = authority.id
    JOIN region ON region.code = authority.region_code
    WHERE authority.id = ?
    ORDER BY current.valid_to IS NULL DESC, current.valid_to DESC LIMIT 1)");

const Statement kSelectNames("select names of authorities", platform::kDoors, R"(
    SELECT authority_code.code, authority.name FROM authority JOIN authority_code ON authority_code.authority_id = authority.id
    WHERE (authority.valid_to IS NULL OR authority.valid_to >= ?)
      AND (authority_code.valid_from IS NULL OR authority_code.valid_from <= ?)
      AND (authority_code.valid_to IS NULL OR authority_code.valid_to >= ?)
    ORDER BY authority.name)");
const Statement kSelectCurrent("select current authorities", Account::work, R"(
    SELECT authority.id, code.code, authority.name, region.name
    FROM authority
    JOIN authority_code AS code ON code.authority_id = authority.id
    JOIN region ON region.code = authority.region_code
    WHERE (authority.valid_from IS NULL OR authority.valid_from <= ?)
        AND (authority.valid_to IS NULL OR authority.valid_to >= ?)
        AND (code.valid_from IS NULL OR code.valid_from <= ?) AND (code.valid_to IS NULL OR code.valid_to >= ?)
    ORDER BY authority.id)");

const Statement kPutRegion("put region", Account::migrate, R"(
    INSERT INTO region (code, name) VALUES (?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name))");
const Statement kPutAuthority("put authority", Account::migrate, R"(
    INSERT INTO authority (id, name, region_code, type, children, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE name = VALUES(name), region_code = VALUES(region_code), type = VALUES(type),
        children = VALUES(children), valid_from = VALUES(valid_from), valid_to = VALUES(valid_to))");
const Statement kPutCode("put authority code", Account::migrate, R"(
    INSERT INTO authority_code (code, authority_id, valid_from, valid_to, note) VALUES (?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE authority_id = VALUES(authority_id), valid_from = VALUES(valid_from),
        valid_to = VALUES(valid_to), note = VALUES(note))");
const Statement kPutSuccession("put authority succession", Account::migrate, R"(
    INSERT INTO authority_succession (predecessor_id, successor_id, succeeded_on, note) VALUES (?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE succeeded_on = VALUES(succeeded_on), note = VALUES(note))");
const Statement kPutAim("put framework aim", Account::migrate, R"(
    INSERT INTO framework_aim (id, kind, name) VALUES (?, ?, ?)
    ON DUPLICATE KEY UPDATE kind = VALUES(kind), name = VALUES(name))");
const Statement kPutEdition("put framework edition", Account::migrate, R"(
    INSERT INTO framework_edition (id, name, in_use_from, source, is_confirmed) VALUES (?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE name = VALUES(name), in_use_from = VALUES(in_use_from), source = VALUES(source),
        is_confirmed = VALUES(is_confirmed))");
const Statement kPutNumber("put framework number", Account::migrate, R"(
    INSERT INTO framework_number (edition_id, aim_id, number) VALUES (?, ?, ?)
    ON DUPLICATE KEY UPDATE number = VALUES(number))");
const Statement kBeginChains("begin an audit chain for each authority", Account::migrate, R"(
    INSERT IGNORE INTO audit_chain (chain, last_position, last_seal, seal_before)
    SELECT id, 0, REPEAT('\0', 32), REPEAT('\0', 32) FROM authority UNION SELECT 0, 0, REPEAT('\0', 32), REPEAT('\0', 32))");
const Statement kCountCurrent("count current authorities", Account::migrate, R"(
    SELECT COUNT(*) FROM authority WHERE (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?))");

Authority authorityOf(const platform::Rows& rows) {
    return {identity::AuthorityId::of(rows, 0), rows.text(1), rows.text(2), rows.text(3)};
}

/// A reference table of ours: complete, and checked by a test. Empty cells become NULL.
template <class Take>
void eachRow(const std::string& path, std::size_t columns, Take take) {
    platform::CsvReader file(path, platform::Encoding::utf8, ',');
    file.next();  // the header
    while (file.next()) {
        if (file.size() != columns)
            throw std::runtime_error(path + ", row " + std::to_string(file.record()) +
                                     ": wrong number of columns");
        take([&](std::size_t i) -> Value {
            return file.cell(i).empty() ? Value(nullptr) : Value(file.cell(i));
        });
    }
}

}  // namespace

std::optional<Authority> Authorities::byCode(Transaction& tx, const std::string& code) {
    auto rows = tx.query(kSelectByCode, code);
    if (!rows.next()) return std::nullopt;
    return authorityOf(rows);
}

std::vector<std::pair<std::string, std::string>> Authorities::names(Transaction& tx, values::Date today) {
    std::vector<std::pair<std::string, std::string>> names;
    for (auto rows = tx.query(kSelectNames, today, today, today); rows.next();)
        names.emplace_back(rows.text(0), rows.text(1));
    return names;
}

std::vector<Authority> Authorities::current(Transaction& tx, values::Date today) {
    std::vector<Authority> found;
    for (auto rows = tx.query(kSelectCurrent, today, today, today, today); rows.next();)
        found.push_back(authorityOf(rows));
    return found;
}

Authority Authorities::byId(Transaction& tx, identity::AuthorityId id) {
    auto rows = tx.query(kSelectById, id);
    if (!rows.next()) throw values::NotFound("no such authority");
    return authorityOf(rows);
}

int loadReference(Transaction& tx, const std::string& folder, values::Date today) {
    eachRow(folder + "/regions.csv", 2, [&](auto cell) { tx.run(kPutRegion, cell(0), cell(1)); });
    eachRow(folder + "/authorities.csv", 7, [&](auto cell) {
        tx.run(kPutAuthority, cell(0), cell(1), cell(2), cell(3), cell(4), cell(5), cell(6));
    });
    eachRow(folder + "/authority-codes.csv", 5, [&](auto cell) {
        tx.run(kPutCode, cell(0), cell(1), cell(2), cell(3),
               std::holds_alternative<std::monostate>(cell(4).content()) ? Value("") : cell(4));
    });
    eachRow(folder + "/authority-succession.csv", 4,
            [&](auto cell) { tx.run(kPutSuccession, cell(0), cell(1), cell(2), cell(3)); });

    const auto framework = values::parseJson(platform::fileText(folder + "/framework.json"));
    for (const auto& aim : framework.at("aims"))
        tx.run(kPutAim, aim.at("id").get<std::string>(), aim.at("kind").get<std::string>(),
               aim.at("name").get<std::string>());
    for (const auto& edition : framework.at("editions")) {
        const auto id = edition.at("id").get<std::string>();
        tx.run(kPutEdition, id, edition.at("name").get<std::string>(),
               edition.at("in_use_from").get<std::string>(), edition.at("source").get<std::string>(),
               edition.at("confirmed").get<bool>() ? 1 : 0);
        for (const auto& [aim, number] : edition.at("numbers").items())
            tx.run(kPutNumber, id, aim, number.get<int>());
    }
    tx.run(kBeginChains);
    auto rows = tx.query(kCountCurrent, today, today);
    rows.next();
    return static_cast<int>(rows.number(0));
}

}  // namespace delivery
