-- An operator's commands: people and the catalogue.
GRANT SELECT ON {database}.migration TO {account};
GRANT SELECT ON {database}.region TO {account};
GRANT SELECT ON {database}.authority TO {account};
GRANT SELECT ON {database}.authority_code TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.person TO {account};
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON {database}.invitation TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.recovery_code TO {account};
GRANT SELECT, INSERT ON {database}.catalogue TO {account};
GRANT SELECT (id, intervention) ON {database}.service TO {account};
GRANT SELECT (checklist, checklist_version) ON {database}.review TO {account};
GRANT SELECT (instrument) ON {database}.outcome_score TO {account};
GRANT INSERT, UPDATE, SELECT (generation) ON {database}.touched TO {account};
GRANT SELECT, INSERT ON {database}.audit_entry TO {account};
GRANT SELECT, UPDATE (last_position, last_seal) ON {database}.audit_chain TO {account};
GRANT SELECT, INSERT, UPDATE (answer) ON {database}.submission TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.statistical_neighbour TO {account};
GRANT INSERT ON {database}.official_dataset TO {account};
GRANT INSERT ON {database}.official_figure TO {account};
