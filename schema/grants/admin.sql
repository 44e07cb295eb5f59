-- An operator's commands: people and the catalogue.
GRANT SELECT ON {database}.region TO {account};
GRANT SELECT ON {database}.authority TO {account};
GRANT SELECT ON {database}.authority_code TO {account};
GRANT SELECT, INSERT ON {database}.person TO {account};
GRANT SELECT, INSERT ON {database}.catalogue TO {account};
GRANT SELECT (id, intervention) ON {database}.service TO {account};
GRANT SELECT (checklist, checklist_version) ON {database}.review TO {account};
GRANT SELECT (instrument) ON {database}.outcome_score TO {account};
GRANT INSERT, UPDATE, SELECT (generation) ON {database}.touched TO {account};
GRANT INSERT ON {database}.audit_entry TO {account};
GRANT SELECT, INSERT, UPDATE (answer) ON {database}.submission TO {account};
