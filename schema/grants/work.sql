-- Imports and figures: writes records and cells, knows nothing of people and their sign-ins.
GRANT SELECT ON {database}.region TO {account};
GRANT SELECT ON {database}.authority TO {account};
GRANT SELECT ON {database}.authority_code TO {account};
GRANT SELECT ON {database}.catalogue TO {account};
GRANT SELECT, INSERT ON {database}.provider TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.service TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.practitioner TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.supervision TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.episode TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.session TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.review TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.outcome_score TO {account};
GRANT SELECT ON {database}.declaration TO {account};
GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.touched TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.service_result TO {account};
GRANT SELECT, UPDATE (state, changed_at, report) ON {database}.upload TO {account};
GRANT INSERT ON {database}.audit_entry TO {account};
GRANT SELECT, INSERT, UPDATE (answer) ON {database}.submission TO {account};
