#pragma once

#include <map>
#include <string>

#include "support/doors.h"
#include "support/page.h"

namespace support {

class Scene;

/// Someone who has signed in at their role's door, and what they ask there. Their forms carry what a
/// browser's would.
class Visitor {
public:
    Page get(const std::string& path, const values::Fields& query = {}) const;
    Page post(const std::string& path, values::Fields form = {}, const values::Fields& query = {}) const;
    /// As a person does it: opens the form, then sends it with the state that it showed.
    Page edit(const std::string& path, values::Fields form) const;
    /// As the door answers, for what is no page: a file, headers.
    platform::Response ask(const std::string& method, const std::string& path, values::Fields form = {},
                           const values::Fields& query = {}) const;

    const identity::Person& person() const { return person_; }
    const std::string& token() const { return token_; }

private:
    friend class Scene;
    Visitor(Scene& scene, identity::Door door, identity::Person person, std::string token)
        : scene_(&scene), door_(door), person_(std::move(person)), token_(std::move(token)) {}
    Scene* scene_;
    identity::Door door_;
    identity::Person person_;
    std::string token_;
};

/// What tests of doors begin with: a house with the small catalogue, its doors, and people who ask.
/// Authorities by their three digits.
class Scene {
public:
    explicit Scene(Begins begins = Begins::catalogue);

    TestHouse house;
    Doors doors;

    /// Imports the small intake for each of these authorities and computes its figures.
    void deliver(const std::vector<int>& authorities = {805}, const std::string& folder = "intake");
    /// The same where an authority delivered nothing yet, and each one's return of the quarter is signed off.
    void signedQuarter(const std::vector<int>& authorities, values::Quarter quarter);
    /// The 40 days that pass after a quarter's end, so that its return is due: 12 July 2025.
    void letTheQuarterEnd();

    /// Someone with this role, made and signed in when first asked for; `name` tells two of one role apart.
    Visitor as(identity::Role role, int authority = 0, const std::string& name = "");
    Visitor manager(int authority = 805) { return as(identity::Role::serviceManager, authority); }
    Visitor practitioner(int authority = 805) { return as(identity::Role::practitioner, authority); }
    Visitor director(int authority = 805) { return as(identity::Role::director, authority); }
    Visitor inspector(const std::string& name = "") { return as(identity::Role::inspector, 0, name); }
    Visitor inspectorateAdministrator() { return as(identity::Role::inspectorateAdministrator); }
    Visitor analyst() { return as(identity::Role::nationalAnalyst); }
    Visitor approver() { return as(identity::Role::releaseApprover); }
    Visitor editor() { return as(identity::Role::guidanceEditor); }

    /// One value of the database as its superuser sees it; `@service` is a table of this house. Empty for
    /// nothing.
    std::string value(const std::string& sql);
    /// Changes the database behind everybody's back: for what no command does, such as what an attacker or an
    /// earlier version left there.
    void sql(const std::string& statement);
    std::string serviceId(const std::string& reference, int authority = 805);
    /// `action|subject|detail` of the last thing that was done in an authority's audit, looks left out.
    std::string lastAudit(int authority = 805);

private:
    std::string named(const std::string& sql) const;
    std::map<std::string, Visitor> visitors_;
};

}  // namespace support
