#pragma once

#include "delivery/catalogues.h"
#include "entrance/entrance.h"
#include "releases/releases.h"

/// The door of England's analysts.
namespace national {

/// What the door stands on; made in `plumbline` and outliving it.
struct Rooms {
    entrance::Rooms entrance;  ///< its database under the account `national`
    delivery::Catalogues& catalogues;
    std::vector<releases::RulePack> rulePacks;  ///< that a release may be made by, the default one first
};

class Door {
public:
    explicit Door(Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    /// How many authorities deliver each recommendation as intended.
    platform::Response england(entrance::Visit& visit);
    /// One recommendation: where it is delivered, and by which of its standards it falls short.
    platform::Response recommendation(entrance::Visit& visit);
    /// One of its standards by region, type or authority.
    platform::Response measure(entrance::Visit& visit);
    /// What returns cost those who fill them in: how it is spread over authorities, never whose it is.
    platform::Response burden(entrance::Visit& visit);
    /// Official figures that were loaded.
    platform::Response context(entrance::Visit& visit);
    platform::Response loadContext(entrance::Visit& visit);

    /// Authorities that analysts look at together.
    platform::Response groups(entrance::Visit& visit);
    platform::Response makeGroup(entrance::Visit& visit);
    platform::Response removeGroup(entrance::Visit& visit);

    // releases, for who makes and approves them

    platform::Response releases(entrance::Visit& visit);
    platform::Response newRelease(entrance::Visit& visit);
    platform::Response askRelease(entrance::Visit& visit);
    /// Coverage, quality, disclosure, preview: everything that who approves it looks at.
    platform::Response release(entrance::Visit& visit);
    platform::Response releaseTable(entrance::Visit& visit);
    platform::Response releaseFile(entrance::Visit& visit);
    platform::Response approveRelease(entrance::Visit& visit);
    platform::Response refuseRelease(entrance::Visit& visit);
    platform::Response publishRelease(entrance::Visit& visit);
    platform::Response withdrawRelease(entrance::Visit& visit);

    // what is published, for anyone

    platform::Response publications(entrance::Visit& visit);
    platform::Response publication(entrance::Visit& visit);
    platform::Response publishedTable(entrance::Visit& visit);
    platform::Response publishedFile(entrance::Visit& visit);
    /// What each measure means, from the catalogue.
    platform::Response methodology(entrance::Visit& visit);
    platform::Response apiReleases(entrance::Visit& visit);
    platform::Response apiRelease(entrance::Visit& visit);
    platform::Response apiTable(entrance::Visit& visit);

    /// The same table, turned.
    platform::Response apiPivot(entrance::Visit& visit);

    // the workbench, for analysts

    platform::Response workbench(entrance::Visit& visit);
    platform::Response workbenchFile(entrance::Visit& visit);
    platform::Response workbenchWorkbook(entrance::Visit& visit);
    platform::Response saveView(entrance::Visit& visit);
    platform::Response removeView(entrance::Visit& visit);

    // evidence beside practice, and the register of its gaps

    platform::Response evidence(entrance::Visit& visit);
    platform::Response addGap(entrance::Visit& visit);
    platform::Response gap(entrance::Visit& visit);
    platform::Response noteGap(entrance::Visit& visit);
    /// Where a study of a recommendation could be done, and what it could find.
    platform::Response sites(entrance::Visit& visit);

    // guidance, for its authors

    platform::Response guidance(entrance::Visit& visit);
    platform::Response beginDraft(entrance::Visit& visit);
    /// What is wrong with it, what it changes, its effect on levels; and its form.
    platform::Response draft(entrance::Visit& visit);
    platform::Response saveDraft(entrance::Visit& visit);
    platform::Response importDraft(entrance::Visit& visit);
    platform::Response exportDraft(entrance::Visit& visit);
    platform::Response publishDraft(entrance::Visit& visit);
    platform::Response discardDraft(entrance::Visit& visit);

private:
    using Unit = std::function<std::string(platform::Transaction&)>;
    /// A form's work, done once; gives the page that follows.
    platform::Response once(entrance::Visit& visit, const Unit& unit);
    platform::Response decide(entrance::Visit& visit,
                              const std::function<void(platform::Transaction&, const releases::Release&,
                                                       const std::string&)>& decision);

    platform::Database& database_;
    const values::Clock& clock_;
    values::Ids& ids_;
    delivery::Catalogues& catalogues_;
    std::vector<releases::RulePack> rulePacks_;
    entrance::Entrance entrance_;
};

}  // namespace national
